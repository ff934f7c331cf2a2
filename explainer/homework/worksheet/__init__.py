"""A worksheet is its key with holes."""
