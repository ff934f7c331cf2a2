"""PDF: every example compiles, nothing is wider than the page, the numbers are those
of the Markdown."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pypdf
import pytest
import typst
from click.testing import CliRunner

from explainer.cli.main import main
from explainer.derivation.deriving import METHODS
from explainer.examples import EXAMPLES
from explainer.network.problems import NetworkError
from explainer.page.catalogue import compose_catalogue, spell_catalogue
from explainer.page.general_document import compose_general
from explainer.page.publishing import tex
from explainer.page.publishing.making import PublishingError
from explainer.page.publishing.publication import PUBLICATIONS, publish
from explainer.page.publishing.typst_page import compile_typst
from explainer.page.rendering import render as render_page
from explainer.page.templates import languages
from explainer.worked import Network, derive, render, with_choices

NUMBER = r"\d+\.\d+"
# Points: where the text of an A4 page ends at the right and begins at the left.
LEFT, RIGHT = 25 / 25.4 * 72, (210 - 25) / 25.4 * 72
# A comma at the end of a line hangs out of the text.
HANGING = 3
# An equation wider than the room beside its number is noted.
PROBE = """
#show math.equation.where(block: true): it => layout(room => {
  let bare = math.equation(block: true, supplement: [bare], it.body)
  let number = if it.numbering == none { 0pt } else {
    measure(numbering(it.numbering, 1)).width + 0.5em.to-absolute()
  }
  if it.supplement != [bare] [
    #metadata((measure(bare).width + number - room.width).pt()) <excess>
  ]
  it
})
"""


@cache
def pages(name: str, method: str) -> dict[str, str]:
    try:
        network = Network.from_example(name)
        # Pictures repeat numbers, which Markdown has in files of their own.
        page = replace(network.spec.page, pictures="none")
        bare = with_choices(network, page=page)
        derivation = derive(bare, method=method, verify=False)
        return {form: render(derivation, form) for form in ("md", "typ")}
    except NetworkError:
        # A graph of formulas has no matrices.
        assert (name, method) == ("computational-graph", "matrix")
        return {}


CASES = [(name, method) for name in EXAMPLES for method in METHODS]


@pytest.mark.parametrize(("name", "method"), CASES)
def test_an_example_compiles_with_the_numbers_of_its_markdown(
    name: str, method: str
) -> None:
    texts = pages(name, method)
    if not texts:
        return
    made = compile_typst(texts["typ"])
    assert made.remarks == ()
    found = Counter(re.findall(NUMBER, read_pdf(made.data)))
    # In the text of a PDF an exponent stands right after its base.
    markdown = re.sub(r"(\d)\^\{(\d+)\}", r"\1\2", texts["md"])
    assert found == Counter(re.findall(NUMBER, markdown))


def read_pdf(data: bytes) -> str:
    return "\n".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages
    )


@pytest.mark.parametrize(("name", "method"), CASES)
def test_no_equation_is_wider_than_its_line(name: str, method: str) -> None:
    texts = pages(name, method)
    assert max(excesses(texts["typ"]), default=0) <= 0 if texts else True


def excesses(page: str) -> list[float]:
    """By how many points each equation is wider than the line it stands in."""
    fonts = typst.Fonts(include_system_fonts=False)
    found = typst.query(
        (PROBE + page).encode(), "<excess>", field="value", font_paths=fonts
    )
    return [float(points) for points in json.loads(found)]


def test_a_wide_equation_is_found() -> None:
    page = "#set page(width: 5cm)\n$ a + b $\n$ 11 + 22 + 33 + 44 + 55 + 66 + 77 + 88 $"
    assert [excess > 0 for excess in excesses(page)] == [False, True]


@pytest.mark.parametrize("page", ["general", "catalogue"])
def test_other_pages_compile_and_fit(page: str) -> None:
    from explainer.derivation.general import spell_general

    text = (
        render_page(compose_general(verify=False)[0], "typ", spell_general)
        if page == "general"
        else render_page(compose_catalogue(), "typ", spell_catalogue)
    )
    assert compile_typst(text).remarks == ()
    assert max(excesses(text)) <= 0


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler's pdftotext")
@pytest.mark.parametrize(("name", "method"), CASES)
def test_no_word_stands_outside_the_text(
    name: str, method: str, tmp_path: Path
) -> None:
    texts = pages(name, method)
    if not texts:
        return
    (tmp_path / "page.pdf").write_bytes(compile_typst(texts["typ"]).data)
    command = ["pdftotext", "-bbox", str(tmp_path / "page.pdf"), "-"]
    boxes = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    places = re.findall(r'<word xMin="([\d.]+)".*xMax="([\d.]+)"', boxes)
    assert len(places) > 100
    assert min(float(left) for left, _ in places) > LEFT - HANGING
    assert max(float(right) for _, right in places) < RIGHT + HANGING


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", ["forward-backward", "logistic-regression"])
def test_pictures_stand_in_the_page_with_its_fonts(name: str, language: str) -> None:
    network = Network.from_example(name)
    page = replace(network.spec.page, pictures="chains")
    derivation = derive(with_choices(network, page=page), verify=False)
    made = compile_typst(render(derivation, "typ", language=language))
    assert made.remarks == ()
    reader = pypdf.PdfReader(io.BytesIO(made.data))
    assert str(reader.root_object["/Lang"]) == language
    assert len(derivation.document.pictures) > 1
    fonts = set(re.findall(rb"/BaseFont ?/[A-Z]+\+([A-Za-z0-9]+)", made.data))
    assert {name[:5] for name in fonts} == {b"NewCM"}


def test_the_same_page_gives_the_same_bytes() -> None:
    text = pages("tanh-neuron", "paths")["typ"]
    first = compile_typst(text).data
    assert first == compile_typst(text).data
    assert b"CreationDate" not in first and b"ModDate" not in first


def test_a_pdf_says_what_it_is_and_its_links_lead_somewhere() -> None:
    reader = pypdf.PdfReader(
        io.BytesIO(compile_typst(pages("tanh-neuron", "paths")["typ"]).data)
    )
    assert reader.metadata is not None
    assert reader.metadata.title == "A single neuron with tanh"
    assert str(reader.root_object["/Lang"]) == "en"
    links = [
        link.get_object()
        for page in reader.pages
        for link in page.get("/Annots", ())
        if link.get_object()["/Subtype"] == "/Link"
    ]
    cites = re.findall(r"\]\(#step-\d+\)", pages("tanh-neuron", "paths")["md"])
    assert len(links) == len(cites) > 0
    assert all("/Dest" in link or "/A" in link for link in links)


NETWORK = """
[inputs]
x = 0.5
[[layers]]
activation = "tanh"
[layers.weights]
y = { w = 0.25 }
[targets]
y = 1
[loss]
name = "half-squared-error"
[training]
learning_rate = 0.1
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text(NETWORK, "utf-8")
    return CliRunner()


