"""A network file is read: it is a network, or all that is wrong is said at once."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from explainer.network.checking import check
from explainer.network.literals import read_float
from explainer.network.network_file import FileSchema, NetworkFile
from explainer.network.problems import Findings, NetworkError, Problem
from explainer.network.spec import Spec
from explainer.network.tables import read_tables


def read_network(text: str, source: str = "network") -> Spec:
    """The network that a file describes. Raises NetworkError with all that is wrong.

    `source` names the file; it is the title of a network that has none.

    >>> read_network("inputs = 3")
    Traceback (most recent call last):
    explainer.network.problems.NetworkError: layers: the network has no layers; at\
 least one is needed, or formulas in [formulas]
    inputs: got 3; allowed: a table
    """
    raw, findings = _parse(text, source), Findings()
    file = read_tables(raw, findings)
    spec = check(file, findings, source) if file else None
    if spec is None or findings.found:
        # `raw` has been repaired; the order is that of the text.
        raise NetworkError(findings.in_file_order(_parse(text, source)), source)
    return spec


def file_schema() -> dict[str, Any]:
    """The JSON Schema of a network file, for editors."""
    schema = NetworkFile.model_json_schema(schema_generator=FileSchema)
    return {"$schema": FileSchema.schema_dialect, **schema}


def _parse(text: str, source: str) -> dict[str, Any]:
    try:
        # Some editors begin a file with a byte order mark.
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=read_float)
    except tomllib.TOMLDecodeError as error:
        problem = _syntax_problem(str(error), text)
    except RecursionError:
        problem = Problem("file", "brackets are nested too deeply")
    except ValueError:
        problem = Problem("file", "a number or a date in it cannot be read")
    raise NetworkError((problem,), source)


def _syntax_problem(message: str, text: str) -> Problem:
    place = "(line [0-9]+, column [0-9]+)|end of document"
    found = re.fullmatch(rf"(.*) \(at (?:{place})\)", message, re.DOTALL)
    why, where = found.groups() if found else (message, None)
    lines = text.split("\n")
    end = f"line {len(lines)}, column {len(lines[-1]) + 1}"
    if re.search("overwrite|twice|duplicate", why, re.IGNORECASE):
        why = f"{why}; a name stands once in a table"
    return Problem(where or end, f"this is not TOML: {why}")
