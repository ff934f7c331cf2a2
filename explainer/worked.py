"""The program's interface: a network, its worked derivation, and the quantities in
it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from explainer.derivation.deriving import (
    METHODS,
    Derivation,
    derive_graph,
    needed_by,
    whole_derivatives,
)
from explainer.derivation.iterating import Progress
from explainer.derivation.readings import Readings
from explainer.derivation.runs import Course, Run, run_at, run_course
from explainer.derivation.slope_check import check_slopes
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key
from explainer.network.building import build
from explainer.network.problems import NetworkError, Problem, unknown
from explainer.network.quantity import Graph
from explainer.network.softmax import LAYER_ACTIVATIONS
from explainer.network.spec import Spec
from explainer.notation import NOTATIONS, Notation, Speller, plain_name
from explainer.page.composing import DETAILS, Equations, Layout
from explainer.page.document import Document
from explainer.page.formats import FORMATS
from explainer.page.proof import Proof, prove
from explainer.page.record import record
from explainer.page.rendering import render as render_document
from explainer.page.spelling import refuse_shared_names
from explainer.page.tutorial import compose
from explainer.worked_quantity import WorkedQuantity


@dataclass(frozen=True)
class Network:
    """A small network, checked: its spec as read from the file.

    >>> network = Network.from_example("single-neuron")
    >>> [layer.units for layer in network.graph.layers]
    [('o1',)]
    """

    spec: Spec

    @classmethod
    def from_toml(cls, path: str | Path) -> Network:
        """The network of a TOML file. Raises NetworkError with all problems of the
        file."""
        return cls.from_text(Path(path).read_text("utf-8"), str(path))

    @classmethod
    def from_text(cls, text: str, source: str = "network") -> Network:
        """The network of a TOML text. Raises NetworkError with all problems of the
        text."""
        from explainer.network.file import read_network

        return cls(read_network(text, source))

    @classmethod
    def from_example(cls, name: str) -> Network:
        """The built-in example of that name; `explainer examples` lists them."""
        from explainer.examples import read_example

        return cls.from_text(read_example(name), name)

    @cached_property
    def graph(self) -> Graph:
        """The ordered graph of named quantities."""
        return build(self.spec)


def derive(
    network: Network,
    *,
    method: str | None = None,
    detail: str = "standard",
    only: Sequence[str] = (),
    symbolic: bool = False,
    verify: bool = True,
    progress: Progress | None = None,
) -> WorkedDerivation:
    """One full training step of a network, worked out and verified.

    `method` is "paths" or "signals" (the file's choice when None), `detail` is "brief",
    "standard" or "full". `only` keeps what the named parameters need. `symbolic`
    leaves the numbers out. Raises NetworkError where a choice is unknown, where the
    paths are too many for a page, or where a rule has no value at these numbers.

    >>> derivation = derive(Network.from_example("forward-backward"), verify=False)
    >>> derivation["dE/dw5"].shown
    Decimal('0.08020')
    """
    method = method or network.spec.page.method
    _check_choices(method, detail)
    derivation = derive_graph(network.graph, method, tuple(only))
    _prove_own_slopes(network.spec, derivation, verify)
    rounding = network.spec.rounding
    optimizer = network.spec.optimizer
    run = None if symbolic else run_at(derivation, rounding, 1, {})
    several = optimizer.iterations > 1 and derivation.updates and not symbolic
    course = (
        run_course(derivation, rounding, optimizer.iterations, optimizer.show, progress)
        if several
        else None
    )
    return WorkedDerivation(
        network.spec, derivation, run, detail, verify and not symbolic, course
    )


def _check_choices(method: str, detail: str) -> None:
    problems = [
        Problem(place, unknown(place, got, known))
        for place, got, known in (
            ("method", method, METHODS),
            ("detail", detail, DETAILS),
        )
        if got not in known
    ]
    if problems:
        raise NetworkError(problems)


def _prove_own_slopes(spec: Spec, derivation: Derivation, verify: bool) -> None:
    """SymPy differentiates a formula of the file's own, also where nothing else is
    verified."""
    own = [
        layer for layer in spec.layers if layer.activation.name not in LAYER_ACTIVATIONS
    ]
    if verify or not (own or spec.formulas):
        return
    failures = check_slopes(derivation).failures
    if failures:
        message = f"SymPy finds another derivative of {', '.join(failures)}"
        raise NetworkError([Problem("formulas", message)])


@dataclass(frozen=True)
class WorkedDerivation:
    """A derivation with its numbers; indexed by plain names such as `dE/dw5` and
    `new_w5`, and with several iterations `new_w5@3`.

    In Jupyter it displays itself as its Markdown page.
    """

    spec: Spec
    symbols: Derivation
    run: Run | None
    detail: str
    verify: bool
    course: Course | None = None

    @property
    def readings(self) -> Readings | None:
        """The numbers under the page's rounding rule; None for symbols only."""
        return self.run.readings if self.run else None

    @property
    def rounding(self) -> Rounding:
        return self.spec.rounding

    @property
    def full(self) -> Readings | None:
        """The readings in full precision (50 digits), for the checks and the data
        format."""
        return self.run.full if self.run else None

    @cached_property
    def notation(self) -> Notation:
        """The notation of the file: a built-in one with the file's own patterns over
        it."""
        chosen = self.spec.notation
        return NOTATIONS[chosen.base].extended(chosen.patterns, chosen.symbols)

    @cached_property
    def spell(self) -> Speller:
        whole = whole_derivatives(self.symbols)
        return Speller(self.notation, self.symbols.graph.places, whole)

    @property
    def document(self) -> Document:
        """The page as a tree of blocks; step numbers are given here."""
        return self._page[0]

    @cached_property
    def _page(self) -> tuple[Document, Proof | None]:
        page = self.spec.page
        show = self.spec.optimizer.show
        layout = Layout(self.detail, page.updates, page.order, show, page.matrices)
        check = self._prove if self.verify else None
        refuse_shared_names(self._keys_of_page(), self.spell)
        return compose(
            self.spec.title,
            self.symbols,
            self.run,
            self.rounding,
            layout,
            check,
            self.course,
        )

    def _keys_of_page(self) -> list[Key]:
        derivation = self.symbols
        results = [*derivation.gradients.values(), *derivation.updates.values()]
        wanted = [*results, *derivation.again, derivation.graph.objective]
        needed = needed_by(derivation, wanted)
        keys = [*derivation.graph.givens, *derivation.quantities]
        return [key for key in keys if key in needed]

    def _prove(self, run: Run, printed: Mapping[Key, Equations]) -> Proof:
        return prove(run.derivation, run.readings, run.full, self.rounding, printed)

    @property
    def proof(self) -> Proof | None:
        """What was verified; None where verification was not asked for."""
        return self._page[1]

    @cached_property
    def _keys(self) -> dict[str, Key]:
        keys = [*self.symbols.graph.givens, *self.symbols.quantities]
        # A total derivative is what a name such as dE/dw5 means, should a local one
        # share it.
        return {plain_name(key): key for key in sorted(keys, key=_is_total)}

    @property
    def names(self) -> tuple[str, ...]:
        """The plain names of all quantities."""
        return tuple(self._keys)

    def __getitem__(self, name: str) -> WorkedQuantity:
        """The quantity of that name; `new_w5@3` is the one of iteration 3."""
        plain, _, iteration = name.partition("@")
        if plain not in self._keys:
            raise KeyError(unknown("quantity", plain, self._keys))
        kept = self.course.runs if self.course else {1: self.run}
        if iteration and int(iteration) not in kept:
            numbers = ", ".join(map(str, kept))
            raise KeyError(f"iteration {iteration} was not kept; known: {numbers}")
        run = kept[int(iteration)] if iteration else self.run
        return WorkedQuantity(self, self._keys[plain], run)

    def _repr_markdown_(self) -> str:
        return render(self, "md")


def _is_total(key: Key) -> bool:
    return key.kind == "derivative"


def render(
    derivation: WorkedDerivation,
    form: str,
    templates: Path | None = None,
    language: str | None = None,
) -> str:
    """The worked derivation as text: "md", "tex" or "json".

    `templates` is a folder whose files replace built-in templates of the same name, or
    bring a language. `language` is the file's choice when None.
    """
    if form == "json":
        return record(
            derivation.spec.title,
            derivation.symbols,
            derivation.readings,
            derivation.full,
            derivation.rounding,
            derivation.document,
            derivation.proof,
            derivation.spell,
            derivation.course,
        )
    if form not in FORMATS:
        raise ValueError(unknown("format", form, [*FORMATS, "json"]))
    language = language or derivation.spec.page.language
    return render_document(
        derivation.document, form, derivation.spell, templates, language
    )


def with_choices(network: Network, **choices: Any) -> Network:
    """The network with other choices of page, notation or rounding than its file
    makes."""
    return Network(replace(network.spec, **choices))
