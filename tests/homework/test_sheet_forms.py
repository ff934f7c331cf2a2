"""The form: written, filled in by any program and any student, and read back."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from explainer.cli.main import main
from explainer.examples import EXAMPLES
from explainer.homework.sheets import Sheet, decode, read_sheet
from explainer.homework.sheets.form import write_form
from explainer.homework.sheets.sheet import UNREADABLE
from explainer.notation import NOTATIONS, Speller, plain_name
from tests.homework.networks import derivations_of, keys_of, names_of_example

FIVE_PLACES = st.integers(-999_999, 999_999).map(
    lambda n: f"{Decimal(n) / 100_000:.5f}"
)
NUMERALS = st.one_of(
    FIVE_PLACES,
    st.integers(-99, 99).map(str),
    st.integers(-999, 999).map(lambda n: f"{Decimal(n) / 100:.2f}e-3"),
)
Filler = Callable[[str, dict[str, str]], str]


@cache
def form(kind: str, example: str = "forward-backward") -> str:
    derivation = derivations_of(example)[1]
    spell = Speller(NOTATIONS["sum-output"], derivation.graph.places)
    return write_form("A cycle | of both", derivation, spell, kind)


def blanks(text: str) -> list[str]:
    """The names of a TOML form, by TOML's own reader."""
    return list(tomllib.loads(text))


def fill_toml(text: str, values: dict[str, str]) -> str:
    """Between the quotes."""
    return re.sub(
        '^"(.*?)" = ""',
        lambda m: f'"{m[1]}" = "{values.get(m[1], "")}"',
        text,
        flags=re.MULTILINE,
    )


def fill_toml_bare(text: str, values: dict[str, str]) -> str:
    """Bare numbers, whose digits a TOML reader would lose."""
    return fill_toml(text, values).replace('= "-', "= -").replace('"  #', "  #")


