"""One quiz, written in the formats of course systems."""
