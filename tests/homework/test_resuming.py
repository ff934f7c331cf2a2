"""Runs that stop and go on: what agrees is left alone, what differs is made again, and
the folder is the one that an undisturbed run writes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from explainer.cli.locking import locked
from explainer.cli.main import main
from explainer.cli.resuming import mend
from explainer.homework.variants.codes import read_code
from explainer.homework.variants.register import Line, read_lines
from tests.homework.rosters import write_roster

BRIEF = ("--blank", "gradients", "--only", "w1", "--seed", "7")
VARIANTS = ("variants", "single-neuron", *BRIEF)
CLASS = "id,name\n1,Ana\n2,Bo\n3,Cy\n4,Di\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def make(roster: str, folder: str, *more: str) -> str:
    """What a run says that makes the papers of a roster."""
    Path("class.csv").write_text(roster, "utf-8")
    result = run(*VARIANTS, "--roster", "class.csv", "-o", folder, *more)
    assert result.exit_code == 0, result.output
    return result.output


def contents(folder: str) -> dict[str, bytes]:
    """Every file, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in Path(folder).rglob("*")
        if path.is_file()
    }


def times(folder: str) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in Path(folder).iterdir()}


def lines_of(folder: str) -> dict[str, Line]:
    lines = read_lines(Path(folder, "papers.jsonl"))
    return {line.student["id"]: line for line in lines}


# What differs is made again


def test_what_agrees_is_not_touched() -> None:
    make(CLASS, "class")
    before = times("class")
    assert "wrote 0 papers into class (4 were there)" in make(CLASS, "class")
    assert times("class") == before


def test_a_corrected_name_changes_one_paper() -> None:
    make(CLASS, "class")
    before = times("class")
    corrected = CLASS.replace("Bo", "Bó")
    assert "wrote 1 paper into class (3 were there)" in make(corrected, "class")
    make(corrected, "new")
    assert contents("class") == contents("new")
    changed = {name for name, when in times("class").items() if before[name] != when}
    assert changed == {*lines_of("class")["2"].files, "papers.jsonl"}


def test_another_column_changes_no_page() -> None:
    make(CLASS, "class")
    before = times("class")
    make(CLASS.replace(",Bo", ",Bo,B").replace("name\n", "name,group\n"), "class")
    changed = {name for name, when in times("class").items() if before[name] != when}
    assert changed == {"papers.jsonl"}
    assert lines_of("class")["2"].student["group"] == "B"


def delete(path: Path) -> None:
    path.unlink()


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def change(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"e", b"a"))


@pytest.mark.parametrize("damage", [delete, cut_off, change])
def test_a_damaged_page_is_made_again(damage: Callable[[Path], None]) -> None:
    make(CLASS, "class")
    whole, before = contents("class"), times("class")
    (name, _) = lines_of("class")["3"].files
    damage(Path("class", name))
    assert "wrote 1 paper into class (3 were there)" in make(CLASS, "class")
    assert contents("class") == whole
    changed = {name for name, when in times("class").items() if before[name] != when}
    assert changed == {name}


def test_late_students_change_no_paper() -> None:
    """Added, in another order: the folder is that of a new run."""
    make(CLASS, "class")
    earlier = contents("class")
    rows = CLASS.splitlines()
    more = "\n".join([rows[0], "9,Zoe", rows[3], rows[1], "5,Ed", rows[4], rows[2]])
    assert "wrote 2 papers into class (4 were there)" in make(more, "class")
    make(more, "new")
    assert contents("class") == contents("new")
    later = contents("class")
    assert {n: later[n] for n in earlier if n != "papers.jsonl"} == {
        n: text for n, text in earlier.items() if n != "papers.jsonl"
    }


def test_who_left_keeps_the_paper() -> None:
    """A paper that was handed out can be marked."""
    make(CLASS, "class")
    before = times("class")
    output = make(CLASS.replace("2,Bo\n", "").replace("4,Di\n", ""), "class")
    assert "who are not in the roster stay: 2 (2, 4)" in output
    assert [*lines_of("class")] == ["1", "3", "2", "4"]
    changed = {name for name, when in times("class").items() if before[name] != when}
    assert changed == {"papers.jsonl"}
    # And has it again.
    assert "wrote 0 papers into class (4 were there)" in make(CLASS, "class")
    make(CLASS, "new")
    assert contents("class") == contents("new")