def test_the_command_writes_the_bytes(run: CliRunner) -> None:
    done = run.invoke(main, ["derive", "own.toml", "--to", "md,typ,pdf"])
    assert done.exit_code == 0, done.output
    assert Path("output/own.pdf").read_bytes().startswith(b"%PDF")
    typ = Path("output/own.typ").read_text("utf-8")
    assert compile_typst(typ).data == Path("output/own.pdf").read_bytes()


def test_without_typst_one_command_is_named(
    run: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    done = run.invoke(main, ["derive", "own.toml", "--to", "md,pdf"])
    assert done.exit_code == 2
    assert "pip install 'backprop-explainer[pdf]'" in done.output
    assert not Path("output").exists()


def test_without_tex_the_message_says_what_to_install(
    run: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    command = ["derive", "own.toml", "--to", "pdf", "--engine", "latex"]
    done = run.invoke(main, command)
    assert done.exit_code == 2
    assert "Install tectonic" in done.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "pdf", "--engine", "latx"), "Did you mean 'latex'"),
        (("--to", "md", "--engine", "latex"), "latex makes pdf"),
        (("--to", "pfd"), "Did you mean 'pdf'"),
    ],
)
def test_what_cannot_be_made_is_refused(
    run: CliRunner, arguments: tuple[str, ...], message: str
) -> None:
    done = run.invoke(main, ["derive", "own.toml", *arguments])
    assert done.exit_code == 2
    assert message in done.output


def test_a_symbol_that_only_latex_can_print_is_named(run: CliRunner) -> None:
    own = '\n[notation.patterns]\nweight = "\\\\overset{*}{w}"\n'
    Path("own.toml").write_text('notation.base = "net-out"\n' + NETWORK + own, "utf-8")
    done = run.invoke(main, ["derive", "own.toml", "--to", "pdf"])
    assert done.exit_code == 2, done.output
    assert r"\overset" in done.output
    command = ["derive", "own.toml", "--to", "md,tex", "--pictures", "none"]
    assert run.invoke(main, command).exit_code == 0


@pytest.mark.parametrize("program", tex.COMMANDS)
def test_latex_makes_the_same_numbers(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which(program):
        pytest.skip(f"needs {program}")
    monkeypatch.setattr(tex, "COMMANDS", {program: tex.COMMANDS[program]})
    derivation = derive(Network.from_example("tanh-neuron"), verify=False)
    made = [
        publish("pdf", lambda form: render(derivation, form), "latex") for _ in range(2)
    ]
    assert made[0] == made[1]
    assert not isinstance(made[0], str) and made[0].remarks == ()
    text = read_pdf(made[0].data)
    assert str(derivation["out_o"].shown) in text
    assert "??" not in text


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="needs pdflatex")
def test_what_latex_says_is_told() -> None:
    page = r"\documentclass{article}\begin{document}%s\end{document}"
    made = tex.compile_latex(page % r"\noindent\hbox to 2\textwidth{wide}")
    assert made.remarks == ("LaTeX: 1 line is wider than the page",)
    with pytest.raises(PublishingError, match=r"Undefined control sequence.*\\no"):
        tex.compile_latex(page % "\n\\no\n")


def test_every_publication_is_made_of_a_format() -> None:
    from explainer.page.formats import FORMATS

    for record in PUBLICATIONS.values():
        assert record.name not in FORMATS
        assert {engine.source for engine in record.engines} <= FORMATS.keys()
