"""The pieces that the schemas of data are made of, as JSON Schema spells them."""

from __future__ import annotations

from typing import Any

COUNT = {"type": "integer", "minimum": 0}
NAME = {
    "type": "string",
    "description": "The plain name of a quantity, such as dE/dw5.",
}


def object_of(**properties: Any) -> dict[str, Any]:
    """An object with exactly these keys.

    >>> object_of(step=COUNT)["required"]
    ['step']
    """
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def list_of(kind: Any) -> dict[str, Any]:
    """A list, each entry of one kind."""
    return {"type": "array", "items": kind}


def or_null(kind: dict[str, Any]) -> dict[str, Any]:
    """A value of the kind, or null where there is none."""
    return {"anyOf": [kind, {"type": "null"}]}
