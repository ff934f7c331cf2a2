"""Derivation and readings -> Document: which steps are shown, in which order, with
what reason.

A quantity becomes a step the first time that it is needed, after everything it uses;
from then on it is cited by its number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from explainer.derivation.deriving import Derivation, needed_by
from explainer.derivation.matrix_check import MatrixCheck
from explainer.derivation.readings import Readings
from explainer.derivation.tracing import Tracer
from explainer.derivation.working import Equation, work_out
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key, Name, Number, Written, rewrite
from explainer.network.quantity import At, Quantity
from explainer.notation import plain_name
from explainer.page.document import (
    Block,
    Cite,
    Heading,
    Paragraph,
    Step,
    Table,
    Token,
    Words,
)
from explainer.page.notes import notes_on
from explainer.page.rule_lines import rule_lines, slope_signature

Equations = tuple[Equation, ...]
Row = tuple[Written | Words, ...]
# Rules of layer kinds have a sentence of their own.
LAYER_RULE = "layer_"
DETAILS = ("brief", "standard", "full")


@dataclass(frozen=True, slots=True)
class Layout:
    """How the page is laid out: its detail, when parameters are updated, and in which
    order. `pictures` is network, chains or none; `spell` gives the symbols in them."""

    detail: str = "standard"
    updates: str = "at-end"
    order: str = "output-first"
    show: tuple[int, ...] = (1,)
    matrices: str = "columns"
    pictures: str = "network"
    spell: Callable[[Key], str] = plain_name


@dataclass(slots=True)
class Composer:
    """Lays out one derivation, step by step. `readings` is None for a page without
    numbers."""

    derivation: Derivation
    readings: Readings | None
    full: Readings | None
    rounding: Rounding
    layout: Layout
    blocks: list[Block] = field(default_factory=list)
    numbers: dict[Key, int] = field(default_factory=dict)
    explained: dict[tuple[str, ...], int] = field(default_factory=dict)
    equations: dict[Key, Equations] = field(default_factory=dict)
    iteration: int | None = None
    earlier: int = 0
    matrices: list[MatrixCheck] = field(default_factory=list)
    tracer: Tracer = field(init=False)

    def __post_init__(self) -> None:
        self.tracer = Tracer(self.derivation.graph, self.derivation.quantities)

    def continued(
        self, derivation: Derivation, readings: Readings, full: Readings, number: int
    ) -> Composer:
        """The same page for another iteration: its steps are new, and count on."""
        return replace(
            self,
            derivation=derivation,
            readings=readings,
            full=full,
            numbers={},
            equations={},
            iteration=number,
            earlier=self.last,
        )

    @property
    def last(self) -> int:
        """The number of the last step; a step may work out several quantities."""
        return next(reversed(self.numbers.values()), self.earlier)

    def heading(self, level: int, key: str, **values: object) -> None:
        if level == 2:
            values["iteration"] = self.iteration
        self.blocks.append(Heading(level, Words(key, values)))

    def say(self, key: str, **values: object) -> None:
        self.blocks.append(Paragraph((Words(key, values),)))

    def table(
        self,
        caption: Words,
        header: tuple[str, ...],
        rows: Sequence[Row],
        given: bool = False,
    ) -> None:
        if rows:
            titles = tuple(Words(f"column_{name}") for name in header)
            self.blocks.append(Table(caption, titles, tuple(rows), given=given))

    def show(self, key: Key) -> None:
        """Give the quantity a step, after the steps of everything it uses."""
        if key in self.numbers or key not in self.derivation.quantities:
            return
        quantity = self.derivation.quantities[key]
        for used in quantity.uses:
            if not self._inline(used):
                self.show(used)
        if self._inline(key):
            return
        self.numbers[key] = number = self.last + 1
        first, earlier = self._explain(key, number)
        lines = rule_lines(self.derivation, key) if first and self.is_full else ()
        equation = work_out(
            self.derivation,
            quantity,
            self.readings,
            brief=self.layout.detail == "brief",
            bridged=first and not self.is_full,
        )
        if self.layout.detail == "brief":
            equation = self._from_sources(equation)
        self.equations[key] = (*lines, equation)
        reason = Words(_sentence(quantity), self._values(key, earlier))
        notes = notes_on(self.derivation, self.readings, self.full, key)
        turn = self.iteration or 1
        lines = self.equations[key]
        chain = self.tracer.chain_of((key,))
        step = Step(number, key, (reason,), lines, notes, iteration=turn, chain=chain)
        self.blocks.append(step)

    @property
    def needed(self) -> frozenset[Key]:
        """What the gradients, the updates and the objective depend on."""
        derivation = self.derivation
        results = [*derivation.gradients.values(), *derivation.updates.values()]
        return needed_by(derivation, [*results, derivation.graph.objective])

    @property
    def is_full(self) -> bool:
        return self.layout.detail == "full"

    def _explain(self, key: Key, number: int) -> tuple[bool, int | None]:
        """Whether this is the first slope of its kind, and else the step that was."""
        signature = slope_signature(self.derivation, key)
        if signature is None or self.layout.detail == "brief":
            return False, None
        earlier = self.explained.setdefault(signature, number)
        if earlier == number:
            return True, None
        return False, earlier if self.is_full else None

    def _inline(self, key: Key) -> bool:
        """Whether a quantity is used without a step of its own: brief pages skip
        dz/dw."""
        return (
            self.layout.detail == "brief"
            and key.kind == "local"
            and isinstance(key.of[0], Key)
            and key.of[0].kind == "sum"
        )

    def _from_sources(self, equation: Equation) -> Equation:
        """The line with the number of an inlined dz/dw = x as the number of x."""

        def change(part: Written) -> Written | None:
            if not isinstance(part, Number) or part.of is None:
                return None
            if not self._inline(part.of):
                return None
            formula = self.derivation.quantities[part.of].formula
            return (
                Number(part.value, formula.key) if isinstance(formula, Name) else None
            )

        sides = (
            replace(side, written=rewrite(side.written, change))
            for side in equation.sides
        )
        return replace(equation, sides=tuple(sides))

    def _values(self, key: Key, earlier: int | None) -> dict[str, object]:
        """What the sentence of a step may speak of."""
        quantity = self.derivation.quantities[key]
        cited = sorted(
            {self.numbers[used] for used in quantity.uses if used in self.numbers}
        )
        values: dict[str, object] = {
            "this": Name(key),
            "formula": quantity.formula,
            "unit": _unit(key),
            "parts": tuple(Name(part) for part in key.of if isinstance(part, Key)),
            "uses": tuple(Name(used) for used in quantity.uses),
            "cites": tuple(map(Cite, cited)),
            "again": key.kind == "new",
            "explained": Cite(earlier) if earlier else None,
            "objective": Name(self.derivation.graph.objective),
            "sign": self.derivation.graph.error_signal,
            "rule": Token(quantity.rule),
            "sample": dict(_at(key)).get("sample"),
            "together": len(quantity.slopes.keys() - {*quantity.uses}) > 1,
            "place": Words("place", place_words(_at(key))) if _at(key) else None,
            "brief": self.layout.detail == "brief",
            "inlined": any(map(self._inline, quantity.uses)),
            "through": tuple(
                Name(used.of[0])
                for used in quantity.uses
                if used.kind == "local" and isinstance(used.of[0], Key)
            ),
        }
        pair = [part for part in key.of[:2] if isinstance(part, Key)]
        if len(pair) == 2:
            values |= {
                "upper": Name(pair[0]),
                "lower": Name(pair[1]),
                "rule_of_upper": Token(self._rule_of(pair[0])),
                "inner": Number(Decimal(-1)),
            }
        return values

    def _rule_of(self, key: Key) -> str:
        quantity = self.derivation.quantities.get(key)
        return quantity.rule if quantity else ""


def _sentence(quantity: Quantity) -> str:
    """The sentence of a quantity: by its rule; activations and losses share one
    each."""
    key = quantity.key
    if quantity.rule.startswith(LAYER_RULE):
        return quantity.rule
    inner = key.of[0] if key.kind == "new" else key
    kind = inner.kind if isinstance(inner, Key) else ""
    return {"activation": "activation_step", "loss": "loss_step"}.get(
        kind, quantity.rule
    )


def _at(key: Key) -> At:
    """The places on axes of a quantity, through what it is made of."""
    first = key.of[0] if key.of else None
    return key.at or (_at(first) if isinstance(first, Key) else ())


def place_words(at: At) -> dict[str, object]:
    """The sample and the time step of a place, None where there is one only."""
    places = dict(at)
    return {"sample": places.get("sample"), "time": places.get("time")}


def _unit(key: Key) -> str:
    """The user's name that the quantity belongs to."""
    first = key.of[0] if key.of else ""
    return _unit(first) if isinstance(first, Key) else first


def show_all(composer: Composer, keys: Iterable[Key]) -> None:
    for key in keys:
        composer.show(key)


def shown_value(composer: Composer, key: Key) -> Number:
    """The printed number of a quantity, for a table of a page with numbers."""
    assert composer.readings is not None
    return Number(composer.readings[key].shown, key)
