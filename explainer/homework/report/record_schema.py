"""The JSON Schema of the report as data: what `record_report` writes, documented and
tested."""

from __future__ import annotations

from typing import Any, get_args

from explainer.homework.diagnosis import FindingKind
from explainer.homework.judging import Verdict
from explainer.homework.mistakes.mistake import Kind
from explainer.homework.report.marking import Credit
from explainer.homework.report.record import VERSION
from explainer.page.json_schema import COUNT, NAME, list_of, object_of, or_null

TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
NUMBER = {"type": "string", "description": "A number as text."}
LINE = COUNT | {"description": "The line of the sheet, from 1."}


def _one_of(*words: str) -> dict[str, Any]:
    return {"enum": list(words)}


CREDIT = _one_of(*(credit.value for credit in Credit))
VALUE_ON_SHEET = object_of(
    name=NAME,
    line=LINE,
    text=TEXT | {"description": "As the student typed it."},
    verdict=_one_of(*(verdict.value for verdict in Verdict)),
    expected=or_null(
        NUMBER | {"description": "What follows from the student's own values."}
    ),
    parents=list_of(NAME) | {"description": "The student's values that the step uses."},
    carries=list_of(NAME) | {"description": "The wrong values from which it follows."},
    credit=or_null(CREDIT),
    earned=NUMBER,
    possible=COUNT,
)
HYPOTHESIS = object_of(
    mistakes=list_of(object_of(name=TEXT, id=TEXT, kind=_one_of(*get_args(Kind))))
    | {"description": "What was done; two where two mistakes meet in one value."},
    scope=_one_of("everywhere", "layer", "unit", "cell"),
    explained=list_of(NAME),
    broken=list_of(NAME)
    | {"description": "Values that would be wrong by this mistake, and are not."},
    step=NAME | {"description": "The quantity that was computed wrongly."},
    right=TEXT | {"description": "The right formula of the step."},
    wrong=TEXT | {"description": "The formula that was used."},
    numbers={
        "type": "object",
        "additionalProperties": NUMBER,
        "description": "The student's number for each quantity in the formulas.",
    },
    value=or_null(NUMBER)
    | {"description": "What the wrong formula gives for the first value."},
)
FINDING = object_of(
    kind=_one_of(*get_args(FindingKind)),
    cells=list_of(NAME) | {"description": "The values that have this one cause."},
    hypotheses=list_of(HYPOTHESIS)
    | {"description": "Several are a tie; without any, nothing explains the value."},
    parents=list_of(NAME),
    expected=or_null(NUMBER)
    | {"description": "What should follow from the parents, where nothing explains."},
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "The report on a student's sheet",
    **object_of(
        format={"const": VERSION},
        network=TEXT | {"description": "The title of the network file."},
        student=TEXT,
        code=TEXT | {"description": "The code of the paper, where it has one."},
        right=FLAG | {"description": "Every value right, every line true."},
        notation=TEXT | {"description": "The notation that most names fit."},
        values=list_of(VALUE_ON_SHEET) | {"description": "In the order of work."},
        findings=list_of(FINDING) | {"description": "The first one comes first."},
        arithmetic=list_of(
            object_of(
                line=LINE,
                left=TEXT,
                right=TEXT,
                how=_one_of("exact", "rounded", "truncated", "within", "off"),
            )
        )
        | {"description": "Lines of arithmetic, each true as written but for off."},
        problems=list_of(
            object_of(
                line=LINE,
                kind=_one_of("unknown", "ambiguous", "unreadable", "repeated"),
                got=TEXT,
                candidates=list_of(TEXT),
            )
        ),
        caps=list_of(
            object_of(name=NAME, reason=_one_of("impossible", "zero", "saturated"))
        )
        | {"description": "Own values from which no credit follows."},
        blank=list_of(NAME) | {"description": "Asked, and not on the sheet."},
        earned=NUMBER,
        possible=COUNT,
    ),
}
