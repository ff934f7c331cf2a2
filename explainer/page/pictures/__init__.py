"""Pictures: what stands where, worked out here in whole numbers; marks, colours and
words are the templates'."""
