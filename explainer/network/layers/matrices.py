"""The shape of a matrix of weights: a row for a unit, a column for a unit before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explainer.network.problems import Findings, Location, counted

Matrix = Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Side:
    """How long a side of the matrix must be, `None` for any length, and why."""

    length: int | None
    why: str


def check_shape(
    matrix: Matrix,
    rows: Side,
    columns: Side,
    other_layout: str,
    where: Location,
    findings: Findings,
) -> bool:
    """Whether the shape is right. Reports each side that is wrong, row by row."""
    if not matrix or _has_shape(matrix, rows, columns):
        return True
    if _has_shape(matrix, columns, rows):
        why = rows.why if len(matrix) != rows.length else columns.why
        findings.add(
            where,
            f"the matrix has {counted(len(matrix), 'row')}, but {why}."
            f' Did you mean matrix_layout = "{other_layout}"?',
        )
        return False
    if rows.length not in (None, len(matrix)):
        size = counted(len(matrix), "row")
        findings.add(where, f"the matrix has {size}, but {rows.why}")
    if columns.length is None:
        first = len(matrix[0])
        columns = Side(first, f"the first row has {counted(first, 'weight')}")
    for place, row in enumerate(matrix):
        if len(row) != columns.length:
            size = counted(len(row), "weight")
            findings.add((*where, place), f"the row has {size}, but {columns.why}")
    return False


def _has_shape(matrix: Matrix, rows: Side, columns: Side) -> bool:
    """Whether the matrix is as long as wanted and all rows are, too.

    >>> _has_shape([[1, 2], [3]], Side(2, ""), Side(None, ""))
    False
    """
    lengths = {len(row) for row in matrix}
    wanted = {columns.length} if columns.length is not None else lengths
    return (
        rows.length in (None, len(matrix)) and lengths == wanted and len(lengths) == 1
    )
