"""What holds for every test: an empty folder to work in, and the same examples."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import localcontext
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("explainer", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("explainer")


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test starts in an empty folder: it finds and leaves no files elsewhere."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def own_digits() -> Iterator[None]:
    """Code that a test runs may choose its digits; the next test has the usual ones."""
    with localcontext():
        yield
