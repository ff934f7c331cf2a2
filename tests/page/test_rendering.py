"""Templates: every word is theirs, and each of them can be overridden."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from explainer import Network, derive, render
from explainer.examples import EXAMPLES
from explainer.mathematics.written import Key
from explainer.page.catalogue import compose_catalogue, spell_catalogue
from explainer.page.document import Document, Heading, Paragraph, Words
from explainer.page.formats import FORMATS
from explainer.page.measure import break_rows, measure
from explainer.page.rendering import Renderer
from explainer.page.rendering import render as render_document
from explainer.page.templates import (
    MissingSentence,
    guard,
    override_problem,
    template_folder,
)
from explainer.worked import pictures
from tests.rereading.katex import NoKatex, katex_problems
from tests.rereading.page import formulas

SNAPSHOTS = Path(__file__).parent / "snapshots"


def spell(key: Key) -> str:
    return key.kind


# A web page carries its style and its script; its numbers are compared with these, and
# so are those of a Word file.
@pytest.mark.parametrize("form", [f for f in FORMATS if f not in ("html", "pandoc")])
@pytest.mark.parametrize("name", ["forward-backward", "tanh-neuron", "relu-homework"])
def test_the_page_is_the_snapshot(name: str, form: str) -> None:
    """Whole pages. To renew one on purpose, write it with `explainer derive NAME -o
    tests/page/snapshots` and read what changed."""
    page = render(derive(Network.from_example(name)), form, stem=name)
    kept = SNAPSHOTS / f"{name}{FORMATS[form].suffix}"
    assert page == kept.read_text("utf-8")


@pytest.mark.parametrize("name", ["forward-backward", "tanh-neuron", "relu-homework"])
def test_the_pictures_are_the_snapshots(name: str) -> None:
    """To renew them, as above with `--to svg`."""
    shown = pictures(derive(Network.from_example(name), verify=False))
    kept = {
        path.stem.removeprefix(f"{name}-"): path.read_text("utf-8")
        for path in SNAPSHOTS.glob(f"{name}-*.svg")
    }
    assert dict(shown) == kept


def test_a_folder_overrides_one_template(tmp_path: Path) -> None:
    own = tmp_path / "markdown"
    own.mkdir()
    (own / "inline.j2").write_text(
        (template_folder() / "markdown" / "inline.j2")
        .read_text("utf-8")
        .replace("$<< tex >>$", "$`<< tex >>`$"),
        "utf-8",
    )
    derivation = derive(Network.from_example("single-neuron"), verify=False)
    page = render(derivation, "md", tmp_path)
    assert "$`x_{1}`$" in page
    assert "$`" not in render(derivation, "md")


def test_an_unknown_template_is_refused(tmp_path: Path) -> None:
    (tmp_path / "markdwon").mkdir()
    (tmp_path / "markdwon" / "document.j2").write_text("", "utf-8")
    problem = override_problem(tmp_path)
    assert problem is not None
    assert "'markdwon/document.j2'" in problem
    assert "markdown/document.j2" in problem


@pytest.mark.parametrize("value", ["text", 0.5, None, True, ("a",)])
def test_a_bare_value_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="bare"):
        guard(value)


def test_an_unknown_sentence_is_refused() -> None:
    page = Document(Words("title"), (Paragraph((Words("no_such_sentence"),)),))
    with pytest.raises(MissingSentence, match="wording/en.j2.*'no_such_sentence'"):
        render_document(page, "md", spell)


@pytest.mark.parametrize(
    ("form", "escaped"),
    [("md", r"50% \_of\_ \*it\*"), ("tex", r"50\% \_of\_ *it*")],
)
def test_text_of_the_users_is_escaped(form: str, escaped: str) -> None:
    title = Words("title", {"title": "50% _of_ *it*"})
    assert escaped in render_document(
        Document(title, (Heading(1, title),)), form, spell
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_bare_dollar_or_trailing_space(name: str) -> None:
    page = render(derive(Network.from_example(name), verify=False), "md")
    assert not re.search(r"[ \t]$", page, re.MULTILINE)
    assert page.count("$$") % 2 == 0


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_reference_has_its_step(name: str) -> None:
    derivation = derive(Network.from_example(name), detail="full", verify=False)
    page = render(derivation, "md")
    cited = {int(number) for number in re.findall(r"\]\(#step-(\d+)\)", page)}
    steps = {int(number) for number in re.findall(r"^##### Step (\d+)$", page, re.M)}
    assert cited and cited <= steps
    tex = render(derivation, "tex")
    labels = set(re.findall(r"\\label\{(step:\d+)\}", tex))
    assert set(re.findall(r"\\eqref\{(step:\d+)\}", tex)) <= labels


def test_every_formula_passes_katex() -> None:
    pages = [
        render(derive(Network.from_example(name), detail="full", verify=False), "md")
        for name in EXAMPLES
    ]
    found = [(f.text, f.display) for page in pages for f in formulas(page)]
    try:
        problems = katex_problems(found)
    except NoKatex as reason:
        pytest.skip(str(reason))
    assert problems == []
    assert len(found) > 500


ROWS = [
    # pieces                        width  pieces in each row
    (("a", "+ b"), 20, [2]),
    (("a", "+ b"), 3, [1, 1]),
    (("(a", "+ b)", r"\cdot c"), 8, [2, 1]),
    (("(aaaa", "+ bbbb)"), 6, [1, 1]),
]


@pytest.mark.parametrize(("pieces", "width", "rows"), ROWS)
def test_rows_break_outside_brackets(
    pieces: tuple[str, ...], width: float, rows: list[int]
) -> None:
    assert break_rows(pieces, width) == rows


def test_a_fraction_is_as_wide_as_its_wider_part() -> None:
    assert measure(r"\frac{12345}{1}") == measure(r"\frac{1}{12345}")
    assert measure(r"\frac{12345}{1}") < measure("12345") + 1


@pytest.mark.parametrize("language", ["en", "es"])
def test_sentences_in_latex_have_only_letters_of_its_fonts(language: str) -> None:
    page = render_document(
        compose_catalogue(), "tex", spell_catalogue, language=language
    )
    assert r"\ensuremath{\eta}" in page
    renderer = Renderer(FORMATS["tex"], spell, language=language)
    sentence = renderer.say(Words("whole_derivatives"))
    assert r"\ensuremath{\partial}" in sentence
    # T1 has the letters of Latin-1.
    assert (page + sentence).encode("latin-1")
