"""The chain rule, once: in index notation, and through the graph of one network."""
