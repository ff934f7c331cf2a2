"""Homework: answer keys, a student's sheet judged and its mistakes explained."""
