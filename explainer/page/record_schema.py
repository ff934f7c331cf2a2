"""The JSON Schema of the derivation as data: what `record` writes, documented and
tested."""

from __future__ import annotations

from typing import Any

from explainer.page.record import VERSION

NUMBER = {
    "type": "string",
    "pattern": r"^-?\d+(\.\d+)?(E[+-]?\d+|/\d+)?$",
    "description": "A number as text: decimal, with an exponent, or a fraction.",
}
NAME = {
    "type": "string",
    "description": "The plain name of a quantity, such as dE/dw5.",
}


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


COUNT = {"type": "integer", "minimum": 0}
IDENTITY = {"$ref": "#/$defs/identity"}
VALUE = _object(
    full=NUMBER | {"description": "In full precision: nothing rounded on the way."},
    carried=NUMBER | {"description": "As the next step uses it."},
    shown=NUMBER | {"description": "As printed."},
)
QUANTITY = _object(
    name=NAME,
    identity=IDENTITY,
    latex={"type": "string", "description": "Its symbol in the notation of the page."},
    rule={
        "type": "string",
        "description": "The catalogue's name for its rule, or given.",
    },
    formula=_or_null(
        {"type": "string", "description": "In plain text; null when given."}
    ),
    formula_latex=_or_null({"type": "string"}),
    uses=_list(NAME),
    step=_or_null({"type": "integer", "minimum": 1}),
)
QUANTITY["properties"] |= {
    "value": VALUE,
    "given_at": _or_null(
        {"type": "string", "description": "Its place in the network file."}
    ),
}
VERIFICATION = _object(
    holds={"type": "boolean"},
    slopes=_object(count=COUNT, failures=_list({"type": "string"})),
    forms=_object(count=COUNT, failures=_list(NAME)),
    lines=_object(
        exact=COUNT, rounded=COUNT, propagated=COUNT, false=COUNT, failures=_list(NAME)
    ),
    gradients=_object(
        road={"enum": ["composed", "differences"]},
        compared=COUNT,
        wanted=COUNT,
        largest_relative_difference=NUMBER,
        failures=_list(NAME),
        kinks=_list(NAME),
    ),
)
DIGITS = _object(digits=COUNT, unit={"enum": ["figures", "decimals"]})
ROUNDING = _object(
    exact={"type": "boolean"},
    digits=COUNT,
    unit={"enum": ["figures", "decimals"]},
    mode={"enum": ["half-up", "half-even", "truncate"]},
    carry=_list({"type": "string"}),
    by_kind={"type": "object", "additionalProperties": DIGITS},
)
COURSE = _object(
    iterations=COUNT,
    errors={
        "type": "object",
        "additionalProperties": NUMBER,
        "description": "The error after so many updates, as printed.",
    },
    runs={
        "type": "object",
        "additionalProperties": {"type": "object", "additionalProperties": VALUE},
        "description": "By number of the iteration, the numbers of its quantities.",
    },
    last={
        "type": "object",
        "additionalProperties": NUMBER,
        "description": "The given numbers as the last update left them.",
    },
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A worked derivation",
    **_object(
        version={"const": VERSION},
        title={"type": "string"},
        method={"type": "string"},
        rounding=ROUNDING,
        objective=NAME,
        gradients={"type": "object", "additionalProperties": NAME},
        updates={"type": "object", "additionalProperties": NAME},
        quantities=_list(QUANTITY),
        course=_or_null(COURSE),
        verification=_or_null(VERIFICATION),
    ),
    "$defs": {
        "identity": _object(
            kind={"type": "string"},
            of=_list({"anyOf": [{"type": "string"}, IDENTITY]}),
            at={"type": "object", "additionalProperties": {"type": "integer"}},
        )
    },
}
