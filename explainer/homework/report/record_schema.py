"""The JSON Schema of the report as data: what `record_report` writes, documented and
tested."""

from __future__ import annotations

from typing import Any, get_args

from explainer.homework.diagnosis import FindingKind
from explainer.homework.judging import Verdict
from explainer.homework.mistakes.mistake import Kind
from explainer.homework.report.marking import Credit
from explainer.homework.report.record import VERSION

TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
COUNT = {"type": "integer", "minimum": 0}
NUMBER = {"type": "string", "description": "A number as text."}
NAME = {
    "type": "string",
    "description": "The plain name of a quantity, such as dE/dw5.",
}
LINE = COUNT | {"description": "The line of the sheet, from 1."}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(of: Any) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _or_null(kind: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [kind, {"type": "null"}]}


def _one_of(*words: str) -> dict[str, Any]:
    return {"enum": list(words)}


CREDIT = _one_of(*(credit.value for credit in Credit))
VALUE_ON_SHEET = _object(
    name=NAME,
    line=LINE,
    text=TEXT | {"description": "As the student typed it."},
    verdict=_one_of(*(verdict.value for verdict in Verdict)),
    expected=_or_null(
        NUMBER | {"description": "What follows from the student's own values."}
    ),
    parents=_list(NAME) | {"description": "The student's values that the step uses."},
    carries=_list(NAME) | {"description": "The wrong values from which it follows."},
    credit=_or_null(CREDIT),
    earned=NUMBER,
    possible=COUNT,
)
HYPOTHESIS = _object(
    mistakes=_list(_object(name=TEXT, id=TEXT, kind=_one_of(*get_args(Kind))))
    | {"description": "What was done; two where two mistakes meet in one value."},
    scope=_one_of("everywhere", "layer", "unit", "cell"),
    explained=_list(NAME),
    broken=_list(NAME)
    | {"description": "Values that would be wrong by this mistake, and are not."},
    step=NAME | {"description": "The quantity that was computed wrongly."},
    right=TEXT | {"description": "The right formula of the step."},
    wrong=TEXT | {"description": "The formula that was used."},
    numbers={
        "type": "object",
        "additionalProperties": NUMBER,
        "description": "The student's number for each quantity in the formulas.",
    },
    value=_or_null(NUMBER)
    | {"description": "What the wrong formula gives for the first value."},
)
FINDING = _object(
    kind=_one_of(*get_args(FindingKind)),
    cells=_list(NAME) | {"description": "The values that have this one cause."},
    hypotheses=_list(HYPOTHESIS)
    | {"description": "Several are a tie; without any, nothing explains the value."},
    parents=_list(NAME),
    expected=_or_null(NUMBER)
    | {"description": "What should follow from the parents, where nothing explains."},
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The report on a student's sheet",
    **_object(
        format={"const": VERSION},
        network=TEXT | {"description": "The title of the network file."},
        student=TEXT,
        code=TEXT | {"description": "The code of the paper, where it has one."},
        right=FLAG | {"description": "Every value right, every line true."},
        notation=TEXT | {"description": "The notation that most names fit."},
        values=_list(VALUE_ON_SHEET) | {"description": "In the order of work."},
        findings=_list(FINDING) | {"description": "The first one comes first."},
        arithmetic=_list(
            _object(
                line=LINE,
                left=TEXT,
                right=TEXT,
                how=_one_of("exact", "rounded", "truncated", "within", "off"),
            )
        )
        | {"description": "Lines of arithmetic, each true as written but for off."},
        problems=_list(
            _object(
                line=LINE,
                kind=_one_of("unknown", "ambiguous", "unreadable", "repeated"),
                got=TEXT,
                candidates=_list(TEXT),
            )
        ),
        caps=_list(
            _object(name=NAME, reason=_one_of("impossible", "zero", "saturated"))
        )
        | {"description": "Own values from which no credit follows."},
        blank=_list(NAME) | {"description": "Asked, and not on the sheet."},
        earned=NUMBER,
        possible=COUNT,
    ),
}
