"""Sheets: the form that a student fills in, and reading whatever comes back."""

from __future__ import annotations

from explainer.homework.sheets.names import SheetNames
from explainer.homework.sheets.naming import names_of
from explainer.homework.sheets.reading import decode, read_sheet
from explainer.homework.sheets.sheet import ArithmeticLine, Sheet, SheetProblem

__all__ = [
    "ArithmeticLine",
    "Sheet",
    "SheetNames",
    "SheetProblem",
    "decode",
    "names_of",
    "read_sheet",
]
