"""Many iterations: the same quantities worked out again and again, each time with the
values that the iteration before has found.

A step of training is a map from the parameters to the new parameters (Deep Learning,
section 4.3), and training applies it again and again. The derivation stays; only its
numbers change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from explainer.derivation.deriving import Derivation, needed_by
from explainer.derivation.progress import Progress
from explainer.derivation.readings import Value
from explainer.derivation.reckoning import Numbers, Reckoner
from explainer.mathematics.rounding import Rounding
from explainer.mathematics.written import Key
from explainer.network.problems import NetworkError, Problem

Schedule = Callable[[int], Mapping[Key, Value]]
NOTHING: Mapping[Key, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Iteration:
    """One iteration: its number from 1, and the givens in which it differs from the
    file.

    Its numbers are those that a new value or the objective needs, and no others.
    """

    number: int
    givens: Mapping[Key, Value]
    numbers: Numbers

    @property
    def objective(self) -> Value:
        """The value of what is minimized, as the next step uses it."""
        return self.value(self._objective)

    @property
    def shown(self) -> Value:
        """The same as it is printed."""
        return self.numbers.shown_of(self._objective)

    @property
    def _objective(self) -> Key:
        return self.numbers.reckoner.derivation.graph.objective

    def value(self, key: Key) -> Value:
        """The value of a quantity as the next step uses it.

        Raises KeyError for one that no new value and no objective needs.
        """
        return self.numbers.carried_of(key)


def iterate(
    derivation: Derivation,
    rounding: Rounding,
    count: int,
    following: Mapping[Key, Key],
    schedule: Schedule | None = None,
    progress: Progress | None = None,
) -> Iterator[Iteration]:
    """The iterations from 1 to `count`, one at a time.

    `following` says which quantity becomes a given's value in the next iteration: the
    weight w1 follows new_w1. `schedule` gives the values that other givens have in an
    iteration, such as those of another sample; they hold for that iteration alone.
    Raises NetworkError, with the iteration's number, where a rule has no value, as when
    training diverges.
    """
    _refuse_what_is_not_given(derivation, following)
    reckoner = _reckoner(derivation, rounding, following.values())

    def iterations() -> Iterator[Iteration]:
        followed = NOTHING
        for number in range(1, count + 1):
            now = schedule(number) if schedule else NOTHING
            _refuse_what_is_not_given(derivation, now)
            givens = {**followed, **now}
            try:
                iteration = Iteration(number, givens, reckoner.reckon(givens))
            except NetworkError as error:
                raise _in_iteration(number, error) from error
            followed = {given: iteration.value(key) for given, key in following.items()}
            if progress:
                progress("iterations", number, count)
            yield iteration

    return iterations()


def _reckoner(
    derivation: Derivation, rounding: Rounding, following: Iterable[Key]
) -> Reckoner:
    """Works out what the new values and the objective need, and nothing else."""
    needed = needed_by(derivation, (*following, derivation.graph.objective))
    kept = {key: q for key, q in derivation.quantities.items() if key in needed}
    return Reckoner(replace(derivation, quantities=kept), rounding)


def _refuse_what_is_not_given(derivation: Derivation, keys: Iterable[Key]) -> None:
    unknown = [key for key in keys if key not in derivation.graph.givens]
    if unknown:
        raise ValueError(f"these are not given: {unknown}")


def _in_iteration(number: int, error: NetworkError) -> NetworkError:
    problems = (
        Problem(problem.place, f"iteration {number}: {problem.message}")
        for problem in error.problems
    )
    return NetworkError(problems, error.source)
