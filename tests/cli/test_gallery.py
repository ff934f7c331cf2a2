"""The committed gallery is what the program writes."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from click.testing import CliRunner

from explainer.cli.main import main

KEPT = Path(__file__).resolve().parent.parent.parent / "output" / "gallery"


def test_the_gallery_is_the_newest(tmp_path: Path) -> None:
    """To renew it: `explainer gallery`."""
    result = CliRunner().invoke(main, ["gallery", "-o", str(tmp_path)])
    assert result.exit_code == 0, result.output
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in KEPT.iterdir()}
    assert made.keys() == kept.keys()
    stale = [name for name in made if made[name] != kept[name]]
    assert stale == []


def test_every_link_of_the_index_is_a_file() -> None:
    index = (KEPT / "README.md").read_text("utf-8")
    links = re.findall(r"\]\(([^)]+)\)", index)
    assert len(links) > 40
    assert [link for link in links if not (KEPT / unquote(link)).is_file()] == []


def test_every_picture_of_a_page_is_there() -> None:
    for page in KEPT.glob("*.md"):
        for link in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text("utf-8")):
            assert (KEPT / link).is_file(), f"{page.name}: {link}"
