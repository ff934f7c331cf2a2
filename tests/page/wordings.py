"""What a wording has: its sentences, the values they speak of, the entries of its
tables of words; and what one wording has that another lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import nodes

from explainer.page.templates import languages, make_environment

# A name that begins so belongs to one language.
OWN = "_"


@dataclass(frozen=True, slots=True)
class Wording:
    """The values each sentence may speak of, and the entries of each table."""

    sentences: Mapping[str, frozenset[str]]
    tables: Mapping[str, frozenset[str]]


def read_wording(language: str, folder: Path | None = None) -> Wording:
    """The wording as its template is parsed."""
    environment = make_environment(folder)
    assert environment.loader is not None
    name = f"wording/{language}.j2"
    tree = environment.parse(environment.loader.get_source(environment, name)[0])
    macros = {macro.name: macro for macro in tree.find_all(nodes.Macro)}
    return Wording(
        {
            name: frozenset(_values(name, macros))
            for name in macros
            if not name.startswith(OWN)
        },
        dict(_tables(tree)),
    )


def _values(name: str, macros: Mapping[str, nodes.Macro]) -> Iterator[str]:
    """The values of `w` that a sentence uses, by itself or through another macro."""
    for found in macros[name].find_all(nodes.Getattr):
        if isinstance(found.node, nodes.Name) and found.node.name == "w":
            yield found.attr
    for call in macros[name].find_all(nodes.Call):
        given = [each.name for each in call.args if isinstance(each, nodes.Name)]
        if isinstance(call.node, nodes.Name) and "w" in given:
            yield from _values(call.node.name, macros)


def _tables(tree: nodes.Template) -> Iterator[tuple[str, frozenset[str]]]:
    for each in tree.body:
        if isinstance(each, nodes.Assign) and isinstance(each.target, nodes.Name):
            assert isinstance(each.node, nodes.Dict | nodes.List)
            yield each.target.name, frozenset(each.node.as_const())


def lacking(folder: Path | None = None) -> list[str]:
    """What some languages have and others lack, as `es: seed`."""
    wordings = {code: read_wording(code, folder) for code in languages(folder)}
    names = {code: set(_names(wording)) for code, wording in wordings.items()}
    every = set[str]().union(*names.values())
    return sorted(
        f"{code}: {name}" for code, known in names.items() for name in every - known
    )


def _names(wording: Wording) -> Iterable[str]:
    for sentence, values in wording.sentences.items():
        yield sentence
        yield from (f"{sentence} w.{value}" for value in values)
    for table, entries in wording.tables.items():
        yield table
        yield from (f"{table}[{entry}]" for entry in entries)