def test_many_names_are_not_listed() -> None:
    assert run(*VARIANTS, "--count", "40", "-o", "class").exit_code == 0
    output = run(*VARIANTS, "--count", "1", "-o", "class").output
    assert "stay: 39 (2, 3, 4, 5, 6 and 34 more)" in output


def test_papers_depend_on_their_students_alone() -> None:
    """Any part of a class, in any order, has the papers that the whole class has."""
    head, *rows = write_roster(12).splitlines()
    rows = [row for row in rows if row.count('"') % 2 == 0 and "@example" in row]
    make("\n".join([head, *rows]), "whole")
    whole = contents("whole")
    chance = Random(1)
    for number in range(3):
        some = chance.sample(rows, 5)
        make("\n".join([head, *some]), f"part{number}")
        part = contents(f"part{number}")
        lines = part.pop("papers.jsonl").splitlines()
        assert {*lines} < {*whole["papers.jsonl"].splitlines()}
        assert len(part) == 11
        assert part.items() <= whole.items()


def test_parts_of_a_roster_are_the_whole() -> None:
    roster = write_roster(10)
    make(roster, "whole")
    for part in (3, 1, 2):
        make(roster, "parts", "--shard", f"{part}/3")
    whole, parts = contents("whole"), contents("parts")
    registers = [parts.pop(f"papers-{part}-of-3.jsonl") for part in (1, 2, 3)]
    assert b"".join(registers) == whole.pop("papers.jsonl")
    assert parts == whole
    result = run(*VARIANTS, "--roster", "class.csv", "-o", "parts")
    assert result.exit_code == 2
    assert "made in other parts. Use the same --shard I/N" in result.output


# Other choices


@pytest.mark.parametrize(
    ("choices", "message", "way_out"),
    [
        (["--to", "tex"], "  --to: md in the folder, tex now", "the same numbers"),
        (["--print", "key"], "  --print: blank,key in the", "the same numbers"),
        (["--hide", "result"], "  --hide: working in the", "the same numbers"),
        (["--seed", "8"], "  --seed: 7 in the folder, 8 now", "or make the same"),
        (["--salt", "salt"], "  --salt: another file", "or make the same"),
        (["--figures", "3"], "  --figures: none in the", "or make the same"),
        (["--templates", "own"], "  --templates: none in the", "the same numbers"),
    ],
)
def test_other_choices_are_told(choices: list[str], message: str, way_out: str) -> None:
    make(CLASS, "class")
    Path("salt").write_text("secret")
    Path("own/wording").mkdir(parents=True)
    Path("own/wording/fr.j2").write_text("")
    before = contents("class")
    result = run(*VARIANTS, "--roster", "class.csv", "-o", "class", *choices)
    assert result.exit_code == 2
    assert message in result.output
    assert way_out in result.output
    assert contents("class") == before


def test_another_network_file_is_told() -> None:
    make(CLASS, "class")
    assert run("new", "single-neuron").exit_code == 0
    path = Path("single-neuron.toml")
    path.write_text(path.read_text("utf-8") + "\n# changed\n", "utf-8")
    command = ("variants", str(path), *BRIEF, "--roster", "class.csv", "-o", "class")
    result = run(*command)
    assert result.exit_code == 2
    assert "  network: another text (single-neuron in the folder" in result.output


# Damage


