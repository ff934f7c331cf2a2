"""A page with one mistake: one step is wrong, every other one follows."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from explainer import Network, derive
from explainer.cli.find_mistake import with_mistake
from explainer.cli.main import main
from explainer.homework.finding.spoiling import (
    carries_on,
    choose_place,
    find_places,
)
from explainer.network.problems import NetworkError

CASES = [
    ("forward-backward", "paths"),
    ("mazur", "signals"),
    ("softmax-adam", "signals"),
    ("relu-homework", "paths"),
    ("recurrent", "signals"),
]


@pytest.mark.parametrize(("name", "method"), CASES)
def test_one_formula_is_wrong_and_the_others_follow(name: str, method: str) -> None:
    worked = derive(Network.from_example(name), method=method, verify=False)
    places = list(find_places(worked.symbols))
    assert len(places) > 20
    right = worked.symbols.quantities
    for place in places[:: max(1, len(places) // 25)]:
        wrong = place.derivation.quantities
        assert wrong.keys() == right.keys()
        changed = [k for k in right if wrong[k].formula != right[k].formula]
        assert changed == [place.key]
        try:
            spoiled = with_mistake(worked, place)
        except NetworkError:
            continue  # The mistake leads to a logarithm of 0, or the like.
        assert spoiled.readings is not None and worked.readings is not None
        moved = {
            key
            for key, reading in spoiled.readings.items()
            if reading.value != worked.readings[key].value
        }
        assert moved <= carries_on(place) | {place.key}
        for key in moved - {place.key}:
            assert moved & {*wrong[key].uses}


def test_the_same_seed_chooses_the_same_place() -> None:
    worked = derive(Network.from_example("mazur"), verify=False)
    places = list(find_places(worked.symbols))
    assert choose_place(places, "7") == choose_place(places, "7")
    chosen = {choose_place(places, str(seed)).mistake.name for seed in range(40)}
    assert len(chosen) > 15


def test_mistake_and_step_can_be_chosen() -> None:
    worked = derive(Network.from_example("mazur"), verify=False)
    places = list(find_places(worked.symbols))
    place = choose_place(places, "1", "step-added", "new_w5")
    assert (place.mistake.id, place.key.kind) == ("U1", "new")
    with pytest.raises(NetworkError, match="Did you mean 'step-added'"):
        choose_place(places, "1", "step-aded")
    with pytest.raises(NetworkError, match="cannot be made in the step 'sum_h1'"):
        choose_place(places, "1", "step-added", "sum_h1")


def test_page_and_key_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["find-mistake", "forward-backward", "--mistake", "step-added"]
    result = CliRunner().invoke(main, [*arguments, "--step", "new_w5"])
    assert result.exit_code == 0, result.output
    page = Path("output/forward-backward-find.md").read_text("utf-8")
    key = Path("output/forward-backward-find-key.md").read_text("utf-8")
    assert "One step of this derivation is wrong" in page
    assert "0.54812" in page
    assert "0.45187" not in page
    assert "subtracts it" in key
    assert "0.45187" in key
    again = CliRunner().invoke(main, [*arguments, "--step", "new_w5"])
    assert again.exit_code == 0
    assert Path("output/forward-backward-find.md").read_text("utf-8") == page
