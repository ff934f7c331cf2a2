"""The formats of course systems: one record each."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from explainer.homework.exports.canvas import Package
from explainer.homework.exports.handout import Handout
from explainer.homework.exports.moodle import QuestionBank
from explainer.homework.exports.prairielearn import write_prairielearn
from explainer.homework.exports.table import AnswerTable

Files = Mapping[str, str | bytes]


class Collection(Protocol):
    """A file of many papers, written one after the other."""

    def add(self, handout: Handout) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class FileExport:
    """A format of one file, for one paper or a whole class."""

    name: str
    suffix: str
    begin: Callable[[BinaryIO], Collection]

    def files_of(self, handout: Handout) -> Files:
        """The file of one paper."""
        file = io.BytesIO()
        with closing(self.begin(file)) as collection:
            collection.add(handout)
        return {self.suffix: file.getvalue()}


@dataclass(frozen=True, slots=True)
class FolderExport:
    """A format of a folder for each paper; `suffix` is what its name ends with."""

    name: str
    suffix: str
    write: Callable[[Handout], Mapping[str, str]]

    def files_of(self, handout: Handout) -> Files:
        """The files of one paper, by what follows the paper's own name in theirs."""
        written = self.write(handout)
        return {f"{self.suffix}/{name}": text for name, text in written.items()}


COLLECTIONS: Mapping[str, FileExport] = {
    export.name: export
    for export in (
        FileExport("moodle", ".moodle.xml", QuestionBank),
        FileExport("canvas", ".canvas.zip", Package),
        FileExport("csv", ".answers.csv", AnswerTable),
    )
}
EXPORTS: Mapping[str, FileExport | FolderExport] = {
    **COLLECTIONS,
    "prairielearn": FolderExport("prairielearn", "-prairielearn", write_prairielearn),
}
