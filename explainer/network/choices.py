"""The choices of a file that follow a record: activations, rounding and notation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from explainer.mathematics.evaluation import evaluate, evaluate_exactly
from explainer.mathematics.formula import read
from explainer.mathematics.rounding import KINDS, Digits, Rounding
from explainer.mathematics.written import Comparison, Key
from explainer.network.activations import ACTIVATIONS, Activation
from explainer.network.losses import LOSSES
from explainer.network.problems import Findings, Location, unknown
from explainer.network.schema import (
    ActivationTable,
    DigitsTable,
    NotationTable,
    RoundingTable,
)
from explainer.network.spec import LayerSpec, LossSpec, NotationSpec, Value

# Commands that do something, instead of printing something.
ACTING = "input include write def let begin end left right catcode csname".split()
SLOTS = ("name", "unit", "layer", "below", "index", "source", "via")


def choose_activation(
    choice: str | ActivationTable, where: Location, findings: Findings
) -> tuple[str, Mapping[str, Decimal]]:
    """The name of the activation, and the options that the file chooses for it."""
    if not isinstance(choice, ActivationTable):
        return choice, {}
    record = ACTIVATIONS[choice.name]
    known = [*record.options, *(["kink"] if record.kink else [])]
    options: dict[str, Decimal] = {}
    given: Mapping[str, Value] = choice.model_extra or {}
    for name, value in given.items():
        place = (*where, name)
        if name not in known:
            findings.add(place, unknown(f"option of {record.name}", name, known))
        elif isinstance(value, Fraction):
            findings.add(place, f'got "{value}"; an option is a decimal such as 0.25')
        else:
            options[name] = value
    _check_options(record, options, where, findings)
    return record.name, options


def _check_options(
    record: Activation,
    options: Mapping[str, Decimal],
    where: Location,
    findings: Findings,
) -> None:
    for name, value in options.items():
        option = record.options.get(name)
        if option and not option.least <= value < option.below:
            allowed = (
                f"a number from {option.least} up to, but not including, {option.below}"
            )
            findings.add((*where, name), f"got {value}; allowed: {allowed}")
            return
    if "kink" in options and record.kink:
        low, high = sorted(_slopes_beside_kink(record, record.kink, options))
        if not low <= options["kink"] <= high:
            findings.add(
                (*where, "kink"),
                f"got {options['kink']}; the slope at the kink lies between the slopes"
                f" on its two sides, {low} and {high}",
            )


def _slopes_beside_kink(
    record: Activation, kink: str, options: Mapping[str, Decimal]
) -> tuple[Decimal, ...]:
    names = {name: Key(name) for name in ("z", "a", *record.options)}
    constants = {
        names[o]: options.get(o, option.usual) for o, option in record.options.items()
    }
    condition = read(kink, names)
    assert isinstance(condition, Comparison)
    point, slopes = evaluate(condition.right, constants), []
    for step in (Decimal("-1e-30"), Decimal("1e-30")):
        values = {**constants, names["z"]: point + step}
        values[names["a"]] = evaluate(read(record.formula, names), values)
        slopes.append(evaluate(read(record.slope, names), values))
    return tuple(slopes)


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
        if layer.activation not in rational:
            findings.add(
                where,
                f"the values of {layer.activation} (layer {number}) are no fractions;"
                f" exact = true is for {', '.join(rational)}",
            )
    if loss and not _is_rational(LOSSES[loss.name].formula, ("t", "y")):
        findings.add(where, f"the values of {loss.name} are no fractions")


def _is_rational(formula: str, names: tuple[str, ...]) -> bool:
    """Whether the formula is a fraction at fractions: e^(1/2) is none.

    >>> _is_rational("max(0, z)", ("z",)), _is_rational("tanh(z)", ("z",))
    (True, False)
    """
    keys = {name: Key(name) for name in names}
    # Different fractions, none of them 0 or 1: there e^x and ln x are rational.
    values = {key: Fraction(1, place) for place, key in enumerate(keys.values(), 2)}
    try:
        evaluate_exactly(read(formula, keys), values)
    except ArithmeticError:
        return False
    return True


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
