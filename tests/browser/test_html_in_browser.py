"""The web page in a real browser: what a reader does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from explainer.examples import EXAMPLES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Reader

NAMES = [*EXAMPLES, "matrices", "catalogue"]
WIDER = """() => [...document.querySelectorAll("body *")]
  .filter((e) => !e.closest("mtable, .equation:has(mtable), .table, svg"))
  .filter((e) => e.getClientRects().length)
  .filter((e) => e.getBoundingClientRect().right > innerWidth)
  .map((e) => `${e.tagName} in ${e.closest("[id]")?.id}`)"""


def shown(page: Page) -> list[str]:
    """The steps that can be seen."""
    seen = page.locator(".step:visible").evaluate_all("(all) => all.map((e) => e.id)")
    return [str(name) for name in seen]


def fragment(page: Page) -> str:
    return str(page.evaluate("location.hash"))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wider_than_a_phone(reader: Reader, name: str) -> None:
    """Only a matrix may be, and then it scrolls in its own line."""
    reader.page.set_viewport_size({"width": 380, "height": 800})
    page = reader.open(name)
    assert page.evaluate("document.documentElement.scrollWidth") == 380
    assert page.evaluate(WIDER) == []


# Groups of what belongs together that are broken although a row has room for them.
BROKEN = """() => [...document.querySelectorAll(".group")].filter((group) => {
  const parts = [...group.children].filter((e) => e.tagName !== "WBR");
  const boxes = parts.map((e) => e.getBoundingClientRect());
  const width = boxes.reduce((sum, box) => sum + box.width, 0);
  const broken = boxes.some((box, i) => i && box.left < boxes[i - 1].left);
  const row = group.closest(".side").clientWidth;
  return broken && width < row - 1;
}).map((e) => `${e.closest("[id]").id}: ${e.textContent}`)"""


@pytest.mark.parametrize("width", [380, 1280])
@pytest.mark.parametrize("name", ["mazur", "softmax-adam", "recurrent"])
def test_lines_break_where_it_hurts_least(
    reader: Reader, width: int, name: str
) -> None:
    """A bracket stays whole where it fits in a row, and so does a product in a sum."""
    reader.page.set_viewport_size({"width": width, "height": 800})
    page = reader.open(name)
    assert page.evaluate(BROKEN) == []
    if width == 380:
        page.add_style_tag(content=".group { display: inline !important; }")
        assert page.evaluate(BROKEN) != []


def test_a_sum_breaks_before_its_signs(reader: Reader) -> None:
    page = reader.open("mazur")
    terms = page.locator("#step-1 .side").first.locator("> .group")
    assert terms.all_text_contents() == ["w1⋅i1", "+w2⋅i2", "+b1"]


@pytest.mark.parametrize("name", ["forward-backward", "matrices"])
def test_a_number_leads_to_its_origin(reader: Reader, name: str) -> None:
    page = reader.open(name)
    link = page.locator("#step-9 a[data-of]").first
    target = link.get_attribute("href")
    assert target
    link.click()
    assert fragment(page) == target
    assert page.locator(target).bounding_box() is not None
    top = page.evaluate(
        "(id) => document.querySelector(id).getBoundingClientRect().top", target
    )
    assert 0 <= top < 900


def test_a_hovered_or_focused_number_shows_its_origin(reader: Reader) -> None:
    page = reader.open("forward-backward")
    link = page.locator('#step-16 a[data-of="out_h1"], #step-16 a[data-of]').first
    target = page.locator(link.get_attribute("href") or "")
    plain = target.evaluate("(e) => getComputedStyle(e).backgroundColor")
    link.hover()
    assert "origin" in (target.get_attribute("class") or "")
    assert target.evaluate("(e) => getComputedStyle(e).backgroundColor") != plain
    page.mouse.move(0, 0)
    assert "origin" not in (target.get_attribute("class") or "")
    link.focus()
    assert "origin" in (target.get_attribute("class") or "")
    page.locator("#fold").focus()
    assert "origin" not in (target.get_attribute("class") or "")


def test_the_step_mode_by_keyboard(reader: Reader) -> None:
    page = reader.open("forward-backward")
    page.locator("#walk").focus()
    page.keyboard.press("Enter")
    assert shown(page) == ["step-1"]
    assert fragment(page) == "#walk-step-1"
    for key, step in (
        ("ArrowRight", 2), ("n", 3), ("p", 2), ("ArrowLeft", 1), ("ArrowLeft", 1),
        ("End", 82), ("ArrowRight", 82), ("Home", 1), ("n", 2),
    ):  # fmt: skip
        page.keyboard.press(key)
        page.wait_for_function("(id) => location.hash === id", arg=f"#walk-step-{step}")
        # The page answers to the new address a moment later.
        page.wait_for_function(
            "(text) => document.querySelector('#position').innerText === text",
            arg=f"Step {step} of 82",
        )
        assert shown(page) == [f"step-{step}"]
        assert page.locator("#position").inner_text() == f"Step {step} of 82"
    page.keyboard.press("Escape")
    assert len(shown(page)) == 82
    assert fragment(page) == "#step-2"


def test_the_step_mode_by_button_and_the_way_back(reader: Reader) -> None:
    page = reader.open("forward-backward")
    page.locator("#walk").click()
    assert page.locator("#back").is_disabled()
    page.locator("#next").click()
    page.locator("#next").click()
    assert shown(page) == ["step-3"]
    # A citation is followed within the mode, and the browser's button leads back.
    page.locator("#step-3 a[data-of]").first.evaluate("(a) => a.blur()")
    page.go_back()
    assert shown(page) == ["step-2"]
    page.locator("#step-2 a[href='#step-1']").first.click()
    page.wait_for_function("location.hash === '#walk-step-1'")
    assert shown(page) == ["step-1"]
    page.go_back()
    page.wait_for_function("location.hash === '#walk-step-2'")
    assert shown(page) == ["step-2"]
    page.locator("#leave").click()
    assert len(shown(page)) == 82


def test_a_given_number_is_found_from_within_the_step_mode(reader: Reader) -> None:
    page = reader.open("forward-backward", "#walk-step-1")
    page.locator("#step-1 a[href='#given-w1']").click()
    page.wait_for_function("location.hash === '#given-w1'")
    assert page.locator("#given-w1").is_visible()
    page.go_back()
    page.wait_for_function("location.hash === '#walk-step-1'")
    assert shown(page) == ["step-1"]


def test_an_address_opens_the_step_mode(reader: Reader) -> None:
    page = reader.open("forward-backward", "#walk-step-16")
    assert shown(page) == ["step-16"]
    # The headings above say where the reader is.
    seen = page.locator("main > h2:visible, main > h3:visible, main > h4:visible")
    assert [text[:8] for text in seen.all_inner_texts()] == [
        "The back", "Paramete", "The weig",
    ]  # fmt: skip
    assert page.locator("#position").get_attribute("aria-live") == "polite"


LIT = """[...document.querySelectorAll("svg.network:not(.chain) .lit")]
  .map((e) => e.dataset.key)"""


def test_the_picture_lights_the_chain_in_use(reader: Reader) -> None:
    page = reader.open("forward-backward", "#walk-step-16")
    # dE/dw5: the total, the error of o1, o1, and the line of w5 with its label.
    nodes, lines = {"out_o1", "E_o1", "E"}, {"w5", "out_o1-E_o1", "E_o1-E"}
    assert {*page.evaluate(LIT)} == nodes | lines
    page.locator("#step-16 a[data-of='dsum_o1/dw5']").hover()
    assert {*page.evaluate(LIT)} == {"out_o1", "w5"}
    page.keyboard.press("n")
    page.wait_for_function("location.hash === '#walk-step-17'")
    assert {*page.evaluate(LIT)} == {"w5"}
    page.keyboard.press("Escape")
    assert page.evaluate(LIT) == []
    page.locator("#step-5 a[data-of='w6']").focus()
    assert {*page.evaluate(LIT)} == {"w6"}
    page.locator("#fold").focus()
    assert page.evaluate(LIT) == []


@pytest.mark.parametrize("width", [380, 1280])
def test_the_picture_stays_in_sight_and_hides_nothing(
    reader: Reader, width: int
) -> None:
    reader.page.set_viewport_size({"width": width, "height": 800})
    page = reader.open("mazur", "#step-20")
    picture, step = (
        page.locator(name).bounding_box() for name in (".pinned svg", "#step-20")
    )
    assert picture is not None and step is not None
    assert picture["y"] >= 0 and picture["y"] + picture["height"] <= 800
    below = step["y"] >= picture["y"] + picture["height"]
    beside = picture["x"] >= step["x"] + step["width"]
    assert below or beside
    assert beside == (width == 1280)
    assert 0 <= step["y"] < 400


LETTERS = """(() => {
  const picture = document.querySelector("svg.network");
  return picture.getBoundingClientRect().width / picture.getAttribute("width");
})()"""


@pytest.mark.parametrize("name", ["three-hidden-layers", "convolution"])
@pytest.mark.parametrize("width", [380, 1280])
def test_the_picture_can_be_enlarged(reader: Reader, width: int, name: str) -> None:
    """Then its letters are at least as large as they are drawn; and the keyboard leads
    in and out."""
    reader.page.set_viewport_size({"width": width, "height": 800})
    page = reader.open(name, "#walk-step-20")
    before = page.locator("#network .sight").bounding_box()
    small, lit = page.evaluate(LETTERS), page.evaluate(LIT)
    page.locator("#network .enlarge").focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog")
    dialog.locator("svg").wait_for(state="visible")
    assert page.evaluate(LETTERS) >= 1 > small
    assert page.evaluate(LIT) == lit != []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    # The step mode goes on, with the picture and the reader where they were.
    assert shown(page) == ["step-20"]
    assert page.evaluate("document.activeElement.className") == "enlarge"
    assert page.locator("#network .sight").bounding_box() == before
    page.locator("#network svg").click()
    dialog.get_by_role("button").click()
    dialog.wait_for(state="hidden")
    assert page.evaluate(LETTERS) == small


def test_the_caption_stays_with_the_picture(reader: Reader) -> None:
    page = reader.open("mazur", "#step-40")
    picture, caption = (
        page.locator(f"#network {name}").bounding_box()
        for name in ("svg", "figcaption")
    )
    assert picture is not None and caption is not None
    assert 0 <= caption["y"] - (picture["y"] + picture["height"]) < 20
    assert abs(caption["x"] - picture["x"]) < 40
    # Of 13 pixels that its letters are drawn with, 9 are left beside the text.
    assert page.evaluate(LETTERS) * 13 > 9


def test_steps_fold(reader: Reader) -> None:
    page = reader.open("forward-backward")
    body = page.locator("#step-5 .equation")
    found = page.locator("#step-5 .found")
    assert body.is_visible() and not found.is_visible()
    page.locator("#fold").click()
    assert not body.is_visible() and found.is_visible()
    # A link opens the step that it leads to.
    page.evaluate("location.hash = 'step-5'")
    body.wait_for(state="visible")
    page.locator("#unfold").click()
    assert page.locator("details:not([open])").count() == 1  # the contents
    page.locator("#step-5 summary").click()
    assert not body.is_visible()


def test_paper_shows_everything(reader: Reader) -> None:
    page = reader.open("forward-backward")
    page.locator("#fold").click()
    page.emulate_media(media="print")
    page.locator("#step-5 .equation").wait_for(state="visible")
    assert page.locator(".step .equation:visible").count() == 82
    assert not page.locator("button:visible").count()
    page.emulate_media(media="screen")
    page.locator("#step-5 .equation").wait_for(state="hidden")
    page.goto(page.url.split("#")[0] + "#walk-step-3")
    page.emulate_media(media="print")
    assert page.locator(".step .equation:visible").count() == 82


def test_light_and_dark(reader: Reader) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    page = reader.open("forward-backward")
    light = page.evaluate(ground)
    page.locator("#theme").click()
    dark = page.evaluate(ground)
    assert dark != light
    # The button says what it does next.
    assert page.locator("#theme").inner_text() == "Light colours"
    page.locator("#theme").click()
    assert page.evaluate(ground) == light
    assert page.locator("#theme").inner_text() == "Dark colours"
    other = reader.open("tanh-neuron")
    other.emulate_media(color_scheme="dark")
    assert other.evaluate(ground) == dark
    assert other.locator("#theme").inner_text() == "Light colours"


def test_without_a_script_everything_can_be_read(
    reader: Reader, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((reader.pages / "forward-backward.html").as_uri())
    assert page.locator(".step .equation:visible").count() == 82
    assert not page.locator("button:visible").count()
    # Nothing is lit, so the picture need not stay, and is drawn larger.
    assert page.evaluate(LETTERS) > 0.9
    context.close()


def test_the_keyboard_reaches_everything_in_order(reader: Reader) -> None:
    page = reader.open("tanh-neuron")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "walk"
    places = page.evaluate(
        "[...document.querySelectorAll('main a, main summary')].map((e) => e.tabIndex)"
    )
    assert places and set(places) == {0}
