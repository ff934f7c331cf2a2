"""Published worked examples: their network files print the numbers of the sources."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from explainer import Network, WorkedDerivation, derive
from explainer.cli.main import main
from explainer.mathematics.rounding import FULL
from explainer.worked import with_choices

CASES = Path(__file__).parent / "cases"
ROWS: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (CASES / "rows.toml").read_text("utf-8")
)
NETWORKS = sorted(
    path.stem
    for path in CASES.glob("*.toml")
    if path.stem not in ("rows", "published") and not path.stem.endswith("-rows")
)
# Further digits of a printed number are those of a binary float.
DIGITS = 15


def tables() -> Iterator[tuple[str, int, dict[str, Any]]]:
    for case, found in ROWS.items():
        for place, table in enumerate(found):
            yield case, place, table


def rows(name: str) -> list[tuple[Any, ...]]:
    return [
        (case, place, *row)
        for case, place, table in tables()
        for row in table.get(name, [])
    ]


def text_of(case: str, changes: dict[str, str]) -> str:
    """The network file of a case, with some of its text changed."""
    text = (CASES / f"{case}.toml").read_text("utf-8")
    for old, new in changes.items():
        assert text.count(old) == 1, f"{old} stands once in {case}.toml"
        text = text.replace(old, new)
    return text


@cache
def network(case: str, place: int) -> Network:
    text = text_of(case, ROWS[case][place].get("changes", {}))
    return Network.from_text(text, case)


@cache
def worked(case: str, place: int) -> WorkedDerivation:
    return derive(network(case, place), verify=False)


@cache
def worked_in_full(case: str, place: int) -> WorkedDerivation:
    """The same with nothing rounded, from the first iteration on."""
    return derive(with_choices(network(case, place), rounding=FULL), verify=False)


def shown(case: str, place: int, name: str) -> Decimal:
    value = worked(case, place)[name].shown
    assert isinstance(value, Decimal)
    return value


def agrees(value: Decimal, printed: str) -> bool:
    """Whether a number is the printed one, at the places of the printed one."""
    number = Decimal(printed)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    last = Decimal(1).scaleb(max(exponent, number.adjusted() + 1 - DIGITS))
    return value.quantize(last, ROUND_HALF_UP) == number.quantize(last, ROUND_HALF_UP)


@pytest.mark.parametrize(("case", "place", "key", "name", "printed", "_"), rows("rows"))
def test_a_published_number(
    case: str, place: int, key: str, name: str, printed: str, _: str
) -> None:
    assert agrees(shown(case, place, name), printed), key


@pytest.mark.parametrize(
    ("case", "place", "key", "name", "printed", "_", "right", "why"),
    rows("contradicted"),
)
def test_a_number_that_is_wrong_at_the_source(
    case: str,
    place: int,
    key: str,
    name: str,
    printed: str,
    _: str,
    right: str,
    why: str,
) -> None:
    value = shown(case, place, name)
    assert agrees(value, right), key
    assert not agrees(value, printed), why


@pytest.mark.parametrize(
    ("case", "place", "key", "name", "printed", "_", "why"), rows("not_reproduced")
)
def test_a_number_that_no_rule_reproduces(
    case: str, place: int, key: str, name: str, printed: str, _: str, why: str
) -> None:
    """It is off in its last digits only, and stays in the list while it is."""
    value = shown(case, place, name)
    unit = Decimal(1).scaleb(int(Decimal(printed).as_tuple().exponent))
    assert not agrees(value, printed), key
    assert abs(value - Decimal(printed)) <= 2 * unit, why


@pytest.mark.parametrize(
    ("case", "place", "key", "name", "printed", "agreement"), rows("rows")
)
def test_only_a_row_marked_ok_agrees_with_full_precision(
    case: str, place: int, key: str, name: str, printed: str, agreement: str
) -> None:
    full = worked_in_full(case, place)[name].value
    assert isinstance(full, Decimal)
    assert agrees(full, printed) is (agreement == "OK"), key


def test_every_row_stands_once() -> None:
    for case, found in ROWS.items():
        keys = [
            row[0]
            for table in found
            for kind in ("rows", "contradicted", "not_reproduced")
            for row in table.get(kind, [])
        ]
        assert len(keys) == len(set(keys)), case
        assert (CASES / f"{case}.toml").is_file()
        assert found[0]["source"] and all(table["rule"] for table in found)


def test_the_comparison_can_fail() -> None:
    assert agrees(Decimal("0.829289"), "0.829")
    assert not agrees(Decimal("0.829289"), "0.830")
    assert not agrees(Decimal("0.0000351019"), "0.0000351085")
    # The 16th digit is not compared, the 15th is.
    assert agrees(Decimal("0.46211715726000975"), "0.46211715726000974")
    assert agrees(Decimal("0.462117157260009"), "0.4621171572600094")
    assert not agrees(Decimal("0.462117157260007"), "0.462117157260009")


@pytest.mark.parametrize("method", ["paths", "signals"])
@pytest.mark.parametrize("case", NETWORKS)
def test_every_line_of_the_page_is_verified(
    case: str, method: str, tmp_path: Path
) -> None:
    file = str(CASES / f"{case}.toml")
    options = ["--to", "md,tex", "-o", str(tmp_path), "--method", method]
    options = [*options, "--pictures", "none"]
    result = CliRunner().invoke(main, ["derive", file, *options])
    assert result.exit_code == 0, result.output
    assert {path.name for path in tmp_path.iterdir()} == {f"{case}.md", f"{case}.tex"}
    assert "; 0 false." in (tmp_path / f"{case}.md").read_text("utf-8")
