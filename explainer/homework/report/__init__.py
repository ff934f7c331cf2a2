"""The report on a sheet: what is right, where the first mistake is, and what it is."""
