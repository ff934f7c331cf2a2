"""The inputs and targets of a file: one sample or several, with time steps or
without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from explainer.network.layers.reading import Grid
from explainer.network.network_file import NetworkFile, SampleTable, StepTable
from explainer.network.problems import Findings, Location, place_of
from explainer.network.quantity import At
from explainer.network.spec import Entry, Sample, Value

HOMES = ("inputs", "samples", "steps")


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the file that has inputs, and perhaps targets."""

    table: NetworkFile | SampleTable | StepTable
    where: Location
    at: At


def read_samples(file: NetworkFile, findings: Findings) -> tuple[Sample, ...]:
    """The inputs and targets at every place, samples before time steps.

    All places have the same inputs. A matrix is a grid of inputs: X_1_2 is row 1,
    column 2 of X.
    """
    given = [home for home in HOMES if getattr(file, home)]
    if len(given) > 1:
        first, other = given[:2]
        findings.add((other,), f"{first} and {other} are both given; leave one out")
    places = list(places_of(file))
    samples = tuple(
        Sample(
            _inputs(place.table.inputs, (*place.where, "inputs"), findings),
            _entries(place.table.targets or {}, (*place.where, "targets")),
            place.at,
        )
        for place in places
    )
    for place, sample in zip(places[1:], samples[1:], strict=True):
        if [*sample.inputs] != [*samples[0].inputs]:
            findings.add(
                (*place.where, "inputs"),
                f"got {', '.join(sample.inputs) or 'none'}; the first has"
                f" {', '.join(samples[0].inputs)}. All have the same inputs, in one"
                " order.",
            )
    lengths = {len(sample.steps) for sample in file.samples}
    if len(lengths) > 1:
        findings.add(("samples",), "all samples have as many steps as the first")
    return samples


def places_of(file: NetworkFile) -> Iterator[Place]:
    """Every place of the file that has inputs, in order."""
    if not file.samples:
        yield from _steps(file, (), ())
    for index, sample in enumerate(file.samples):
        at = (("sample", index + 1),) if len(file.samples) > 1 else ()
        yield from _steps(sample, ("samples", index), at)


def _steps(
    table: NetworkFile | SampleTable, where: Location, at: At
) -> Iterator[Place]:
    """The time steps of a sample; a single step has no time."""
    if not table.steps:
        yield Place(table, where, at)
    for index, step in enumerate(table.steps):
        time = (("time", index + 1),) if len(table.steps) > 1 else ()
        yield Place(step, (*where, "steps", index), at + time)


def _inputs(
    values: Mapping[str, object], where: Location, findings: Findings
) -> dict[str, Entry]:
    """Each input with its value, row by row where it is a grid."""
    found: dict[str, Entry] = {}
    for name, value in values.items():
        for unit, number, place in _flatten(name, value, (*where, name)):
            found[unit] = Entry(number, place_of(place))
        if isinstance(value, list) and not _is_grid(value):
            findings.add(
                (*where, name), "the rows of a matrix have one length, at least 1"
            )
    return found


def numbers_of(file: NetworkFile) -> Iterator[tuple[Location, Value]]:
    """Every number among the inputs and targets, with its place."""
    for place in places_of(file):
        for name, value in place.table.inputs.items():
            for _, number, where in _flatten(
                name, value, (*place.where, "inputs", name)
            ):
                yield where, number
        for name, number in (place.table.targets or {}).items():
            yield (*place.where, "targets", name), number


def _flatten(
    name: str, value: object, where: Location
) -> Iterator[tuple[str, Value, Location]]:
    if not isinstance(value, list):
        yield name, value, where  # type: ignore[misc]
        return
    for index, inner in enumerate(value):
        yield from _flatten(f"{name}_{index + 1}", inner, (*where, index))


def _is_grid(value: list[object]) -> bool:
    rows = [row for row in value if isinstance(row, list)]
    if not rows:
        return bool(value)
    return len(rows) == len(value) and {len(row) for row in rows} == {len(rows[0])} - {
        0
    }


def grid_of(file: NetworkFile) -> Grid | None:
    """How the inputs stand in rows and columns, if all of them have one shape."""
    table = next(iter(places_of(file))).table
    shapes = {name: _shape(value) for name, value in table.inputs.items()}
    if not shapes or len({*shapes.values()}) > 1 or None in shapes.values():
        return None
    rows, columns = next(iter(shapes.values())) or (None, 0)
    return Grid(tuple(shapes), columns, rows)


def _shape(value: object) -> tuple[int | None, int] | None:
    if not isinstance(value, list) or not value:
        return None
    first = value[0]
    return (len(value), len(first)) if isinstance(first, list) else (None, len(value))


def _entries(values: Mapping[str, Value], where: Location) -> dict[str, Entry]:
    return {
        name: Entry(value, place_of((*where, name))) for name, value in values.items()
    }
