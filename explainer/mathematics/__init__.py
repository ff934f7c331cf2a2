"""Written mathematics: the tree, its readers and printers, and the one door to
SymPy."""
