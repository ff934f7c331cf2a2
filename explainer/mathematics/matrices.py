"""Matrices in written mathematics, and what an equation of them says entry by entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from explainer.mathematics.written import (
    Key,
    Name,
    Product,
    Written,
    product_of,
    rewrite,
    sum_of,
)

Grid = tuple[tuple[Written, ...], ...]


@dataclass(frozen=True, slots=True)
class Matrix(Written):
    """A rectangle of entries, row by row; a vector has one row or one column."""

    rows: tuple[tuple[Written, ...], ...]

    def parts(self) -> tuple[Written, ...]:
        return tuple(entry for row in self.rows for entry in row)

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        width = len(self.rows[0])
        starts = range(0, len(parts), width)
        return Matrix(tuple(parts[start : start + width] for start in starts))


@dataclass(frozen=True, slots=True)
class MatrixProduct(Written):
    """A B: rows times columns. The factors stand side by side."""

    factors: tuple[Written, ...]

    def parts(self) -> tuple[Written, ...]:
        return self.factors

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        return MatrixProduct(parts)


@dataclass(frozen=True, slots=True)
class Transpose(Written):
    """The body with its rows as columns."""

    body: Written

    def parts(self) -> tuple[Written, ...]:
        return (self.body,)

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        return Transpose(*parts)


@dataclass(frozen=True, slots=True)
class Hadamard(Written):
    """The product entry by entry, printed with a small circle."""

    factors: tuple[Written, ...]

    def parts(self) -> tuple[Written, ...]:
        return self.factors

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        return Hadamard(parts)


def transposed(grid: Grid) -> Grid:
    """The rows as columns."""
    return tuple(zip(*grid, strict=True))


def entries_of(written: Written, grids: Mapping[Key, Grid]) -> Grid | Written:
    """What stands in each entry of an equation of matrices; a scalar is itself.

    (A B)_ij = sum_k A_ik B_kj; every other operation goes entry by entry.

    >>> a, b, x, y = (Name(Key("input", (name,))) for name in "abxy")
    >>> row, column = Key("row"), Key("column")
    >>> grids = {row: ((a, b),), column: ((x,), (y,))}
    >>> dot = entries_of(MatrixProduct((Name(row), Name(column))), grids)
    >>> dot == ((sum_of((Product((a, x)), Product((b, y)))),),)
    True
    """
    match written:
        case Matrix(rows):
            return rows
        case Name(key):
            return grids.get(key, written)
        case Transpose(body):
            inner = entries_of(body, grids)
            return transposed(inner) if isinstance(inner, tuple) else inner
        case MatrixProduct(factors):
            found = [_grid(factor, grids) for factor in factors]
            whole = found[0]
            for other in found[1:]:
                whole = _multiply(whole, other)
            return whole
    parts = [entries_of(part, grids) for part in written.parts()]
    shapes = {(len(p), len(p[0])) for p in parts if isinstance(p, tuple)}
    if not shapes:
        return written
    if len(shapes) > 1:
        raise ValueError(f"matrices of different shapes: {sorted(shapes)}")
    ((height, width),) = shapes
    return tuple(
        tuple(
            _entry(written, [p[i][j] if isinstance(p, tuple) else p for p in parts])
            for j in range(width)
        )
        for i in range(height)
    )


def _grid(written: Written, grids: Mapping[Key, Grid]) -> Grid:
    found = entries_of(written, grids)
    return found if isinstance(found, tuple) else ((found,),)


def _entry(written: Written, parts: list[Written]) -> Written:
    if isinstance(written, Hadamard):
        return Product(tuple(parts))
    return written.with_parts(tuple(parts))


def _multiply(one: Grid, other: Grid) -> Grid:
    if len(one[0]) != len(other):
        raise ValueError(f"{len(one[0])} columns times {len(other)} rows")
    return tuple(
        tuple(
            sum_of(tuple(product_of(p) for p in zip(row, column, strict=True)))
            for column in transposed(other)
        )
        for row in one
    )


def with_matrices(written: Written, grids: Mapping[Key, Grid]) -> Written:
    """The equation with each symbol replaced by its matrix, turned where it is
    transposed."""

    def change(part: Written) -> Written | None:
        turned = isinstance(part, Transpose)
        name = part.body if isinstance(part, Transpose) else part
        if not isinstance(name, Name) or name.key not in grids:
            return None
        grid = grids[name.key]
        return Matrix(transposed(grid) if turned else grid)

    return rewrite(written, change)


def flipped(written: Written) -> Written:
    """The same equation for rows in place of columns: (A B)^T = B^T A^T.

    Each symbol stands for the transpose of what it stood for.
    """
    parts = tuple(flipped(part) for part in written.parts())
    if isinstance(written, MatrixProduct):
        parts = parts[::-1]
    return written.with_parts(parts) if parts else written
