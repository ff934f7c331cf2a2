"""The forms a single value has in a network file: a number, a name, a word."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag
from pydantic import GetCoreSchemaHandler as CoreHandler
from pydantic import GetJsonSchemaHandler as JsonHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from explainer.mathematics.rounding import KINDS
from explainer.network import literals
from explainer.network.problems import shown, unknown
from explainer.network.spec import Value

NAME = "[A-Za-z][A-Za-z0-9_]*"
MOST_DIGITS = 30


def _complaint(kind: str, message: str) -> PydanticCustomError:
    # The message goes in as data: a brace in it is no slot.
    return PydanticCustomError(kind, "{words}", {"words": message})


def _number(got: object) -> Value:
    try:
        return literals.read_number(got)
    except ValueError as error:
        raise _complaint("number", str(error)) from error


def _from(least: int, most: int = MOST_DIGITS) -> Callable[[object], int]:
    def read(got: object) -> int:
        if type(got) is not int or not least <= got <= most:
            allowed = f"allowed is a whole number from {least} to {most}"
            raise _complaint("digits", f"got {shown(got)}; {allowed}")
        return got

    return read


@dataclass(frozen=True, eq=False)
class ReadBy:
    """How a single value is read, and its JSON Schema."""

    read: Callable[[Any], object]
    schema: JsonSchemaValue

    def __get_pydantic_core_schema__(
        self, source: Any, inner: CoreHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, inner: JsonHandler
    ) -> JsonSchemaValue:
        return dict(self.schema)


def one_of(what: str, known: Collection[str]) -> ReadBy:
    """A word from a short list or a catalogue."""

    def choose(got: object) -> str:
        if not isinstance(got, str):
            allowed = f"allowed: {', '.join(known)}"
            raise _complaint("choice", f"got {shown(got)}; {allowed}")
        if got not in known:
            raise _complaint("choice", unknown(what, got, known))
        return got

    return ReadBy(choose, {"type": "string", "enum": list(known)})


def form_of(got: object) -> str | None:
    """The form a value has in the file. It is also the tag of that form in a union."""
    if isinstance(got, dict):
        return "<wiring>" if isinstance(got.get("from"), dict) else "<table>"
    if isinstance(got, list):
        return "<list>"
    if isinstance(got, str):
        return "<number>" if literals.is_number_text(got) else "<name>"
    is_number = isinstance(got, int | Decimal) and not isinstance(got, bool)
    return "<number>" if is_number else None


def by_form(allowed: str, kind: str = "form") -> Discriminator:
    return Discriminator(
        form_of,
        custom_error_type=kind,
        custom_error_message=f"allowed: {allowed}",
    )


NUMBER_SCHEMA: JsonSchemaValue = {
    "anyOf": [
        {"type": "number"},
        {"type": "string", "pattern": "^[+-]?[0-9]+/[0-9]+$"},
    ],
    "description": 'A number, or with exact rounding a fraction such as "1/3".',
}
Number = Annotated[Decimal | Fraction, ReadBy(_number, NUMBER_SCHEMA)]
Decimals = Annotated[
    int, ReadBy(_from(0), {"type": "integer", "minimum": 0, "maximum": MOST_DIGITS})
]
Figures = Annotated[
    int, ReadBy(_from(1), {"type": "integer", "minimum": 1, "maximum": MOST_DIGITS})
]
MOST_ITERATIONS = 1_000_000
Count = Annotated[
    int,
    ReadBy(
        _from(1, MOST_ITERATIONS),
        {"type": "integer", "minimum": 1, "maximum": MOST_ITERATIONS},
    ),
]
Name = Annotated[str, Field(json_schema_extra={"pattern": f"^{NAME}$"})]
Named = Annotated[dict[str, Number], Field(min_length=1, max_length=1)]
Kind = Annotated[str, one_of("kind of quantity", KINDS)]
Entry = Annotated[
    Annotated[Number, Tag("<number>")]
    | Annotated[Name, Tag("<name>")]
    | Annotated[Named, Tag("<table>")],
    by_form('a number, a name such as "w1", or both as in { w1 = 0.1 }', "entry"),
]
NamedEntry = Annotated[
    Annotated[Name, Tag("<name>")] | Annotated[Named, Tag("<table>")],
    by_form('a name such as "w1", or a name with its value as in { w1 = 0.1 }'),
]
Names = Annotated[
    Annotated[str, Tag("<name>")] | Annotated[list[str], Tag("<list>")],
    by_form('a list of names such as ["b1", "b2"], or one word'),
]
Carry = Annotated[
    Annotated[str, one_of("rule", ("shown", "full")), Tag("<name>")]
    | Annotated[list[Kind], Tag("<list>")],
    by_form(f'"shown", "full", or a list of kinds: {", ".join(KINDS)}'),
]


def _list_or_number(got: object) -> str:
    """What is no list should be a number: a number's own message says why it is
    none."""
    return "<list>" if isinstance(got, list) else "<number>"


Row = Annotated[
    Annotated[Number, Tag("<number>")] | Annotated[list[Number], Tag("<list>")],
    Discriminator(_list_or_number),
]
Values = Annotated[
    Annotated[Number, Tag("<number>")] | Annotated[list[Row], Tag("<list>")],
    Discriminator(_list_or_number),
]
