"""The program's interface: a network, its worked derivation, and the quantities in
it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from explainer.derivation.deriving import (
    METHODS,
    Derivation,
    derive_graph,
    printed_keys,
    whole_derivatives,
)
from explainer.derivation.progress import Progress
from explainer.derivation.readings import Readings
from explainer.derivation.runs import Course, Run, run_at, run_course
from explainer.derivation.slope_check import check_slopes
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key
from explainer.network.problems import NetworkError, Problem, unknown
from explainer.network.softmax import LAYER_ACTIVATIONS
from explainer.network.spec import Spec
from explainer.notation import NOTATIONS, Notation, Speller, plain_name
from explainer.page.composing import DETAILS, Equations, Layout
from explainer.page.document import Document
from explainer.page.proof import Proof, prove
from explainer.page.spelling import refuse_shared_names
from explainer.page.tutorial import compose
from explainer.worked_network import Network as Network
from explainer.worked_network import with_choices as with_choices
from explainer.worked_page import pictures as pictures
from explainer.worked_page import render as render
from explainer.worked_page import slug as slug
from explainer.worked_quantity import WorkedQuantity
from explainer.worked_step import WorkedStep


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
    leaves the numbers out. `progress` is told how far a long computation has come,
    the verification too. Raises NetworkError where a choice is unknown, where the
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
    checked = verify and not symbolic
    return WorkedDerivation(
        network.spec, derivation, run, detail, checked, course, progress
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
    progress: Progress | None = field(default=None, compare=False, repr=False)

    @property
    def readings(self) -> Readings | None:
        """The numbers under the page's rounding rule; None for symbols only."""
        return self.run.readings if self.run else None

    @property
    def runs(self) -> Mapping[int, Run]:
        """The iterations that were kept, by number; none for symbols only."""
        if self.course:
            return self.course.runs
        return {1: self.run} if self.run else {}

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
        layout = Layout(
            self.detail,
            page.updates,
            page.order,
            show,
            page.matrices,
            page.pictures,
            self.spell,
        )
        check = self._prove if self.verify else None
        refuse_shared_names(printed_keys(self.symbols), self.spell)
        return compose(
            self.spec.title,
            self.symbols,
            self.run,
            self.rounding,
            layout,
            check,
            self.course,
        )

    def _prove(self, run: Run, printed: Mapping[Key, Equations]) -> Proof:
        return prove(
            run.derivation,
            run.readings,
            run.full,
            self.rounding,
            printed,
            self.progress,
        )

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
        known = {str(number): run for number, run in kept.items()}
        if iteration and iteration not in known:
            numbers = ", ".join(known)
            raise KeyError(f"iteration {iteration} was not kept; known: {numbers}")
        run = known[iteration] if iteration else self.run
        return WorkedQuantity(self, self._keys[plain], run)

    @property
    def steps(self) -> tuple[WorkedStep, ...]:
        """The steps in their order: `steps[0]` is step 1."""
        return tuple(WorkedStep(self, step) for step in self.document.steps)

    def step(self, wanted: int | str) -> WorkedStep:
        """The step of that number, or of the quantity of that name.

        >>> derivation = derive(Network.from_example("forward-backward"), verify=False)
        >>> derivation.step(16)
        step 16: dE/dw5
        >>> derivation.step("new_w5").number
        17
        """
        number = wanted if isinstance(wanted, int) else self[wanted].step
        last = len(self.document.steps)
        if number is None:
            raise KeyError(f"{wanted} has no step of its own")
        if not 1 <= number <= last:
            raise KeyError(f"there is no step {number}; known: 1 to {last}")
        return self.steps[number - 1]

    def _repr_markdown_(self) -> str:
        return render(self, "md", stem="")


def _is_total(key: Key) -> bool:
    return key.kind == "derivative"
