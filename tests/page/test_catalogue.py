"""The catalogue page is made from the records, and the committed one is the newest."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from explainer.cli.main import main
from explainer.network.layers import LAYERS
from explainer.network.losses import LOSSES
from explainer.network.optimizers import OPTIMIZERS
from explainer.network.penalties import PENALTIES
from explainer.network.softmax import LAYER_ACTIVATIONS
from explainer.page.catalogue import compose_catalogue, spell_catalogue
from explainer.page.formats import FORMATS
from explainer.page.rendering import render

COMMITTED = Path(__file__).parents[2] / "output" / "gallery" / "catalogue.md"
RECORDS = [*LAYER_ACTIVATIONS, *LOSSES, *PENALTIES, *OPTIMIZERS, *LAYERS]


def test_every_record_has_its_entry() -> None:
    assert [step.name for step in compose_catalogue().steps] == RECORDS


@pytest.mark.parametrize("form", list(FORMATS))
def test_it_renders_in_every_format(form: str) -> None:
    text = render(compose_catalogue(), form, spell_catalogue)
    # Each equation begins and ends; in Typst it is the body of one call.
    marks = {"html": 'class="equation', "typ": "#working(", "pandoc": "<m:oMathPara>"}
    mark = marks.get(form, "aligned")
    assert text.count(mark) >= len(RECORDS)


def test_the_committed_page_is_the_newest(tmp_path: Path) -> None:
    """After a change of a record: explainer catalogue -o output/gallery."""
    found = CliRunner().invoke(main, ["catalogue", "-o", str(tmp_path)])
    assert found.exit_code == 0
    assert (tmp_path / "catalogue.md").read_text("utf-8") == COMMITTED.read_text(
        "utf-8"
    )


def test_an_unknown_format_is_refused() -> None:
    found = CliRunner().invoke(main, ["catalogue", "--to", "markdwon"])
    assert found.exit_code == 2
    assert "Known: " in found.output
