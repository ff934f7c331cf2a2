"""The manifest of a folder of papers: read, written, and compared with the choices of a
run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from explainer.cli.files import Refusal, write_files
from explainer.cli.locking import locked
from explainer.homework.variants.manifest import MANIFEST, Manifest
from explainer.homework.variants.register import find_registers, shard_of

# The choices that draw no other numbers: another folder has the same papers.
OF_PAGES = frozenset(
    "to prints blank hide room points language notation templates matrices".split()
)
OPTIONS = {"prints": "print", "salted": "salt", "version": "version of the program"}


def check_manifest(folder: Path, manifest: Manifest) -> None:
    """Refuses a folder that has papers of other choices."""
    path = folder / MANIFEST
    registers = [p for p in find_registers(folder) if p.stat().st_size]
    if not registers:
        # A run that failed before its first paper is no run.
        return
    if not path.is_file():
        raise Refusal(
            f"{folder}: there are papers ({registers[0].name}), but no {MANIFEST}."
            " Restore it, or choose another folder with -o."
        )
    found = read_manifest(path)
    differences = {name: pair for name, *pair in found.differences(manifest)}
    if differences:
        raise Refusal(_tell_differences(folder, differences))


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file. Raises Refusal or NetworkError where there is none."""
    try:
        return Manifest.from_json(path.read_text("utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise Refusal(
            f"{path}: this is not a text file in UTF-8. Restore it from a copy."
        ) from error
    except OSError as error:
        raise Refusal(f"{path}: cannot be read: {error.strerror}") from error


def _tell_differences(folder: Path, found: Mapping[str, Sequence[object]]) -> str:
    lines = [f"{folder}: this folder has papers that were made with other choices."]
    for name, (here, now) in found.items():
        if name == "salted":
            told = "another file" if "seed" not in found else ""
        elif name == "network":
            told = f"another text ({here} in the folder, {now} now)"
        else:
            told = f"{_plain(here)} in the folder, {_plain(now)} now"
        option = OPTIONS.get(name, name.replace("_", "-"))
        mark = "" if name in ("network", "version") else "--"
        if told:
            lines.append(f"  {mark}{option}: {told}")
    way_out = "Choose another folder with -o, or make the same choices."
    if found.keys() <= OF_PAGES:
        way_out = (
            "Choose another folder with -o: with the same seed and salt it gets the"
            " same numbers and codes. Or make the same choices."
        )
    return "\n".join([*lines, way_out])


def _plain(choice: object) -> str:
    if choice is None or choice == []:
        return "none"
    return ",".join(map(str, choice)) if isinstance(choice, list) else str(choice)


def keep_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest; another part of the run may have done so meanwhile."""
    path = folder / MANIFEST
    with locked(path, wait=True):
        check_manifest(folder, manifest)
        text = manifest.to_json()
        if not path.is_file() or path.read_text("utf-8") != text:
            write_files({path: text})


def check_parts(folder: Path, whole: int) -> None:
    """Refuses a folder in which the papers are parted in another way."""
    for path in find_registers(folder):
        if shard_of(path)[1] != whole:
            raise Refusal(
                f"{folder}: this folder has {path.name}: its papers are made in other"
                " parts. Use the same --shard I/N, or choose another folder with -o."
            )
