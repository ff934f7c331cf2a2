"""The built-in examples print the numbers of their sources, at the same places."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from explainer import Network, derive, render

PUBLISHED = tomllib.loads(
    (Path(__file__).parent / "cases" / "published.toml").read_text("utf-8")
)


def rows(table: str) -> list[tuple[str, ...]]:
    return [
        (name, *row) for name, case in PUBLISHED.items() for row in case.get(table, [])
    ]


def agrees(shown: Decimal, printed: str) -> bool:
    """Whether a number is the printed one, at the places of the printed one."""
    places = Decimal(printed).as_tuple().exponent
    assert isinstance(places, int)
    return shown == Decimal(printed) or shown.quantize(
        Decimal(1).scaleb(places)
    ) == Decimal(printed)


def shown(name: str, quantity: str, method: str | None = None) -> Decimal:
    derivation = derive(Network.from_example(name), method=method, verify=False)
    value = derivation[quantity].shown
    assert isinstance(value, Decimal)
    return value


@pytest.mark.parametrize(("name", "quantity", "printed"), rows("rows"))
def test_a_published_number(name: str, quantity: str, printed: str) -> None:
    assert agrees(shown(name, quantity), printed)


@pytest.mark.parametrize(("name", "quantity", "printed"), rows("signals"))
def test_a_published_error_signal(name: str, quantity: str, printed: str) -> None:
    assert agrees(shown(name, quantity, "signals"), printed)


@pytest.mark.parametrize(("name", "quantity", "printed", "right"), rows("off"))
def test_a_number_that_is_off_at_the_source(
    name: str, quantity: str, printed: str, right: str
) -> None:
    value = shown(name, quantity)
    assert agrees(value, right)
    assert not agrees(value, printed)


def test_the_comparison_can_fail() -> None:
    assert agrees(Decimal("0.08020"), "0.08020")
    assert not agrees(Decimal("0.08021"), "0.08020")


def test_the_article_number_for_number_in_its_order() -> None:
    """All 31 numbers stand on the Markdown page, in the article's order."""
    derivation = derive(Network.from_example("forward-backward"), verify=False)
    page = render(derivation, "md")
    place = 0
    for quantity, printed in PUBLISHED["forward-backward"]["rows"]:
        assert str(derivation[quantity].shown) == printed
        step = page.index(f"##### Step {derivation[quantity].step}\n")
        assert step >= place, f"{quantity} stands earlier than in the article"
        end = page.index("$$", page.index("$$", step) + 2)
        assert page[step:end].rstrip().splitlines()[-2].endswith(f" {printed}")
        place = step
    assert len(PUBLISHED["forward-backward"]["rows"]) == 31
