"""Checking a sheet: read it, judge every value, find out about what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from explainer.derivation.deriving import Derivation, derive_graph, whole_derivatives
from explainer.derivation.readings import Value, rounding_kind
from explainer.homework.answers import answer_key
from explainer.homework.diagnosing import diagnose
from explainer.homework.diagnosis import Diagnosis
from explainer.homework.examiner import Examiner
from explainer.homework.judging import RIGHT, Judgement, judge
from explainer.homework.sheets import Sheet, SheetNames, names_of, read_sheet
from explainer.homework.sheets.form import sections
from explainer.mathematics.rounding import Digits
from explainer.mathematics.written import Key
from explainer.network.problems import NetworkError
from explainer.network.quantity import Graph
from explainer.network.spec import Spec
from explainer.notation import NOTATIONS, Notation, Speller

# What every method writes down; the steps between are a matter of taste.
MILESTONES = frozenset(("sum", "activation", "loss", "gradient", "parameter"))


@dataclass(frozen=True, slots=True)
class Policy:
    """How a sheet is read and judged: the digits asked, whether cutting off is as good
    as rounding, whether 0,5 is a number."""

    digits: Digits | None = None
    truncated: bool = True
    comma: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet with all that was found out about it."""

    sheet: Sheet
    judgement: Judgement
    diagnosis: Diagnosis

    @property
    def is_right(self) -> bool:
        """Whether every value is right, every line of arithmetic true, and at least one
        value was read."""
        cells = self.judgement.cells.values()
        true = all(line.holds for line in self.sheet.lines)
        return bool(cells) and true and all(c.verdict in RIGHT for c in cells)


class Checker:
    """All that depends on a network alone, prepared once for any number of sheets."""

    def __init__(self, spec: Spec, graph: Graph, policy: Policy | None = None) -> None:
        self.spec, self.graph = spec, graph
        self.policy = policy or Policy()
        self.answers = answer_key(graph)
        self.examiner = Examiner(self.answers)

    def check(self, text: str, givens: Mapping[Key, Value] | None = None) -> Checked:
        """A sheet, checked; `givens` are the numbers of the student's variant."""
        sheet = read_sheet(text, self.names, self.policy.comma)
        judgement = judge(
            self.examiner,
            sheet.entries,
            givens=givens,
            asked=self.asked,
            digits=self.policy.digits,
            truncated=self.policy.truncated,
        )
        return Checked(sheet, judgement, diagnose(self.examiner, judgement))

    @cached_property
    def derivations(self) -> tuple[Derivation, ...]:
        """The network by every method that writes scalars."""
        found = [self.answers.derivation]
        for method in ("signals", "paths"):
            try:
                found.append(derive_graph(self.graph, method))
            except NetworkError:  # Too many paths for any page, and for any sheet.
                continue
        return tuple(found)

    @cached_property
    def names(self) -> SheetNames:
        return names_of(self.derivations, self.notation)

    @cached_property
    def notation(self) -> Notation:
        """The notation of the network file."""
        chosen = self.spec.notation
        return NOTATIONS[chosen.base].extended(chosen.patterns, chosen.symbols)

    @cached_property
    def spell(self) -> Speller:
        whole = frozenset[Key]().union(*map(whole_derivatives, self.derivations))
        return Speller(self.notation, self.graph.places, whole)

    @cached_property
    def asked(self) -> tuple[Key, ...]:
        """The steps that count: weighted sums, outputs, errors, gradients and new
        values, in the order of work."""
        return self.of_kinds(MILESTONES)

    def of_kinds(self, kinds: Iterable[str]) -> tuple[Key, ...]:
        """The steps of a form that are of these kinds."""
        wanted = frozenset(kinds)
        form = sections(self.derivations[1])
        on_form = {key for keys in form.values() for key in keys}
        return tuple(
            key
            for key in self.answers.quantities
            if key in on_form and rounding_kind(key, self.graph) in wanted
        )
