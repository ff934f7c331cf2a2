"""Typeset mathematics: boxes that stand beside, above and below each other, and one
printer of them for each format."""
