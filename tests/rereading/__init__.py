"""The second road: reads a printed page as a student would, from its Markdown alone.

Nothing here knows the program that printed the page. What is true is decided by what
stands on the page, with fractions where they are exact and mpmath where they are not.
"""
