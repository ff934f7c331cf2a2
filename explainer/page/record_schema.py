"""The JSON Schema of the derivation as data: what `record` writes, documented and
tested."""

from __future__ import annotations

from typing import Any

from explainer.page.json_schema import COUNT, NAME, list_of, object_of, or_null
from explainer.page.record import VERSION

NUMBER = {
    "type": "string",
    "pattern": r"^-?\d+(\.\d+)?(E[+-]?\d+|/\d+)?$",
    "description": "A number as text: decimal, with an exponent, or a fraction.",
}


IDENTITY = {"$ref": "#/$defs/identity"}
VALUE = object_of(
    full=NUMBER | {"description": "In full precision: nothing rounded on the way."},
    carried=NUMBER | {"description": "As the next step uses it."},
    shown=NUMBER | {"description": "As printed."},
)
QUANTITY = object_of(
    name=NAME,
    identity=IDENTITY,
    latex={"type": "string", "description": "Its symbol in the notation of the page."},
    rule={
        "type": "string",
        "description": "The catalogue's name for its rule, or given.",
    },
    formula=or_null(
        {"type": "string", "description": "In plain text; null when given."}
    ),
    formula_latex=or_null({"type": "string"}),
    uses=list_of(NAME),
    step=or_null({"type": "integer", "minimum": 1}),
)
QUANTITY["properties"] |= {
    "value": VALUE,
    "given_at": or_null(
        {"type": "string", "description": "Its place in the network file."}
    ),
}
VERIFICATION = object_of(
    holds={"type": "boolean"},
    slopes=object_of(count=COUNT, failures=list_of({"type": "string"})),
    forms=object_of(count=COUNT, failures=list_of(NAME)),
    lines=object_of(
        exact=COUNT,
        rounded=COUNT,
        propagated=COUNT,
        false=COUNT,
        failures=list_of(NAME),
    ),
    gradients=object_of(
        road={"enum": ["composed", "differences"]},
        compared=COUNT,
        wanted=COUNT,
        largest_relative_difference=NUMBER,
        failures=list_of(NAME),
        kinks=list_of(NAME),
    ),
)
DIGITS = object_of(digits=COUNT, unit={"enum": ["figures", "decimals"]})
ROUNDING = object_of(
    exact={"type": "boolean"},
    digits=COUNT,
    unit={"enum": ["figures", "decimals"]},
    mode={"enum": ["half-up", "half-even", "truncate"]},
    carry=list_of({"type": "string"}),
    by_kind={"type": "object", "additionalProperties": DIGITS},
)
COURSE = object_of(
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
    **object_of(
        version={"const": VERSION},
        title={"type": "string"},
        method={"type": "string"},
        rounding=ROUNDING,
        objective=NAME,
        gradients={"type": "object", "additionalProperties": NAME},
        updates={"type": "object", "additionalProperties": NAME},
        quantities=list_of(QUANTITY),
        course=or_null(COURSE),
        verification=or_null(VERIFICATION),
    ),
    "$defs": {
        "identity": object_of(
            kind={"type": "string"},
            of=list_of({"anyOf": [{"type": "string"}, IDENTITY]}),
            at={"type": "object", "additionalProperties": {"type": "integer"}},
        )
    },
}
