"""The formats of course systems: one record each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from explainer.homework.exports.canvas import write_canvas
from explainer.homework.exports.handout import Handout
from explainer.homework.exports.moodle import write_moodle
from explainer.homework.exports.prairielearn import write_prairielearn
from explainer.homework.exports.table import write_table

Files = Mapping[str, str | bytes]


@dataclass(frozen=True, slots=True)
class Export:
    """A format by name: the files of one paper, by what follows the paper's own name in
    theirs."""

    name: str
    write: Callable[[Handout], Files]


EXPORTS: Mapping[str, Export] = {
    export.name: export
    for export in (
        Export("moodle", lambda paper: {".moodle.xml": write_moodle(paper)}),
        Export("canvas", lambda paper: {".canvas.zip": write_canvas(paper)}),
        Export(
            "prairielearn",
            lambda paper: {
                f"-prairielearn/{name}": text
                for name, text in write_prairielearn(paper).items()
            },
        ),
        Export("csv", lambda paper: {".answers.csv": write_table(paper)}),
    )
}
