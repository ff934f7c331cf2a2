"""Files that are made of the text of another format: PDF and Word."""
