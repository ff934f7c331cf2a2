"""A derivation with one mistake in it, for the reader to find."""