@pytest.mark.parametrize("text", ["", "a", "a\n", "a\nb", "a\n" + "b" * 200_000])
def test_what_is_left_of_a_line_is_cut_off(text: str) -> None:
    path = Path("papers.jsonl")
    path.write_text(text)
    mend(path)
    assert path.read_text() == text[: text.rfind("\n") + 1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('{"code"', '"code"', "line 2: this is no JSON: Extra data"),
        ('"given": {', '"given": [', "line 2: this is no JSON"),
        ('"found"', '"fund"', "line 2: 'found' is missing"),
        ('"id": "2"', '"no": "2"', "line 2: the student has no id"),
        ('"w1": "', '"w1": "x', "line 2: 'w1' is 'x"),
        ('"activation": ""', '"activation": 7', "line 2: 'activation' is 7, no text"),
        ('"rejected": {}', '"rejected": 7', "line 2: 'rejected' is 7, no table"),
        ('"rejected": {}', '"rejected": {"a": "b"}', "line 2: 'a' in 'rejected'"),
        ('"code": "', '"code": "A', "line 2: 'code' is 'A"),
        ("Bo", "B\udcffo", "line 2: this is no text in UTF-8"),
        ('"activation": ""', '"activation": "swish"', ": the numbers of this paper"),
        ('"w1": "', '"w7": "', ": the numbers of this paper are not those"),
    ],
)
def test_a_damaged_line_is_told(old: str, new: str, message: str) -> None:
    make(CLASS, "class")
    papers = Path("class/papers.jsonl")
    first, second, *rest = papers.read_text("utf-8").splitlines(keepends=True)
    assert old in second
    changed = second.replace(old, new, 1)
    papers.write_text("".join([first, changed, *rest]), "utf-8", "surrogateescape")
    code = json.loads(second)["code"]
    commands = [
        ("rebuild", code, "--manifest", "class"),
        ("check", "sheet.txt", "--key", "class", "--code", code),
    ]
    if message.startswith("line"):
        commands.append((*VARIANTS, "--roster", "class.csv", "-o", "class"))
    Path("sheet.txt").write_text("out_o1 = 0.5\n")
    for command in commands:
        result = run(*command)
        assert result.exit_code == 2, result.output
        assert message in result.output
        assert "estore" in result.output
        assert isinstance(result.exception, SystemExit)


def test_the_way_out_of_damage_is_one() -> None:
    make(CLASS, "class")
    whole = contents("class")
    papers = Path("class/papers.jsonl")
    first, _, *rest = papers.read_bytes().splitlines(keepends=True)
    papers.write_bytes(b"".join([first, *rest]))
    assert "wrote 1 paper into class (3 were there)" in make(CLASS, "class")
    assert contents("class") == whole


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"choices"', '"choices', "this is no JSON"),
        ('"format": 2', '"format": 1', "format: got 1; this program reads 2. Version"),
        ('"sha256"', '"sha"', "it was changed since it was written"),
        ('"hide"', '"hid"', "it was changed since it was written"),
        ("{", "[", "line 2: this is no JSON"),
        ("A single", "B single", "it was changed since it was written"),
    ],
)
def test_a_damaged_manifest_is_told(old: str, new: str, message: str) -> None:
    make(CLASS, "class")
    path = Path("class/manifest.json")
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    Path("sheet.txt").write_text("out_o1 = 0.5\n")
    code = lines_of("class")["2"].code
    for command in (
        ("rebuild", code, "--manifest", "class"),
        ("check", "sheet.txt", "--key", "class", "--code", code),
        (*VARIANTS, "--roster", "class.csv", "-o", "class"),
    ):
        result = run(*command)
        assert result.exit_code == 2, result.output
        assert "manifest.json" in result.output
        assert message in result.output
        assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_manifest_is_told(data: bytes) -> None:
    make(CLASS, "class")
    Path("class/manifest.json").write_bytes(data)
    result = run("rebuild", lines_of("class")["2"].code, "--manifest", "class")
    assert result.exit_code == 2
    assert "class/manifest.json" in result.output
    assert isinstance(result.exception, SystemExit)


def test_papers_without_a_manifest_are_not_mixed() -> None:
    make(CLASS, "class")
    Path("class/manifest.json").unlink()
    result = run(*VARIANTS, "--roster", "class.csv", "-o", "class")
    assert result.exit_code == 2
    assert "there are papers (papers.jsonl), but no manifest.json" in result.output


def test_a_mistyped_code_is_asked_about() -> None:
    make(CLASS, "class")
    code = lines_of("class")["2"].code
    wrong = next(
        typed
        for typed in (code[:-1] + sign for sign in "ABCDEF")
        if read_code(typed) is None
    )
    result = run("rebuild", wrong, "--manifest", "class")
    assert result.exit_code == 2
    assert f"a character is wrong. Did you mean '{code}'?" in result.output


# One at a time


