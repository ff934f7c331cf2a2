"""Word files: every formula is an equation, every citation leads to its step."""

from __future__ import annotations

import io
import re
import shutil
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from explainer.cli.main import main
from explainer.examples import EXAMPLES
from explainer.page.publishing import word
from explainer.page.publishing.word import convert_to_word
from explainer.worked import Network, derive, render, with_choices

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def bundled() -> str | None:
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    except (ImportError, OSError):
        return None


PANDOCS = {"installed": shutil.which("pandoc"), "bundled": bundled()}


# Each pandoc reads formulas in its own way; one is enough to read all pages.
TWICE = ("forward-backward", "softmax-adam", "convolution")
PAGES = [("installed", name) for name in EXAMPLES] + [
    ("bundled", name) for name in EXAMPLES if name in TWICE
]


@pytest.fixture(params=PANDOCS)
def pandoc(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each pandoc that is there makes the file."""
    path = PANDOCS[request.param]
    if path is None:
        pytest.skip(f"needs pandoc, {request.param}")
    monkeypatch.setattr(word, "find_pandoc", lambda: path)
    return str(path)


def parts(data: bytes) -> tuple[ElementTree.Element, ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return tuple(
            ElementTree.fromstring(file.read(name))
            for name in ("word/document.xml", "docProps/core.xml")
        )  # type: ignore[return-value]


def count_formulas(markdown: str) -> int:
    """The formulas of a Markdown page: those between dollars, single or double. A sign
    alone is a letter in Word."""
    text = re.sub(r"\\\$", "", markdown.replace(r"$\approx$", "≈"))
    displayed = len(re.findall(r"^\$\$$", text, re.MULTILINE))
    inline = re.sub(r"^\$\$$.*?^\$\$$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert displayed % 2 == 0 and inline.count("$") % 2 == 0
    return displayed // 2 + inline.count("$") // 2


@pytest.mark.parametrize(("pandoc", "name"), PAGES, indirect=["pandoc"])
def test_every_formula_is_an_equation_and_every_link_leads_to_its_step(
    name: str, pandoc: str
) -> None:
    derivation = derive(Network.from_example(name), verify=False)
    markdown = render(derivation, "md", stem="")
    made = convert_to_word(render(derivation, "pandoc", stem=""))
    document, core = parts(made.data)
    assert made.remarks == ()
    assert len([*document.iter(f"{M}oMath")]) == count_formulas(markdown) > 10
    text = "".join(part.text or "" for part in document.iter(f"{W}t"))
    assert "$" not in text and "\\" not in text and "<m:" not in text
    anchors = [link.get(f"{W}anchor") for link in document.iter(f"{W}hyperlink")]
    marks = {mark.get(f"{W}name") for mark in document.iter(f"{W}bookmarkStart")}
    assert {*anchors} <= marks
    assert len(anchors) == len(re.findall(r"\]\(#", markdown))
    title = re.findall("^# (.*)$", markdown, re.MULTILINE)
    assert [part.text for part in core.iter() if part.tag.endswith("title")] == title


def test_the_numbers_stand_in_the_equations(pandoc: str) -> None:
    derivation = derive(Network.from_example("forward-backward"), verify=False)
    document, _ = parts(convert_to_word(render(derivation, "pandoc", stem="")).data)
    equations = [
        "".join(part.text or "" for part in equation.iter(f"{M}t"))
        for equation in document.iter(f"{M}oMath")
    ]
    for name in ("out_h1", "dE/dw5", "new_w5", "new_w1"):
        shown = str(derivation[name].shown)
        assert any(equation.endswith(shown) for equation in equations), name


def row_texts(equation: ElementTree.Element) -> list[list[str]]:
    """The numbers of each row of an equation."""
    rows = equation.findall(f"{M}oMath/{M}m/{M}mr")
    return [numbers(" ".join(t.text or "" for t in row.iter(f"{M}t"))) for row in rows]


def numbers(text: str) -> list[str]:
    return re.findall(r"[0-9]+(?:\.[0-9]+)?", text)


LINES = [(name, "paths") for name in EXAMPLES if name != "three-hidden-layers"]
LINES += [("softmax-adam", "matrix"), ("convolution", "matrix")]


@pytest.mark.parametrize(("name", "method"), LINES)
def test_every_line_of_working_is_a_row_with_its_numbers(
    name: str, method: str
) -> None:
    """Counted against the LaTeX of the page, which another printer writes."""
    derivation = derive(Network.from_example(name), method=method, verify=False)
    blocks = re.findall(
        r"\\begin\{aligned\}\n(.*?)\n\\end\{aligned\}",
        render(derivation, "md", stem=""),
        re.DOTALL,
    )
    written = [
        [numbers(line) for line in re.split(r" \\\\\n(?= *&)", block)]
        for block in blocks
    ]
    page = render(derivation, "pandoc", stem="")
    shown: list[list[list[str]]] = []
    for block in re.findall(r"```\{=openxml\}\n(.*?)```", page, re.DOTALL):
        # A long equation begins again in a second matrix.
        shown.append([row for part in paragraphs(block) for row in row_texts(part)])
    assert shown == written


def paragraphs(openxml: str) -> list[ElementTree.Element]:
    spaces = f'xmlns:w="{W[1:-1]}" xmlns:m="{M[1:-1]}"'
    found = ElementTree.fromstring(f"<w:body {spaces}>{openxml}</w:body>")
    return [*found.iter(f"{M}oMathPara")]


ARGUMENTS = {f"{M}{name}" for name in ("e", "num", "den", "sub", "sup")}
PREFIX = frozenset("+−")
INFIX = frozenset("=≈⋅×∘<>≤≥≠·→")


def sign(part: ElementTree.Element) -> str:
    """What a run of mathematics says; text is no mathematics."""
    if part.tag != f"{M}r" or part.find(f"{M}rPr/{M}nor") is not None:
        return ""
    return "".join(part.itertext())


def lacks(openxml: str) -> list[str]:
    """The arguments in which LibreOffice misses an operand, and shows a question mark
    or leaves out rows: empty ones, and those that begin or end with an operator. Words
    are commands of it: sum, over, left."""
    found = []
    for equation in paragraphs(openxml):
        for argument in (part for part in equation.iter() if part.tag in ARGUMENTS):
            signs = [sign(part) for part in argument] or ["="]
            words = any(re.search("[a-z]{2}", each) for each in signs)
            if words or signs[0] in INFIX or signs[-1] in INFIX | PREFIX:
                found.append(ElementTree.tostring(argument, "unicode"))
    return found


@pytest.mark.parametrize("name", ["forward-backward", "recurrent", "softmax-adam"])
@pytest.mark.parametrize("notation", ["sum-output", "net-out", "z-a-superscript"])
def test_libreoffice_misses_nothing(name: str, notation: str) -> None:
    network = Network.from_example(name)
    chosen = replace(network.spec.notation, base=notation, patterns={})
    derivation = derive(with_choices(network, notation=chosen), verify=False)
    page = render(derivation, "pandoc", stem="")
    blocks = re.findall(r"```\{=openxml\}\n(.*?)```", page, re.DOTALL)
    assert blocks and not [wrong for block in blocks for wrong in lacks(block)]


def test_what_libreoffice_misses_is_found() -> None:
    run = "<m:r><m:t>{}</m:t></m:r>"
    for wrong in (
        "",
        run.format("="),
        run.format("x") + run.format("+"),
        run.format("sum"),
    ):
        openxml = f"<m:oMathPara><m:oMath><m:e>{wrong}</m:e></m:oMath></m:oMathPara>"
        assert lacks(openxml), wrong


def test_the_same_page_gives_the_same_bytes(pandoc: str) -> None:
    page = render(
        derive(Network.from_example("tanh-neuron"), verify=False), "pandoc", stem=""
    )
    made = convert_to_word(page)
    assert made == convert_to_word(page)
    with zipfile.ZipFile(io.BytesIO(made.data)) as file:
        assert {entry.date_time[0] for entry in file.infolist()} == {1980}


PAGE = "# Page\n\n![The network](page-network.svg)\n\nThe network.\n\nText.\n"
SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">
<path d="M1 1H8"/></svg>"""


def test_without_a_converter_pictures_are_left_out_and_told_of(
    pandoc: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    made = convert_to_word(PAGE, lambda: {"page-network.svg": SVG})
    (remark,) = made.remarks
    assert remark.startswith("Word: 1 picture is left out")
    document, _ = parts(made.data)
    words = [part.text for part in document.iter(f"{W}t")]
    assert words == ["Page", "Text."]


@pytest.mark.skipif(not shutil.which("rsvg-convert"), reason="needs rsvg-convert")
def test_pictures_stand_in_the_file(pandoc: str) -> None:
    made = convert_to_word(PAGE, lambda: {"page-network.svg": SVG})
    assert made.remarks == ()
    with zipfile.ZipFile(io.BytesIO(made.data)) as file:
        assert any(name.startswith("word/media/") for name in file.namelist())


def test_without_pandoc_one_command_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    command = ["derive", "tanh-neuron", "--to", "docx", "--no-verify"]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 2
    assert "pip install 'backprop-explainer[docx]'" in done.output
    assert not Path("output").exists()
