"""The steps of a page as a Python program: which names it assigns, from which code, and
which printed numbers it asserts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from explainer.derivation.deriving import Derivation, needed_by
from explainer.derivation.readings import rounding_kind
from explainer.derivation.runs import Run
from explainer.mathematics.evaluation import as_decimal, choose_branch
from explainer.mathematics.function_code import reserved_names
from explainer.mathematics.python_code import (
    Dialect,
    choose_in_order,
    literal,
    python,
    python_lines,
)
from explainer.mathematics.rounding import KINDS, MODES, Rounding
from explainer.mathematics.written import Call, Cases, Key, Name, Number, walk
from explainer.network.quantity import Quantity
from explainer.notation.identifiers import identify
from explainer.page.document import Document, Step

# What templates/notebook/setup.j2 defines and imports.
PRINTED, CARRY, EXACTLY = "printed", "carry", "exactly"
SETUP = frozenset(
    f"{PRINTED} {CARRY} {EXACTLY} Context Decimal Fraction getcontext"
    " DECIMALS FIGURES CARRIED".split()
)
ROOM = 68


@dataclass(frozen=True, slots=True)
class Assignment:
    """name = code, in one line or more. `check` is what must be equal to `shown`, the
    printed number; both are empty where nothing is printed."""

    name: str
    lines: tuple[str, ...]
    check: str = ""
    shown: str = ""


@dataclass(frozen=True)
class Program:
    """The code of one document, from its runs: one for each iteration, by number."""

    document: Document
    runs: Mapping[int, Run]

    @cached_property
    def derivation(self) -> Derivation:
        return next(iter(self.runs.values())).derivation

    @cached_property
    def rounding(self) -> Rounding:
        return next(iter(self.runs.values())).rounding

    @cached_property
    def names(self) -> Mapping[Key, str]:
        keys = [*self.derivation.graph.givens, *self.derivation.quantities]
        return identify(keys, (*reserved_names(), *MODES.values(), *SETUP))

    @cached_property
    def dialect(self) -> Dialect:
        return Dialect(self.names.__getitem__, self.rounding.exact)

    @cached_property
    def needed(self) -> frozenset[Key]:
        """What the steps of the page depend on."""
        keys = [key for step in self.document.steps for key in self.keys_of(step)]
        return needed_by(self.derivation, keys)

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that the formulas call."""
        quantities = self.derivation.quantities
        formulas = [quantities[k].formula for k in self.needed if k in quantities]
        parts = [part for formula in formulas for part in walk(formula)]
        return tuple(sorted({p.function for p in parts if isinstance(p, Call)}))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds by which the rounding rule knows the numbers of the page."""
        graph = self.derivation.graph
        found = {rounding_kind(key, graph) for key in self.needed}
        return tuple(kind for kind in KINDS if kind in found)

    @property
    def carries_all(self) -> bool:
        return self.rounding.carry == frozenset(KINDS)

    def digits(self, unit: str) -> dict[str, int]:
        """How many decimals, or figures, the kinds have that are counted in them."""
        counted = {kind: self.rounding.digits_of(kind) for kind in self.kinds}
        return {kind: d.count for kind, d in counted.items() if d.unit == unit}

    def keys_of(self, step: Step) -> tuple[Key, ...]:
        """The quantities that a step works out: one, or the entries of a matrix."""
        keys = (*step.entries, *([step.key] if step.key else []))
        return tuple(key for key in keys if key in self.derivation.quantities)

    def givens(self, number: int, before: int | None) -> Iterator[Assignment]:
        """The given numbers of an iteration; only the changed ones, if the program
        has been through the iteration `before`."""
        run = self.runs[number]
        old = self.runs[before].derivation.graph.givens if before else {}
        following = run.derivation.graph.following if before == number - 1 else {}
        for key, given in run.derivation.graph.givens.items():
            if key not in self.needed or given == old.get(key):
                continue
            value = run.readings[key].carried
            code = literal(value, self.rounding.exact)
            source = following.get(key)
            if source in self.needed and source in self.derivation.quantities:
                code = self.names[source]
            yield Assignment(self.names[key], (code,))

    def step(self, step: Step, run: Run, defined: set[Key]) -> Iterator[Assignment]:
        """The assignments of a step; first those of quantities that it uses and that no
        step shows. `defined` is what has been assigned, and grows."""
        for key in self.keys_of(step):
            yield from self._unseen(run.derivation, key, defined)
            yield self._asserted(run, key)
            defined.add(key)

    def blanks(self, step: Step) -> Iterator[Assignment]:
        """The assignments of a step that the reader is to write."""
        for key in self.keys_of(step):
            yield Assignment(self.names[key], ("...",))

    def _unseen(
        self, derivation: Derivation, key: Key, defined: set[Key]
    ) -> Iterator[Assignment]:
        for used in derivation.quantities[key].uses:
            if used in derivation.quantities and used not in defined:
                yield from self._unseen(derivation, used, defined)
                yield self._assigned(derivation.quantities[used])
                defined.add(used)

    def _assigned(self, quantity: Quantity) -> Assignment:
        return Assignment(self.names[quantity.key], self._code(quantity))

    def _asserted(self, run: Run, key: Key) -> Assignment:
        """The assignment, and the number that the page shows."""
        quantity, name = self.derivation.quantities[key], self.names[key]
        reading = run.readings[key]
        shown = literal(reading.shown, self.rounding.exact)
        check = name
        if not reading.is_exact:
            kind = _kind_of_print(run, key)
            check = self._call(PRINTED, (name,), kind)[0]
        return Assignment(name, self._code(quantity), check, shown)

    def _code(self, quantity: Quantity) -> tuple[str, ...]:
        """The formula in Python, under the rule of what the next step uses.

        What is another quantity, or a constant, is not rounded again.
        """
        formula, dialect = quantity.formula, self.dialect
        if self.rounding.exact or isinstance(formula, Name | Number):
            return _in_brackets(python_lines(formula, dialect, ROOM))
        kind = rounding_kind(quantity.key, self.derivation.graph)
        if isinstance(formula, Cases):
            values = []
            for value in formula.values:
                code = python(value, dialect)
                copied = isinstance(value, Name | Number)
                values.append(code if copied else self._call(CARRY, (code,), kind)[0])
            lines = choose_in_order(formula, values, dialect)
            whole = " ".join(lines)
            return _in_brackets([whole] if len(whole) <= ROOM else lines)
        return self._call(CARRY, tuple(python_lines(formula, dialect, ROOM)), kind)

    def _call(self, name: str, code: tuple[str, ...], kind: str) -> tuple[str, ...]:
        """name(code), with the kind where the rounding rule asks for it."""
        rule = self.rounding
        asks = bool(rule.by_kind) or (
            name == CARRY and bool(rule.carry) and not self.carries_all
        )
        asked = f', "{kind}"' if asks else ""
        if len(code) == 1:
            return (f"{name}({code[0]}{asked})",)
        *lines, last = (f"    {line}" for line in code)
        closing = [f"    {asked[2:]},"] if asked else []
        return (f"{name}(", *lines, f"{last}{',' * bool(asked)}", *closing, ")")


def _in_brackets(lines: list[str]) -> tuple[str, ...]:
    """Python reads on in the next line where a bracket is open."""
    if len(lines) == 1:
        return tuple(lines)
    return ("(", *(f"    {line}" for line in lines), ")")


def _kind_of_print(run: Run, key: Key) -> str:
    """By the digits of which kind a number is printed: what is another quantity has
    the digits of that one, also where that one is given."""
    kind = run.readings[key].kind
    if kind != "given":
        return kind
    graph = run.derivation.graph
    if key in graph.givens:
        return rounding_kind(key, graph)
    formula = run.derivation.quantities[key].formula
    if isinstance(formula, Cases):
        values = {k: as_decimal(reading.carried) for k, reading in run.readings.items()}
        formula = choose_branch(formula, values)[0]
    return _kind_of_print(run, formula.key) if isinstance(formula, Name) else kind
