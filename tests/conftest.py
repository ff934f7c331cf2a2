"""What holds for every test: an empty folder to work in, and the same examples."""

from __future__ import annotations

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
