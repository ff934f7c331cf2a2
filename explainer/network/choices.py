"""The choices of a file that follow a record: activations, rounding and notation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

from explainer.mathematics.evaluation import (
    HIGHEST_POWER,
    evaluate_exactly,
    is_rational,
)
from explainer.mathematics.formula import read
from explainer.mathematics.rounding import KINDS, Digits, Rounding
from explainer.mathematics.written import (
    Call,
    Key,
    Number,
    Power,
    Written,
    substitute,
    walk,
)
from explainer.network.activations import ACTIVATIONS
from explainer.network.losses import LOSSES
from explainer.network.problems import Findings, Location, unknown
from explainer.network.schema import (
    DigitsTable,
    NotationTable,
    RoundingTable,
)
from explainer.network.softmax import is_softmax
from explainer.network.spec import LayerSpec, LossSpec, NotationSpec

# Commands that do something, instead of printing something.
ACTING = "input include write def let begin end left right catcode csname".split()
SLOTS = ("name", "unit", "layer", "below", "index", "source", "via")


def choose_rounding(table: RoundingTable, findings: Findings) -> Rounding:
    """The rounding rule of the document."""
    where: Location = ("rounding",)
    by_kind = {
        kind: _digits(digits, (*where, "by_kind", kind), findings)
        for kind, digits in table.by_kind.items()
    }
    for kind, chosen in by_kind.items():
        place = (*where, "by_kind", kind)
        if chosen is None and not findings.is_damaged(*place):
            findings.add(place, "no digits; allowed: decimals = 4 or figures = 4")
    if table.exact and table.carry not in (None, "full"):
        findings.add(
            (*where, "carry"),
            "with exact = true nothing is rounded; leave one of them out",
        )
    return Rounding(
        _digits(table, where, findings) or Digits(6),
        table.mode,
        _carried(table),
        {kind: digits for kind, digits in by_kind.items() if digits},
        table.exact,
    )


def _carried(table: RoundingTable) -> frozenset[str]:
    """The kinds whose printed value is what the next step uses."""
    if table.exact or table.carry == "full":
        return frozenset()
    return frozenset(KINDS if table.carry in (None, "shown") else table.carry or ())


def _digits(table: DigitsTable, where: Location, findings: Findings) -> Digits | None:
    if table.decimals is not None and table.figures is not None:
        findings.add(where, "decimals and figures are both given; allowed: one of them")
    if table.decimals is not None:
        return Digits(table.decimals, "decimals")
    return None if table.figures is None else Digits(table.figures, "figures")


def check_exact(
    layers: Iterable[LayerSpec], loss: LossSpec | None, findings: Findings
) -> None:
    """With exact numbers the activations and the loss have fractions as values."""
    where: Location = ("rounding", "exact")
    rational = [
        record.name
        for record in ACTIVATIONS.values()
        if _is_rational(record.formula, ("z", *record.options))
    ]
    for number, layer in enumerate(layers, 1):
        record = layer.activation
        names = ("z", *record.options)
        if is_softmax(record) or not _is_rational(record.formula, names, layer.options):
            findings.add(
                where,
                f"the values of {record.name} (layer {number}) are no fractions;"
                f" exact = true is for {', '.join(rational)}",
            )
    if loss and not _loss_is_rational(loss):
        findings.add(where, f"the values of {loss.name} are no fractions")


def _loss_is_rational(loss: LossSpec) -> bool:
    record = LOSSES[loss.name]
    return _is_rational(record.formula, ("t", "y", *record.options), loss.options)


def _is_rational(
    formula: str,
    names: tuple[str, ...],
    constants: Mapping[str, Decimal] = MappingProxyType({}),
) -> bool:
    """Whether the formula is a fraction at all fractions: it calls nothing but abs, max
    and min, and its exponents are whole numbers.

    >>> _is_rational("max(0, z)", ("z",)), _is_rational("tanh(z)", ("z",))
    (True, False)
    >>> _is_rational("z**0.5", ("z",)), _is_rational("z**n", ("z", "n"))
    (False, False)
    >>> _is_rational("z**n", ("z", "n"), {"n": Decimal(3)})
    True
    """
    numbers = {Key(name): Number(value) for name, value in constants.items()}
    written = substitute(read(formula, {name: Key(name) for name in names}), numbers)
    return all(
        part.function in ("abs", "max", "min")
        if isinstance(part, Call)
        else not isinstance(part, Power) or _is_whole(part.exponent)
        for part in walk(written)
    )


def _is_whole(exponent: Written) -> bool:
    return (
        is_rational(exponent)
        and (value := evaluate_exactly(exponent, {})).denominator == 1
        and abs(value) <= HIGHEST_POWER
    )


def choose_notation(
    choice: str | NotationTable | None, names: Iterable[str] | None, findings: Findings
) -> NotationSpec:
    """The notation of the file; `names` are those that may have a symbol, if known."""
    # The catalogue is read from a file of its own, when it is needed.
    from explainer.notation import NOTATIONS

    if choice is None:
        return NotationSpec()
    where: Location = ("notation",)
    if isinstance(choice, str):
        if choice not in NOTATIONS:
            findings.add(where, unknown("notation", choice, NOTATIONS))
        return NotationSpec(choice)
    if choice.base not in NOTATIONS:
        findings.add((*where, "base"), unknown("notation", choice.base, NOTATIONS))
    patterns = {k: p for n in NOTATIONS.values() for k, p in n.patterns.items()}
    for kind, pattern in choice.patterns.items():
        place = (*where, "patterns", kind)
        if kind not in patterns:
            findings.add(place, unknown("kind of quantity", kind, patterns))
            continue
        _check_slots(pattern, patterns[kind], place, findings)
        _check_latex(pattern, place, findings)
    for name, symbol in choice.symbols.items():
        if names is not None and name not in names:
            known = list(names)
            findings.add((*where, "symbols", name), unknown("quantity", name, known))
        _check_latex(symbol, (*where, "symbols", name), findings)
    return NotationSpec(choice.base, choice.patterns, choice.symbols)


def _check_slots(pattern: str, usual: str, place: Location, findings: Findings) -> None:
    """A pattern uses the slots there are; those with a number where they are usual."""
    known = dict.fromkeys([*SLOTS, *re.findall("<([0-9])>", usual)])
    for slot in re.findall("<([A-Za-z0-9_ ]*)>", pattern):
        if slot not in known:
            findings.add(place, unknown("slot", slot, list(known)))


def _check_latex(tex: str, place: Location, findings: Findings) -> None:
    """A symbol in LaTeX: letters, digits, commands, scripts, and nothing that acts."""
    bare = re.sub("<[A-Za-z0-9]+>", "x", tex)
    signs = r"A-Za-z0-9 _^{}()\[\],.'|+*/:;<>=-"
    for wrong in (
        rf"[^{signs}\\]|\\(?![A-Za-z])",
        r"\\(" + "|".join(ACTING) + r")(?![A-Za-z])",
        r"(\^|_)(\{[^{}]*\}|\\?[A-Za-z0-9]+)\s*\1",
    ):
        found = re.search(wrong, bare)
        if found:
            findings.add(place, f"this cannot be a symbol: {found[0]!r} is wrong in it")
            return
    _check_braces(tex, place, findings)


def _check_braces(tex: str, place: Location, findings: Findings) -> None:
    depth = 0
    for brace in re.findall(r"\\.|[{}]", tex):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            break
    if depth or not tex.strip():
        why = "its braces do not match" if depth else "it is empty"
        findings.add(place, f"this cannot be LaTeX: {why}")
