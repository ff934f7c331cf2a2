"""Cells of a table that is opened in a spreadsheet."""

from __future__ import annotations


def guard(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> guard("=1+1"), guard("Ada")
    ("'=1+1", 'Ada')
    """
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
