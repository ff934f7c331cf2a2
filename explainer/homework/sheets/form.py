"""The form that a student fills in: every quantity of a derivation with its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from explainer.derivation.deriving import Derivation, needed_by
from explainer.mathematics.written import Key
from explainer.notation import axes_of, plain_name, user_name
from explainer.page.templates import Ready, make_environment

SUFFIXES: Mapping[str, str] = {"toml": ".toml", "csv": ".csv", "md": ".md"}
FORWARD, ERROR, BACKWARD, UPDATES = "forward", "error", "backward", "updates"
BACKWARD_KINDS = frozenset(("derivative", "local", "path", "signal"))


@dataclass(frozen=True, slots=True)
class Blank:
    """One line of a form, as its template prints it."""

    key: Key
    spelled: str

    @property
    def symbol(self) -> Ready:
        r"""Its LaTeX symbol in a cell of a Markdown table, where | ends the cell."""
        return Ready(self.spelled.replace("|", r"\vert "))

    @property
    def kind(self) -> str:
        return self.key.kind

    @property
    def name(self) -> Ready:
        return Ready(plain_name(self.key))

    @property
    def cell(self) -> Ready:
        """The name in a cell of a Markdown table."""
        return Ready(plain_name(self.key).replace("|", r"\|"))

    @property
    def quoted(self) -> Ready:
        """The name in a line of CSV."""
        name = plain_name(self.key)
        return Ready(f'"{name}"' if "," in name else name)

    @property
    def unit(self) -> Ready:
        """The user's name that the quantity carries."""
        return Ready(user_name(self.key))

    @property
    def parts(self) -> tuple[Ready, ...]:
        """The plain names of what it is made of."""
        return tuple(Ready(plain_name(p)) for p in self._keys[:2])

    @property
    def ways(self) -> tuple[Ready, ...]:
        """The quantities that a path leads through."""
        return tuple(Ready(plain_name(part)) for part in self._keys[2:])

    @property
    def axes(self) -> tuple[tuple[Ready, int], ...]:
        """Its sample and time step, where a short name says nothing of them."""
        return tuple((Ready(axis), number) for axis, number in axes_of(self.key))

    @property
    def _keys(self) -> tuple[Key, ...]:
        return tuple(part for part in self.key.of if isinstance(part, Key))


def sections(derivation: Derivation) -> Mapping[str, tuple[Key, ...]]:
    """What is to be worked out, section by section, in the order of the derivation.

    The forward pass with the new parameters is no part of a form.
    """
    graph = derivation.graph
    results = [*derivation.gradients.values(), *derivation.updates.values()]
    needed = needed_by(derivation, [*results, graph.objective])
    layered = {key for layer in graph.layers for key in layer.quantities}
    found: dict[str, list[Key]] = {
        name: [] for name in (FORWARD, ERROR, BACKWARD, UPDATES)
    }
    for key in derivation.quantities:
        if key in needed:
            found[_section(key, derivation, layered)].append(key)
    return {name: tuple(keys) for name, keys in found.items() if keys}


def _section(key: Key, derivation: Derivation, layered: set[Key]) -> str:
    if key in derivation.graph.quantities:
        return FORWARD if key in layered else ERROR
    return BACKWARD if key.kind in BACKWARD_KINDS else UPDATES


def write_form(
    title: str,
    derivation: Derivation,
    spell: Callable[[Key], str],
    form: str,
    templates: Path | None = None,
    language: str = "en",
) -> str:
    """The empty form as text: "toml", "csv" or "md"."""
    environment = make_environment(templates)
    words = environment.get_template(f"sheet/{language}.j2").module
    blanks = {
        name: [Blank(key, spell(key)) for key in keys]
        for name, keys in sections(derivation).items()
    }
    template = environment.get_template(f"sheet/form.{form}.j2")
    line = Ready(" ".join(title.split()))
    return template.render(title=line, sections=blanks.items(), words=words)
