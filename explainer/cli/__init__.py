"""The command line: files, exit codes, progress. Nothing here knows mathematics."""
