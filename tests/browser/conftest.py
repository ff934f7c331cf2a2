"""A real browser, and pages to open in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from explainer import Network, derive, render
from explainer.examples import EXAMPLES
from explainer.page.catalogue import compose_catalogue, spell_catalogue
from explainer.page.rendering import render as render_document

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
).split()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is missing: pip install '.[browser]'"
    )
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the web page of each built-in example, and of the catalogue."""
    folder = tmp_path_factory.mktemp("pages")
    for name in EXAMPLES:
        derivation = derive(Network.from_example(name), verify=False)
        (folder / f"{name}.html").write_text(render(derivation, "html"), "utf-8")
    network = Network.from_example("han-kamber")
    text = render(derive(network, method="matrix", verify=False), "html")
    (folder / "matrices.html").write_text(text, "utf-8")
    text = render_document(compose_catalogue(), "html", spell_catalogue)
    (folder / "catalogue.html").write_text(text, "utf-8")
    return folder


class Reader:
    """A window on one page. `complaints` is what the console said."""

    def __init__(self, page: Page, pages: Path) -> None:
        self.page = page
        self.pages = pages
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._note_request)

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith("file:"):
            self.complaints.append(f"asked for {request.url}")

    def open(self, name: str, fragment: str = "") -> Page:
        # Only the fragment may differ from what is open: then nothing would be loaded.
        self.page.goto("about:blank")
        self.page.goto((self.pages / f"{name}.html").as_uri() + fragment)
        return self.page


@pytest.fixture
def reader(browser: Browser, pages: Path) -> Iterator[Reader]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(10_000)
    found = Reader(page, pages)
    yield found
    page.close()
    assert found.complaints == []