def test_a_second_run_is_told_who_writes() -> None:
    make(CLASS, "class")
    with locked(Path("class/papers.jsonl")):
        result = run(*VARIANTS, "--roster", "class.csv", "-o", "class")
        assert result.exit_code == 2
        assert f"another run is writing here: process {os.getpid()} on" in result.output
        # Another part of the papers is another run's.
        more = ("--shard", "1/2", "-o", "other")
        assert run(*VARIANTS, "--roster", "class.csv", *more).exit_code == 0
    assert run(*VARIANTS, "--roster", "class.csv", "-o", "class").exit_code == 0


def test_a_lock_that_was_left_holds_nobody_up() -> None:
    make(CLASS, "class")
    whole = contents("class")
    Path("class/.papers.jsonl.lock").write_text("process 1 on elsewhere")
    make(CLASS, "class")
    assert contents("class") == whole


def test_a_run_that_writes_nothing_leaves_nothing() -> None:
    Path("class.csv").write_text("name\nAna\n")
    command = (*VARIANTS, "--roster", "class.csv", "-o", "class")
    assert run(*command).exit_code == 2
    assert not Path("class").exists()
    text = "[inputs]\nx = 1\n[variants]\ninputs = [1]\n"
    Path("bad.toml").write_text(text)
    assert run("variants", "bad.toml", "-o", "class").exit_code == 2
    assert not Path("class").exists()


# Stops


class Stopped(BaseException):
    """As Ctrl-C, at a place that a test chooses."""


@pytest.mark.parametrize("count", [1, 4, 7, 99])
def test_a_run_goes_on_wherever_it_stopped(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before each file that is moved into place; with papers that were there."""
    make(CLASS.replace("Cy", "See"), "class")
    left = [count]
    replace = os.replace

    def stop(old: str, new: str) -> None:
        left[0] -= 1
        if not left[0]:
            raise Stopped
        replace(old, new)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", stop)
        Path("class.csv").write_text(CLASS + "5,Ed\n6,Flo\n", "utf-8")
        with suppress(Stopped):
            run(*VARIANTS, "--roster", "class.csv", "-o", "class")
    if left[0] <= 0:
        # The papers that were there are known all the time.
        Path("sheet.txt").write_text("out_o1 = 0.5\n")
        code = lines_of("class")["1"].code
        assert run("check", "sheet.txt", "--key", "class", "--code", code).exit_code < 2
    else:
        assert count == 99
    make(CLASS + "5,Ed\n6,Flo\n", "class")
    make(CLASS + "5,Ed\n6,Flo\n", "new")
    assert contents("class") == contents("new")


@pytest.mark.skipif(sys.platform == "win32", reason="it has no SIGKILL")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_killed_run_goes_on(jobs: str) -> None:
    command = (*VARIANTS, "--count", "600", "--jobs", jobs)
    assert run(*VARIANTS, "--count", "600", "-o", "whole").exit_code == 0
    arguments = [sys.executable, "-m", "explainer", *command, "-o", "class"]
    process = subprocess.Popen(arguments, start_new_session=True)
    wait_for(lambda: len([*Path("class").glob("*.md")]) > 10)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    wait_for(lambda: not is_alive(process.pid))
    whole = contents("whole")
    part = {name: text for name, text in contents("class").items() if name[0] != "."}
    lines = part.pop("papers.part.jsonl")
    assert part.items() <= whole.items(), "no half file"
    assert whole["papers.jsonl"].startswith(lines[: lines.rfind(b"\n") + 1])
    assert len(lines) < len(whole["papers.jsonl"])
    result = run(*VARIANTS, "--count", "600", "-o", "class")
    there = lines.count(b"\n")
    assert (
        f"wrote {600 - there} papers into class ({there} were there)" in result.output
    )
    assert contents("class") == whole


def wait_for(condition: Callable[[], bool]) -> None:
    """For a minute at most."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_alive(group: int) -> bool:
    """Whether a process of the group, such as a worker of a killed run, goes on."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_folder_may_be_moved() -> None:
    make(CLASS, "class")
    shutil.move("class", "elsewhere")
    assert "wrote 0 papers into elsewhere (4 were there)" in make(CLASS, "elsewhere")
