"""Many formulas as one Python function that runs straight through them.

Nothing is shared with `compiling`, whose results it checks: Python's own compiler reads
the tree as its syntax. No text is compiled. In floats a function is that of the
machine; in Decimal, too, to 14 digits.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce, singledispatchmethod
from types import CodeType, FunctionType
from typing import Any

from explainer.mathematics.evaluation import Value, as_decimal
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
    names_in,
)

MACHINE: Mapping[str, Callable[..., float]] = {
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "tanh": math.tanh,
    "erf": math.erf,
    "sin": math.sin,
    "cos": math.cos,
    "sqrt": math.sqrt,
    "pi": lambda: math.pi,
}
# These are what they are for numbers of any type, and lose no digit.
ANY_TYPE: Mapping[str, Callable[..., Any]] = {"abs": abs, "max": max, "min": min}
SIGNS: Mapping[str, type[ast.cmpop]] = {
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
    "==": ast.Eq,
    "!=": ast.NotEq,
}


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The type of the numbers, and its functions."""

    number: Callable[[Value], Any]
    functions: Mapping[str, Callable[..., Any]]


def _in_decimal(function: Callable[..., float]) -> Callable[..., Decimal]:
    return lambda *arguments: Decimal(function(*map(float, arguments)))


FLOATS = Arithmetic(float, {**MACHINE, **ANY_TYPE})
DECIMALS = Arithmetic(
    as_decimal, {name: _in_decimal(f) for name, f in MACHINE.items()} | {**ANY_TYPE}
)

Straight = Callable[[Sequence[Any]], tuple[Any, ...]]


def compile_straight(
    slots: Mapping[Key, int],
    arithmetic: Arithmetic,
    results: Sequence[Written],
    steps: Mapping[Key, Written] | None = None,
) -> Straight:
    """The values of `results` as a function of a list; `slots` says where in it a
    quantity stands. `steps` are computed first, one after the other, and take the place
    of what the list has.

    It raises ArithmeticError or ValueError where a formula has no value.

    >>> x, y = Key("input", ("x",)), Key("input", ("y",))
    >>> double = Sum((Name(x), Name(x)))
    >>> square = Product((Name(y), Name(y)))
    >>> compile_straight({x: 0}, FLOATS, [square], {y: double})([3])
    (36,)
    """
    steps = steps or {}
    writer = _Writer(slots, arithmetic)
    body: list[ast.stmt] = [
        ast.Assign([ast.Name(writer.local(key), ast.Store())], writer.write(formula))
        for key, formula in steps.items()
    ]
    values = [writer.write(result) for result in results]
    body.append(ast.Return(ast.Tuple(values, ast.Load())))
    used = {key for written in (*steps.values(), *results) for key in names_in(written)}
    first = [_read(writer.local(k), slots[k]) for k in slots if k in used - {*steps}]
    return _function([*first, *body], writer.constants)


def _read(name: str, place: int) -> ast.stmt:
    """name = values[place]"""
    values = ast.Name("values", ast.Load())
    item = ast.Subscript(values, ast.Constant(place), ast.Load())
    return ast.Assign([ast.Name(name, ast.Store())], item)


def _function(body: list[ast.stmt], constants: dict[str, Any]) -> Straight:
    arguments = ast.arguments([], [ast.arg("values")], None, [], [], None, [])
    define = ast.FunctionDef("straight", arguments, body, [])
    # Python 3.12 asks for the field, and 3.11 has none.
    vars(define).setdefault("type_params", [])
    module = ast.fix_missing_locations(ast.Module([define], []))
    codes = compile(module, "<formulas>", "exec").co_consts
    code = next(found for found in codes if isinstance(found, CodeType))
    return FunctionType(code, constants)


@dataclass(slots=True)
class _Writer:
    """Writes trees as Python's syntax. Names are numbered: none comes from a file."""

    slots: Mapping[Key, int]
    arithmetic: Arithmetic
    names: dict[Key, str] = field(default_factory=dict)
    constants: dict[str, Any] = field(default_factory=dict)

    def local(self, key: Key) -> str:
        return self.names.setdefault(key, f"q{len(self.names)}")

    def _constant(self, value: Any) -> ast.expr:
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return ast.Name(name, ast.Load())

    def _join(self, sign: ast.operator, parts: Sequence[Written]) -> ast.expr:
        written = map(self.write, parts)
        return reduce(lambda one, other: ast.BinOp(one, sign, other), written)

    @singledispatchmethod
    def write(self, written: Written) -> ast.expr:
        raise TypeError(f"no code for {type(written).__name__}")

    @write.register
    def _(self, written: Number) -> ast.expr:
        return self._constant(self.arithmetic.number(written.value))

    @write.register
    def _(self, written: Name) -> ast.expr:
        return ast.Name(self.local(written.key), ast.Load())

    @write.register
    def _(self, written: Sum) -> ast.expr:
        return self._join(ast.Add(), written.terms)

    @write.register
    def _(self, written: Product) -> ast.expr:
        return self._join(ast.Mult(), written.factors)

    @write.register
    def _(self, written: Quotient) -> ast.expr:
        return self._join(ast.Div(), written.parts())

    @write.register
    def _(self, written: Power) -> ast.expr:
        return self._join(ast.Pow(), written.parts())

    @write.register
    def _(self, written: Negative) -> ast.expr:
        return ast.UnaryOp(ast.USub(), self.write(written.body))

    @write.register
    def _(self, written: Call) -> ast.expr:
        function = self._constant(self.arithmetic.functions[written.function])
        return ast.Call(function, [*map(self.write, written.arguments)], [])

    @write.register
    def _(self, written: Comparison) -> ast.expr:
        left, right = map(self.write, written.parts())
        return ast.Compare(left, [SIGNS[written.sign]()], [right])

    @write.register
    def _(self, written: Cases) -> ast.expr:
        *values, found = map(self.write, written.values)
        tests = map(self.write, written.conditions)
        for test, value in reversed([*zip(tests, values, strict=True)]):
            found = ast.IfExp(test, value, found)
        return found
