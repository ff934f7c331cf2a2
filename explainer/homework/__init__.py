"""Homework: what a student is asked, what a student wrote, and what is right in it."""
