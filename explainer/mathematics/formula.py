"""The safe reader of formulas: a whitelist over Python's own syntax tree.

Nothing is evaluated. What is not on the list is refused with its place in the text.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import singledispatch
from warnings import catch_warnings, simplefilter

from explainer.mathematics.functions import CONSTANTS, FUNCTIONS
from explainer.mathematics.written import (
    Call,
    Cases,
    Comparison,
    Key,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Written,
)

LONGEST = 500
DEEPEST = 40
LARGEST = 999
SIGNS: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
}


class FormulaError(ValueError):
    """The text is not a formula of this program. The message says where and what is
    allowed."""


def read(text: str, names: Mapping[str, Key]) -> Written:
    """The formula in `text` as written mathematics, term by term in the order typed.

    `names` maps each name allowed in the text to the quantity it stands for; `pi` is
    the constant where no quantity is called so. Numbers are read as text into Decimal,
    never through a float. Raises FormulaError.

    >>> read("2 * (z - 0.10)", {"z": Key("sum", ("h1",))}).factors[0]
    Number(value=Decimal('2'))
    >>> read("__import__('os')", {})  # doctest: +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
    explainer.mathematics.formula.FormulaError: column 1: no function is called
    '__import__'.\
 Known: abs, cos, erf, exp, log, log10, log2, max, min, sin, sqrt, tanh.
    """
    if len(text) > LONGEST:
        raise FormulaError(
            f"a formula has at most {LONGEST} characters, this one has {len(text)}"
        )
    try:
        with catch_warnings():
            # Python only warns of `1if x>0else 2`.
            simplefilter("error")
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(f"this is not a formula: {text!r}") from error
    try:
        written = _Reader(text.strip(), names).read(tree)
    except RecursionError as error:
        raise FormulaError(f"a formula has at most {DEEPEST} levels") from error
    if (levels := _levels(written)) > DEEPEST:
        raise FormulaError(f"a formula has at most {DEEPEST} levels, not {levels}")
    return written


def _levels(written: Written) -> int:
    return 1 + max(map(_levels, written.parts()), default=0)


class _Reader:
    def __init__(self, text: str, names: Mapping[str, Key]) -> None:
        self.text = text
        self.names = names

    def read(self, node: ast.AST) -> Written:
        return _read(node, self)

    def term(self, node: ast.expr) -> Written:
        """What is not a comparison: `(x > 0) + 1` has no value."""
        written = self.read(node)
        if isinstance(written, Comparison):
            raise FormulaError(
                f"column {self.column(node)}: a comparison stands only in"
                " 'a if x > 0 else b'"
            )
        return written

    def column(self, node: ast.expr) -> int:
        """Where it begins, in characters from 1. Python's tree counts bytes from 0."""
        line = self.text.split("\n")[node.lineno - 1]
        return len(line.encode()[: node.col_offset].decode()) + 1

    def source(self, node: ast.expr) -> str:
        return ast.get_source_segment(self.text, node) or ""


@singledispatch
def _read(node: ast.AST, reader: _Reader) -> Written:
    place = f"column {reader.column(node)}: " if isinstance(node, ast.expr) else ""
    raise FormulaError(
        f"{place}{type(node).__name__} is not allowed in a formula."
        " Allowed: numbers, names, + - * / **, comparisons in 'a if x > 0 else b',"
        f" and {', '.join(sorted(FUNCTIONS))}."
    )


@_read.register
def _(node: ast.Constant, reader: _Reader) -> Written:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise FormulaError(
            f"column {reader.column(node)}: {node.value!r} is not a number"
        )
    text = reader.source(node)
    try:
        value = Decimal(text.replace("_", ""))
    except InvalidOperation as error:
        raise FormulaError(
            f"column {reader.column(node)}: {text} is not a decimal number"
        ) from error
    if abs(value.adjusted()) > LARGEST:
        raise FormulaError(
            f"column {reader.column(node)}: {text} is not between 1e-{LARGEST} and"
            f" 1e{LARGEST}"
        )
    return Number(value)


