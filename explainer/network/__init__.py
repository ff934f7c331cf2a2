"""From a network file to a graph of named quantities."""
