"""Written mathematics: a tree that stands as a teacher wrote it.

A tree never reorders, regroups or simplifies itself. `Sum((a, b))` prints `a + b`, and
after the numbers are put in it prints `0.2 + (-0.5)`. SymPy is asked what is true;
this tree says what is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Key:
    """A quantity's identity: what it is, of which named things, at which place on
    which axis.

    `of` holds the user's names or other keys; `at` holds places on axes such as sample
    or time, and an axis with one place is left out.

    >>> w5 = Key("parameter", ("w5",))
    >>> error = Key("loss")
    >>> Key("derivative", (error, w5)).of[1].of
    ('w5',)
    >>> Key("activation", ("h1",), (("sample", 2),)).at
    (('sample', 2),)
    """

    kind: str
    of: tuple[str | Key, ...] = ()
    at: tuple[tuple[str, int], ...] = ()


class Written:
    """Mathematics as it stands on the page. It never simplifies itself."""

    __slots__ = ()

    def parts(self) -> tuple[Written, ...]:
        """The sub-expressions, in reading order."""
        return ()

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        """The same kind of expression around other sub-expressions."""
        return self


@dataclass(frozen=True, slots=True)
class Number(Written):
    """A number, with the digits it is printed with: `Decimal("0.20")` stays 0.20.

    `of` is the quantity whose number it is, None for a constant of a formula. It says
    where the number comes from and makes it no other number.
    """

    value: Decimal | Fraction
    of: Key | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Blank(Written):
    """A number that is left out, for the reader to write; or, on a sheet with answers,
    the number in its frame."""

    of: Key
    answer: Number | None = None

    def parts(self) -> tuple[Written, ...]:
        return (self.answer,) if self.answer else ()

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        (answer,) = parts
        return Blank(self.of, answer if isinstance(answer, Number) else self.answer)


@dataclass(frozen=True, slots=True)
class Name(Written):
    """The symbol of one quantity. How it is spelled is the notation's business."""

    key: Key


@dataclass(frozen=True, slots=True)
class Sum(Written):
    """a + b + c. A term that is `Negative` is printed as a subtraction."""

    terms: tuple[Written, ...]

    def parts(self) -> tuple[Written, ...]:
        return self.terms

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        return Sum(parts)


@dataclass(frozen=True, slots=True)
class Product(Written):
    """a · b · c, in the order in which it is read aloud."""

    factors: tuple[Written, ...]

    def parts(self) -> tuple[Written, ...]:
        return self.factors

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        return Product(parts)


@dataclass(frozen=True, slots=True)
class Quotient(Written):
    """top / bottom, printed as a fraction."""

    top: Written
    bottom: Written

    def parts(self) -> tuple[Written, ...]:
        return (self.top, self.bottom)

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        return Quotient(*parts)


@dataclass(frozen=True, slots=True)
class Negative(Written):
    """-a."""

    body: Written

    def parts(self) -> tuple[Written, ...]:
        return (self.body,)

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        return Negative(*parts)


@dataclass(frozen=True, slots=True)
class Power(Written):
    """base ^ exponent."""

    base: Written
    exponent: Written

    def parts(self) -> tuple[Written, ...]:
        return (self.base, self.exponent)

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        return Power(*parts)


@dataclass(frozen=True, slots=True)
class Call(Written):
    """A function of its arguments: one of `functions.FUNCTIONS`, or an unknown f."""

    function: str
    arguments: tuple[Written, ...]

    def parts(self) -> tuple[Written, ...]:
        return self.arguments

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        return Call(self.function, parts)


@dataclass(frozen=True, slots=True)
class Comparison(Written):
    """left < right, or another of the signs `<`, `<=`, `>`, `>=`, `==`."""

    left: Written
    sign: str
    right: Written

    def parts(self) -> tuple[Written, ...]:
        return (self.left, self.right)

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        return Comparison(parts[0], self.sign, parts[1])


@dataclass(frozen=True, slots=True)
class Cases(Written):
    """`values[i]` where `conditions[i]` is the first that holds; the last value
    otherwise."""

    conditions: tuple[Comparison, ...]
    values: tuple[Written, ...]

    def parts(self) -> tuple[Written, ...]:
        return (*self.conditions, *self.values)

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        count = len(self.conditions)
        conditions = tuple(
            part for part in parts[:count] if isinstance(part, Comparison)
        )
        return Cases(conditions, parts[count:])


@dataclass(frozen=True, slots=True)
class Derivative(Written):
    """d/dx of a body that is not differentiated yet."""

    body: Written
    variable: Name

    def parts(self) -> tuple[Written, ...]:
        return (self.body, self.variable)

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        variable = parts[1] if isinstance(parts[1], Name) else self.variable
        return Derivative(parts[0], variable)


@dataclass(frozen=True, slots=True)
class Summation(Written):
    """The sum of the body over an index that runs from 1 to an upper bound."""

    index: Name
    upper: Written
    body: Written

    def parts(self) -> tuple[Written, ...]:
        return (self.body,)

    def with_parts(self, parts: tuple[Written, ...]) -> Written:
        return Summation(self.index, self.upper, *parts)


ZERO = Number(Decimal(0))
ONE = Number(Decimal(1))


def walk(written: Written) -> Iterator[Written]:
    """Every sub-expression in reading order, the whole first."""
    yield written
    for part in written.parts():
        yield from walk(part)


def names_in(written: Written) -> tuple[Key, ...]:
    """The quantities an expression uses, each once, in reading order.

    >>> a, b = Key("input", ("a",)), Key("input", ("b",))
    >>> [key.of for key in names_in(Sum((Name(b), Product((Name(a), Name(b))))))]
    [('b',), ('a',)]
    """
    return tuple(
        dict.fromkeys(part.key for part in walk(written) if isinstance(part, Name))
    )


def rewrite(written: Written, change: Callable[[Written], Written | None]) -> Written:
    """The expression with every part that `change` answers replaced by the answer."""
    changed = change(written)
    if changed is not None:
        return changed
    parts = written.parts()
    if not parts:
        return written
    return written.with_parts(tuple(rewrite(part, change) for part in parts))


def substitute(written: Written, replacements: Mapping[Key, Written]) -> Written:
    """The expression with quantities replaced, in place and in order.

    >>> x = Key("input", ("x",))
    >>> substitute(Sum((Name(x), ONE)), {x: Number(Decimal("0.20"))})
    Sum(terms=(Number(value=Decimal('0.20')), Number(value=Decimal('1'))))
    """

    def change(part: Written) -> Written | None:
        return replacements.get(part.key) if isinstance(part, Name) else None

    return rewrite(written, change)


def product_of(factors: tuple[Written, ...]) -> Written:
    """The product of the factors; one factor stands alone, none is 1."""
    if not factors:
        return ONE
    return factors[0] if len(factors) == 1 else Product(factors)


def sum_of(terms: tuple[Written, ...]) -> Written:
    """The sum of the terms; one term stands alone."""
    return terms[0] if len(terms) == 1 else Sum(terms)
