"""The derivation as data: every quantity with its identity, its numbers and what it
uses."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from explainer.derivation.deriving import Derivation, needed_by
from explainer.derivation.general import spell_general
from explainer.derivation.readings import Reading, Readings
from explainer.derivation.runs import Course
from explainer.mathematics.latex import latex
from explainer.mathematics.plain import plain
from explainer.mathematics.rounding import KINDS, Rounding
from explainer.mathematics.written import Key
from explainer.notation import plain_name
from explainer.page.document import Document
from explainer.page.proof import Proof, figures

VERSION = 1


def record(
    title: str,
    derivation: Derivation,
    readings: Readings | None,
    full: Readings | None,
    rounding: Rounding,
    document: Document,
    proof: Proof | None,
    spell: Callable[[Key], str],
    course: Course | None = None,
) -> str:
    """The derivation as JSON text; `explainer schema derivation` prints its schema."""
    # Of several iterations the first has the quantity's own step.
    steps = {
        key: step.number
        for step in reversed(document.steps)
        for key in (step.key, *step.entries)
    }
    keys = [*derivation.graph.givens, *derivation.quantities]
    kept = needed_by(derivation, filter(None, steps))
    data = {
        "version": VERSION,
        "title": title,
        "method": derivation.method,
        "rounding": _rounding(rounding),
        "objective": plain_name(derivation.graph.objective),
        "gradients": _names(derivation.gradients),
        "updates": _names(derivation.updates),
        "quantities": [
            _quantity(derivation, readings, full, key, steps.get(key), spell)
            for key in keys
            if key in kept
        ],
        "course": _course(course, kept),
        "verification": _verification(proof),
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _names(keys: Mapping[Key, Key]) -> dict[str, str]:
    return {plain_name(key): plain_name(other) for key, other in keys.items()}


def _quantity(
    derivation: Derivation,
    readings: Readings | None,
    full: Readings | None,
    key: Key,
    step: int | None,
    spell: Callable[[Key], str],
) -> dict[str, Any]:
    quantity = derivation.quantities.get(key)
    data: dict[str, Any] = {
        "name": plain_name(key),
        "identity": identity(key),
        "latex": spell(key),
        "rule": quantity.rule if quantity else "given",
        "formula": plain(quantity.formula, plain_name) if quantity else None,
        "formula_latex": latex(quantity.formula, spell) if quantity else None,
        "uses": [plain_name(used) for used in quantity.uses] if quantity else [],
        "step": step,
    }
    if readings is not None and full is not None:
        data["value"] = _value(readings[key], full[key])
        data["given_at"] = readings[key].path
    return data


def _course(course: Course | None, kept: frozenset[Key]) -> dict[str, Any] | None:
    """Several iterations: the error after so many updates, the numbers of those kept,
    and what the last update left."""
    if course is None:
        return None
    return {
        "iterations": course.count,
        "errors": {str(n): number(error) for n, error in course.errors.items()},
        "runs": {
            str(run.number): {
                plain_name(key): _value(reading, run.full[key])
                for key, reading in run.readings.items()
                if key in kept
            }
            for run in course.runs.values()
        },
        "last": {plain_name(key): number(v) for key, v in course.last.items()},
    }


def identity(key: Key) -> dict[str, Any]:
    """(kind, of, at) as data."""
    of = [identity(part) if isinstance(part, Key) else part for part in key.of]
    return {"kind": key.kind, "of": of, "at": dict(key.at)}


def _value(reading: Reading, full: Reading) -> dict[str, str]:
    return {
        "full": number(full.value),
        "carried": number(reading.carried),
        "shown": number(reading.shown),
    }


def number(value: Decimal | Fraction) -> str:
    """A number as text, so that no reader takes it through a float."""
    if isinstance(value, Fraction):
        return str(value)
    return f"{value:f}" if -30 < value.adjusted() < 30 else str(value)


def _rounding(rounding: Rounding) -> dict[str, Any]:
    return {
        "exact": rounding.exact,
        "digits": rounding.digits.count,
        "unit": rounding.digits.unit,
        "mode": rounding.mode,
        "carry": [kind for kind in KINDS if kind in rounding.carry],
        "by_kind": {
            k: {"digits": d.count, "unit": d.unit} for k, d in rounding.by_kind.items()
        },
    }


def _verification(proof: Proof | None) -> dict[str, Any] | None:
    if proof is None:
        return None
    check = proof.gradients
    return {
        "holds": proof.holds,
        "slopes": {
            "count": proof.slopes.count,
            "failures": list(proof.slopes.failures),
        },
        "forms": {
            "count": proof.forms.count,
            "failures": [plain_name(key) for key in proof.forms.failures],
        },
        "lines": {
            **proof.lines.counts,
            "failures": [plain_name(k) for k in proof.lines.failures],
        },
        "gradients": {
            "road": check.road,
            "compared": check.compared,
            "wanted": check.wanted,
            "largest_relative_difference": number(figures(check.largest, 2)),
            "failures": [plain_name(key) for key in check.failures],
            "kinks": [plain_name(key) for key in check.kinks],
        },
    }


def record_general(document: Document, proofs: tuple[Any, ...]) -> str:
    """The general derivation as JSON text."""
    proved = {proof.number: proof for proof in proofs}
    equations = [
        {
            "number": step.number,
            "latex": latex(line.left, spell_general),
            "sides_latex": [latex(side.written, spell_general) for side in line.sides],
            "formula": [plain(side.written, spell_general) for side in line.sides],
            "instances": proved[step.number].instances if proved else None,
            "holds": proved[step.number].holds if proved else None,
        }
        for step in document.steps
        for line in step.equations
    ]
    data = {"version": VERSION, "title": "bias-update", "equations": equations}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