def fill_csv(text: str, values: dict[str, str], **dialect: str) -> str:
    rows = list(csv.reader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.writer(out, **dialect)  # type: ignore[arg-type]
    writer.writerows([[n, values.get(n, v), m] for n, v, m in rows])
    return out.getvalue()


def fill_excel(text: str, values: dict[str, str]) -> str:
    """As a German Excel saves it: a mark, semicolons, and text held by a formula."""
    held = {name: f'="{value}"' for name, value in values.items()}
    return "\ufeffsep=;\r\n" + fill_csv(text, held, delimiter=";")


def fill_markdown(text: str, values: dict[str, str]) -> str:
    def line(found: re.Match[str]) -> str:
        name = found[1].replace(r"\|", "|")
        return f"{found[0][:-1]}{values.get(name, '')} |"

    return re.sub(r"^\| `(.*?)` .* \| \|$", line, text, flags=re.MULTILINE)


FILLERS: dict[str, tuple[str, Filler]] = {
    "toml": ("toml", fill_toml),
    "toml with bare numbers": ("toml", fill_toml_bare),
    "csv": ("csv", fill_csv),
    "csv, semicolons": ("csv", lambda t, v: fill_csv(t, v, delimiter=";")),
    "csv, tabs": ("csv", lambda t, v: fill_csv(t, v, delimiter="\t")),
    "csv of Excel": ("csv", fill_excel),
    "markdown": ("md", fill_markdown),
}


def read(text: str) -> Sheet:
    return read_sheet(text, names_of_example("forward-backward"))


def typed(sheet: Sheet) -> dict[str, str]:
    return {plain_name(key): entry.text for key, entry in sheet.entries.items()}


@pytest.mark.parametrize("way", FILLERS)
@given(data=st.data())
def test_what_is_filled_in_is_what_is_read(way: str, data: st.DataObject) -> None:
    kind, fill = FILLERS[way]
    names = blanks(form("toml"))
    values = data.draw(st.dictionaries(st.sampled_from(names), NUMERALS))
    sheet = read(fill(form(kind), values))
    assert typed(sheet) == values
    assert sheet.problems == ()
    for entry in sheet.entries.values():
        assert entry.value == Decimal(entry.text)


@pytest.mark.parametrize("kind", ["toml", "csv", "md"])
@pytest.mark.parametrize("example", EXAMPLES)
def test_an_empty_form_says_nothing(kind: str, example: str) -> None:
    sheet = read_sheet(form(kind, example), names_of_example(example))
    assert (sheet.entries, sheet.problems, sheet.lines) == ({}, (), ())


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_line_of_a_form_is_read_as_its_quantity(example: str) -> None:
    names = blanks(form("toml", example))
    values = {name: f"0.{place:04}" for place, name in enumerate(names)}
    for kind, fill in FILLERS.values():
        sheet = read_sheet(fill(form(kind, example), values), names_of_example(example))
        assert typed(sheet) == values
        known = keys_of(example)
        assert all(known[plain_name(key)] == key for key in sheet.entries)


def test_the_lines_stand_in_the_order_of_the_work() -> None:
    text = form("toml")
    heads = re.findall("^# (The .*)", text, flags=re.MULTILINE)
    assert heads == [
        "The forward pass",
        "The error",
        "The backward pass",
        "The updates",
    ]
    names = blanks(text)
    place = {name: number for number, name in enumerate(names)}
    assert place["sum_h1"] < place["out_h1"] < place["sum_o1"] < place["E"]
    assert place["E"] < place["dE/dw5"] < place["new_w5"]
    assert not any(name.startswith(("new_sum", "new_E")) for name in names)


def test_the_line_of_an_entry_is_its_line_in_the_file() -> None:
    text = fill_toml(form("toml"), {"out_h1": "0.60", "new_w5": "0.45"})
    sheet = read(text)
    lines = text.split("\n")
    for entry in sheet.entries.values():
        assert lines[entry.line - 1].startswith(f'"{plain_name(entry.key)}"')


def test_a_value_that_is_no_number_voids_its_line_only() -> None:
    values = {"out_h1": "0,60", "sum_h1": "0.41", "E": "I do not know"}
    for kind, fill in FILLERS.values():
        if kind == "toml" and fill is fill_toml_bare:
            continue
        sheet = read_sheet(
            fill(form(kind), values), names_of_example("forward-backward")
        )
        assert typed(sheet) == {"sum_h1": "0.41"}
        problems = [(p.kind, p.got) for p in sheet.problems]
        assert (UNREADABLE, "0,60") in problems


def test_a_filled_cell_may_hold_the_working() -> None:
    values = {"new_w5": "0.5 - 0.6 * 0.08020 = 0.45188"}
    for kind in ("toml", "csv", "md"):
        fill = FILLERS[{"md": "markdown"}.get(kind, kind)][1]
        sheet = read_sheet(
            fill(form(kind), values), names_of_example("forward-backward")
        )
        assert typed(sheet) == {"new_w5": "0.45188"}
        assert [line.how for line in sheet.lines] == ["exact"]


@pytest.mark.parametrize(
    "data",
    [
        "out_h1,0.60\r\n".encode("utf-8-sig"),
        "out_h1\t0.60\r\n".encode("utf-16"),
        "\ufeffname;value\r\nout_h1;0.60;;;\r\n;;;;\r\n".encode(),
        '"out_h1";"0.60"\n'.encode("cp1252"),
        "out_h1;'0.60\nBemerkung;übrig\n".encode("cp1252"),
        b'name,value\nout_h1,"0.60"\n,\n',
    ],
)
def test_what_spreadsheets_save(data: bytes) -> None:
    sheet = read(decode(data))
    assert typed(sheet) == {"out_h1": "0.60"}


def test_decimal_commas_are_a_choice() -> None:
    text = "name;value\nout_h1;0,60\nnew_w5;-1,2e-3\n"
    names = names_of_example("forward-backward")
    assert read_sheet(text, names).entries == {}
    sheet = read_sheet(text, names, comma=True)
    assert [str(e.value) for e in sheet.entries.values()] == ["0.60", "-0.0012"]


def test_the_command_writes_the_forms(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main, ["sheet", "forward-backward", "--to", "toml,csv,md", "--only", "w5"]
    )
    assert result.exit_code == 0, result.output
    names = blanks((tmp_path / "output/forward-backward-sheet.toml").read_text("utf-8"))
    assert "dE/dw5" in names and "dE/dw1" not in names
    text = (tmp_path / "output/forward-backward-sheet.csv").read_text("utf-8")
    rows = csv.DictReader(io.StringIO(text))
    assert [row["name"] for row in rows] == names
    page = (tmp_path / "output/forward-backward-sheet.md").read_text("utf-8")
    assert page.count("\n| `") == len(names)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["forward-backward", "--to", "tmol"], "toml"),
        (["forward-backward", "--only", "w55"], "w5"),
        (["forward-backwrd"], "forward-backward"),
        (["forward-backward", "--method", "path"], "paths"),
    ],
)
def test_the_command_refuses_with_what_was_probably_meant(
    arguments: list[str], said: str
) -> None:
    result = CliRunner().invoke(main, ["sheet", *arguments])
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