@_read.register
def _(node: ast.Name, reader: _Reader) -> Written:
    if node.id not in reader.names and node.id in CONSTANTS:
        return Call(node.id, ())
    if node.id not in reader.names:
        raise _unknown(reader.column(node), "quantity", node.id, reader.names)
    return Name(reader.names[node.id])


@_read.register
def _(node: ast.UnaryOp, reader: _Reader) -> Written:
    body = reader.term(node.operand)
    match node.op, body:
        # A minus sign before a Decimal would round it to 28 digits.
        case ast.USub(), Number(Decimal() as value):
            return Number(value.copy_negate() if value else value)
        case ast.USub(), _:
            return Negative(body)
        case ast.UAdd(), _:
            return body
    raise FormulaError(
        f"column {reader.column(node)}: only + and - may stand before a term"
    )


@_read.register
def _(node: ast.BinOp, reader: _Reader) -> Written:
    left, right = reader.term(node.left), reader.term(node.right)
    start = (node.left.lineno, node.left.col_offset)
    bracketed = start != (node.lineno, node.col_offset)
    match node.op:
        case ast.Add():
            return Sum((*_terms(left, bracketed), right))
        case ast.Sub():
            return Sum((*_terms(left, bracketed), Negative(right)))
        case ast.Mult():
            return Product((*_factors(left, bracketed), right))
        case ast.Div():
            return Quotient(left, right)
        case ast.Pow():
            return Power(left, right)
    raise FormulaError(
        f"column {reader.column(node)}: the signs allowed are + - * / **"
    )


def _terms(left: Written, bracketed: bool) -> tuple[Written, ...]:
    return left.terms if isinstance(left, Sum) and not bracketed else (left,)


def _factors(left: Written, bracketed: bool) -> tuple[Written, ...]:
    return left.factors if isinstance(left, Product) and not bracketed else (left,)


@_read.register
def _(node: ast.Call, reader: _Reader) -> Written:
    name = node.func.id if isinstance(node.func, ast.Name) else reader.source(node.func)
    if name not in FUNCTIONS:
        raise _unknown(reader.column(node), "function", name, FUNCTIONS)
    wanted = FUNCTIONS[name].latex.count("<")
    many = name in ("max", "min") and len(node.args) > wanted
    if node.keywords or (len(node.args) != wanted and not many):
        got = "named ones" if node.keywords else len(node.args)
        raise FormulaError(
            f"column {reader.column(node)}: {name} takes {wanted}"
            f" argument{'s'[: wanted - 1]}, got {got}"
        )
    return Call(name, tuple(reader.term(argument) for argument in node.args))


@_read.register
def _(node: ast.Compare, reader: _Reader) -> Comparison:
    if len(node.ops) != 1 or type(node.ops[0]) not in SIGNS:
        raise FormulaError(
            f"column {reader.column(node)}: a condition compares two terms with one of"
            f" {' '.join(SIGNS.values())}"
        )
    sign = SIGNS[type(node.ops[0])]
    return Comparison(reader.term(node.left), sign, reader.term(node.comparators[0]))


@_read.register
def _(node: ast.IfExp, reader: _Reader) -> Written:
    condition = reader.read(node.test)
    if not isinstance(condition, Comparison):
        raise FormulaError(
            f"column {reader.column(node.test)}: a condition such as x > 0 is needed"
        )
    value, rest = reader.term(node.body), reader.term(node.orelse)
    if isinstance(rest, Cases):
        return Cases((condition, *rest.conditions), (value, *rest.values))
    return Cases((condition,), (value, rest))


def _unknown(
    column: int, what: str, got: str, known: Mapping[str, object]
) -> FormulaError:
    near = get_close_matches(got, known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return FormulaError(
        f"column {column}: no {what} is called {got!r}.{hint}"
        f" Known: {', '.join(sorted(known))}."
    )
