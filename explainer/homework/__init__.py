"""Homework: worksheets and their keys, variants, and the marking of what students
write."""
