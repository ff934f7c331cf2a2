"""From a derivation to a page: the document tree, how it is composed, and how it is
rendered."""
