"""Pictures on pages: true, lit where the chain is, valid, the same every time."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from explainer import Network, derive, render
from explainer.derivation.deriving import METHODS
from explainer.examples import EXAMPLES, read_example
from explainer.homework.worksheet.papers import Assignment, set_papers
from explainer.mathematics.written import Blank, Key, Name, Number
from explainer.network.problems import NetworkError
from explainer.notation import plain_name
from explainer.page.pictures.drawing import CourseDrawing, NetworkDrawing
from explainer.worked import pictures, with_choices
from tests.page.pictures.networks import network_of, worked
from tests.page.test_every_record import LAYER_TEXTS, of_kind

NETWORKS = Path(__file__).parents[1] / "networks"

SVG = "{http://www.w3.org/2000/svg}"
# What depends on w5, on w1 and on b2 in the article's network, by hand.
CHAINS = {
    "w5": (
        {"out_o1", "E_o1", "E"},
        {("out_h1", "out_o1"), ("out_o1", "E_o1"), ("E_o1", "E")},
    ),
    "w1": (
        {"out_h1", "out_o1", "out_o2", "E_o1", "E_o2", "E"},
        {
            ("i1", "out_h1"),
            ("out_h1", "out_o1"),
            ("out_h1", "out_o2"),
            ("out_o1", "E_o1"),
            ("out_o2", "E_o2"),
            ("E_o1", "E"),
            ("E_o2", "E"),
        },
    ),
    "b2": (
        {"b2", "out_o1", "out_o2", "E_o1", "E_o2", "E"},
        {
            ("b2", "out_o1"),
            ("b2", "out_o2"),
            ("out_o1", "E_o1"),
            ("out_o2", "E_o2"),
            ("E_o1", "E"),
            ("E_o2", "E"),
        },
    ),
}


@pytest.mark.parametrize("parameter", CHAINS)
@pytest.mark.parametrize("method", ["paths", "signals"])
def test_a_chain_lights_the_ways_and_nothing_else(method: str, parameter: str) -> None:
    derivation = worked(read_example("forward-backward"), "chains", method=method)
    drawing = network_of(derivation, f"chain-{parameter}")
    nodes, edges = CHAINS[parameter]
    assert {node.key for node in drawing.nodes if node.lit} == nodes
    assert {(edge.start, edge.end) for edge in drawing.edges if edge.lit} == edges


def test_the_weights_of_the_article_stand_where_its_text_says() -> None:
    """The picture of the article had w6 and w7 exchanged."""
    drawing = network_of(worked(read_example("forward-backward")))
    leads = {edge.key: (edge.start, edge.end) for edge in drawing.edges if edge.label}
    assert leads["w6"] == ("out_h2", "out_o1")
    assert leads["w7"] == ("out_h1", "out_o2")
    for edge in drawing.edges:
        if edge.label:
            assert isinstance(edge.label.symbol, Name)
            assert plain_name(edge.label.symbol.key) == edge.key


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_number_in_a_picture_is_that_of_its_quantity(name: str) -> None:
    derivation = worked(read_example(name))
    drawing = network_of(derivation)
    labels = [label for node in drawing.nodes for label in node.labels]
    labels += [edge.label for edge in drawing.edges if edge.label]
    numbers = [label.value for label in labels if label.value]
    assert numbers
    for number in numbers:
        assert isinstance(number, Number) and number.of
        assert number.value == derivation[plain_name(number.of)].shown


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_pictures_are_valid_and_the_same_every_time(name: str, method: str) -> None:
    if (name, method) == ("computational-graph", "matrix"):
        with pytest.raises(NetworkError, match="no matrices"):
            worked(read_example(name), method=method)
        return
    derivation = worked(read_example(name), "chains", method=method)
    shown = pictures(derivation)
    assert "network" in shown
    again = worked(read_example(name), "chains", method=method)
    assert pictures(again) == shown
    for text in shown.values():
        assert_valid(text, {*derivation.names})


def assert_valid(text: str, names: set[str]) -> None:
    """Well-formed, with a title and a description, and hooks that are quantities."""
    root = ElementTree.fromstring(text.encode("utf-8"))
    assert root.tag == f"{SVG}svg"
    assert root.attrib["role"] == "img"
    assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert all(child.text for child in root[:2])
    keys = {
        key
        for part in root.iter(f"{SVG}g")
        for key in part.attrib.get("data-keys", "").split()
    }
    assert keys <= names


@pytest.mark.parametrize("name", LAYER_TEXTS)
def test_every_kind_of_layer_has_a_picture(name: str) -> None:
    derivation = worked(of_kind(name), "chains")
    for text in pictures(derivation).values():
        assert_valid(text, {*derivation.names})


@pytest.mark.parametrize("path", sorted(NETWORKS.glob("*.toml")), ids=lambda p: p.stem)
def test_networks_of_all_sorts_have_a_picture(path: Path) -> None:
    derivation = worked(path.read_text("utf-8"), "chains")
    for text in pictures(derivation).values():
        assert_valid(text, {*derivation.names})


def test_every_use_is_an_edge() -> None:
    """Between drawn nodes an edge stands for each use, and for nothing else."""
    for name in EXAMPLES:
        derivation = worked(read_example(name))
        graph, drawing = derivation.symbols.graph, network_of(derivation)
        owner = {key: node.key for node in drawing.nodes for key in node.keys}
        edges = {
            (edge.start, edge.end) for edge in drawing.edges if edge.shape != "bias"
        }
        uses = {
            (owner[plain_name(used)], owner[plain_name(key)])
            for key, quantity in graph.quantities.items()
            for used in quantity.uses
            if {plain_name(used), plain_name(key)} <= owner.keys()
            and used.kind not in ("weight", "bias")
        }
        hidden = {node.key for node in drawing.nodes if node.shape == "rows"}
        assert edges == {(a, b) for a, b in uses if a != b and not {a, b} & hidden}


COUNTED = re.compile("([0-9]+) inputs?|of ([0-9, and]+) units|([0-9]+) time steps")


@pytest.mark.parametrize(
    ("name", "inputs", "units", "times"),
    [
        ("recurrent", "1", "1 and 1", "3"),
        ("convolution", "12", "6, 2 and 1", ""),
        ("three-hidden-layers", "2", "2, 2, 2 and 2", ""),
    ],
)
def test_the_alternative_counts_the_network(
    name: str, inputs: str, units: str, times: str
) -> None:
    """As in the file, counted by hand; and as many units are drawn."""
    derivation = worked(read_example(name))
    root = ElementTree.fromstring(pictures(derivation)["network"].encode("utf-8"))
    found = ["".join(groups) for groups in COUNTED.findall(root[0].text or "")]
    assert found == [inputs, units, *([times] if times else [])]
    drawn = [node for node in network_of(derivation).nodes if node.shape == "unit"]
    assert len(drawn) == sum(map(int, re.findall("[0-9]+", units))) * int(times or 1)


def test_links_of_a_page_have_their_files() -> None:
    derivation = worked(read_example("mazur"), "chains")
    page = render(derivation, "md", stem="mine")
    linked = re.findall(r"!\[[^\]]+\]\(mine-(.*)\.svg\)", page)
    assert linked == [*pictures(derivation)]
    assert "chain-w5" in linked


def test_a_page_that_displays_itself_links_to_no_files() -> None:
    derivation = worked(read_example("mazur"))
    assert ".svg" not in derivation._repr_markdown_()


def test_without_pictures() -> None:
    derivation = worked(read_example("mazur"), "none")
    assert pictures(derivation) == {}
    assert "tikz" not in render(derivation, "tex")


def test_symbols_only_have_no_numbers_and_no_charts() -> None:
    network = Network.from_example("mazur")
    derivation = derive(network, symbolic=True)
    assert [*pictures(derivation)] == ["network"]
    nodes = network_of(derivation).nodes
    assert all(label.value is None for node in nodes for label in node.labels)


def test_several_iterations_have_a_curve_of_the_error() -> None:
    spec = Network.from_example("mazur").spec
    many = with_choices(
        Network(spec), optimizer=replace(spec.optimizer, iterations=300)
    )
    derivation = derive(many, verify=False)
    assert [*pictures(derivation)] == ["network", "course"]
    drawing = derivation.document.pictures[-1].drawing
    assert isinstance(drawing, CourseDrawing)
    heights = [y for _, y in drawing.points]
    assert heights == sorted(heights)
    assert drawing.points[0][0] == drawing.left
    assert drawing.points[-1][0] == drawing.right


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="needs pdflatex")
def test_the_pictures_of_all_examples_compile(tmp_path: Path) -> None:
    """One document of all pictures, without overfull lines."""
    pages = [render(worked(read_example(name), "chains"), "tex") for name in EXAMPLES]
    head = pages[0].split(r"\begin{document}")[0]
    parts = [
        part
        for page in pages
        for part in re.findall(r"\\resizebox.*?\\end\{tikzpicture\}\}", page, re.DOTALL)
    ]
    assert len(parts) > 40
    text = "\n\n\\noindent\n".join(parts)
    document = f"{head}\\begin{{document}}\n\\noindent\n{text}\n\\end{{document}}\n"
    (tmp_path / "all.tex").write_text(document, "utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    log = (tmp_path / "all.log").read_text("latin-1")
    assert done.returncode == 0, log[-2000:]
    assert "Overfull" not in log
    assert "Missing character" not in log


def test_a_worksheet_has_frames_in_place_of_what_is_asked() -> None:
    """The picture of the network gives no answer away; charts of answers are left
    out."""
    derivation = worked(read_example("forward-backward"))
    page, symbols = derivation.document, derivation.symbols
    papers = set_papers(page, symbols, Assignment(("results",)))
    sheet = papers.part("blank")
    asked = papers.holes.asked | papers.holes.left_out
    assert Key("total") in asked
    assert [picture.name for picture in sheet.pictures] == ["network"]
    drawing = sheet.pictures[0].drawing
    assert isinstance(drawing, NetworkDrawing)
    values = [label.value for node in drawing.nodes for label in node.labels]
    numbers = [value for value in values if isinstance(value, Number)]
    blanks = [value for value in values if isinstance(value, Blank)]
    assert all(number.of not in asked for number in numbers)
    assert {blank.of for blank in blanks} == asked & {
        number.of
        for node in network_of(derivation).nodes
        for label in node.labels
        if isinstance(number := label.value, Number)
    }
