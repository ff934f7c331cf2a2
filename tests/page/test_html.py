"""The web page: valid, linked without a dead end, and the same numbers as in print."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest

from explainer import Network, NetworkError, derive, render
from explainer.derivation.deriving import METHODS
from explainer.derivation.general import spell_general
from explainer.examples import EXAMPLES
from explainer.mathematics.rounding import Rounding
from explainer.page.catalogue import compose_catalogue, spell_catalogue
from explainer.page.general_document import compose_general
from explainer.page.rendering import render as render_document
from explainer.page.templates import languages, template_folder
from explainer.worked import WorkedDerivation, with_choices
from tests.rereading.page import formulas

NETWORKS = sorted((Path(__file__).parent / "networks").glob("*.toml"))
HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
PAGES = [
    (name, method)
    for name in (*EXAMPLES, *(str(path) for path in NETWORKS))
    for method in METHODS
    if (name, method) != ("computational-graph", "matrix")
    and not (Path(name).name.startswith("formulas") and method == "matrix")
]
IDS = [f"{Path(name).stem} {method}" for name, method in PAGES]
OTHERS = ["bias-update", "catalogue"]


@cache
def derivation(name: str, method: str, detail: str = "standard") -> WorkedDerivation:
    network = (
        Network.from_example(name) if name in EXAMPLES else Network.from_toml(name)
    )
    return derive(network, method=method, detail=detail, verify=False)


@cache
def page(name: str, method: str = "paths", language: str = "en") -> str:
    if name == "bias-update":
        document = compose_general(verify=False)[0]
        return render_document(document, "html", spell_general, language=language)
    if name == "catalogue":
        document = compose_catalogue()
        return render_document(document, "html", spell_catalogue, language=language)
    return render(derivation(name, method), "html", language=language)


def read(text: str) -> Element:
    """The page as a browser reads it. Raises where the browser would have to guess."""
    root: Element = html5lib.HTMLParser(strict=True).parse(text)
    return root


def ids_of(root: Element) -> list[str]:
    return [element.attrib["id"] for element in root.iter() if "id" in element.attrib]


@dataclass(frozen=True, slots=True)
class Case:
    """A page of a network by a method, and how it is read."""

    name: str
    method: str
    root: Element


@pytest.fixture(scope="module", params=PAGES, ids=IDS)
def case(request: pytest.FixtureRequest) -> Case:
    """Each page is read once for all tests: a strict reader is slow."""
    name, method = request.param
    return Case(name, method, read(page(name, method)))


def test_every_link_has_its_target(case: Case) -> None:
    root = case.root
    found = ids_of(root)
    assert len(found) == len({*found})
    links = [a.attrib["href"] for a in root.iter(f"{HTML}a")]
    assert {link[1:] for link in links} <= {*found}
    assert all(link.startswith("#") for link in links)


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("language", languages())
def test_so_are_the_pages_without_a_network(name: str, language: str) -> None:
    root = read(page(name, language=language))
    found = ids_of(root)
    assert len(found) == len({*found})
    assert {a.attrib["href"][1:] for a in root.iter(f"{HTML}a")} <= {*found}
    assert root.attrib["lang"] == language


def test_headings_leave_out_no_level(case: Case) -> None:
    levels = [
        int(element.tag[-1])
        for element in case.root.iter()
        if re.fullmatch(f"{HTML}h[1-6]", str(element.tag))
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize("language", languages())
def test_the_page_says_its_language_and_asks_nothing_of_the_network(
    language: str,
) -> None:
    text = page("mazur", language=language)
    root = read(text)
    assert root.attrib["lang"] == language
    asked = [
        value
        for element in root.iter()
        for name, value in element.attrib.items()
        if name in ("src", "srcset", "action", "data", "poster")
    ]
    assert asked == []
    assert not list(root.iter(f"{HTML}link"))
    assert not re.search(r"@import|url\(|fetch\(|XMLHttp|import\(", text)


def numbers_of(element: Element) -> list[str]:
    """The numbers of the formulas, in order of reading."""
    found: list[str] = []
    for math in element.iter(f"{MATHML}math"):
        # One element's text belongs together; two neighbours are two numbers.
        found += NUMBER.findall(" ".join(_leaves(math)))
    return found


def _leaves(element: Element) -> list[str]:
    if len(element) == 0 or element.tag == f"{MATHML}mtext":
        return ["".join(element.itertext())]
    return [text for child in element for text in _leaves(child)]


def test_the_numbers_of_a_step_are_those_of_the_markdown_page(case: Case) -> None:
    printed: dict[int, list[str]] = {}
    for formula in formulas(render(derivation(case.name, case.method), "md")):
        if formula.step is not None and formula.display:
            text = re.sub(
                r"\\(?:Bigg?[lr]?|begin\{\w+\}|end\{\w+\})", " ", formula.text
            )
            text = re.sub(r"\\text\{[^}]*\}", " ", text)
            printed.setdefault(formula.step, []).extend(NUMBER.findall(text))
    shown: dict[int, list[str]] = {}
    for article in case.root.iter(f"{HTML}article"):
        number = int(article.attrib["id"].removeprefix("step-"))
        for part in article.iter(f"{HTML}div"):
            if part.attrib.get("class", "").startswith("equation"):
                shown.setdefault(number, []).extend(numbers_of(part))
    assert sum(map(len, shown.values()))
    # A fraction's bar, an exponent and an index stand in another order in LaTeX only
    # where a symbol is spelled so; as numbers of one line they are the same.
    assert {n: sorted(found) for n, found in shown.items()} == {
        n: sorted(found) for n, found in printed.items()
    }


def test_a_number_leads_to_where_that_very_number_stands(case: Case) -> None:
    root = case.root
    places = {e.attrib["id"]: e for e in root.iter() if "id" in e.attrib}
    order = {id(element): place for place, element in enumerate(root.iter())}
    links = [a for a in root.iter(f"{HTML}a") if "data-of" in a.attrib]
    assert links
    for link in links:
        target = places[link.attrib["href"][1:]]
        # What is computed later can't be used yet.
        assert order[id(target)] < order[id(link)]
        assert link not in target.iter()
        text = "".join(link.itertext())
        whole = rf"(?<![0-9.]){re.escape(text)}(?![0-9.])"
        shown = " ".join(target.itertext()).replace("− ", "−")
        assert re.search(whole, shown), link.attrib["href"]


@pytest.mark.parametrize("detail", ["brief", "standard", "full"])
def test_every_number_with_an_origin_is_a_link(detail: str) -> None:
    """In the example every number is given, computed in a step, or the constant 1, 2 or
    -1 of a formula."""
    text = render(derivation("forward-backward", "paths", detail), "html")
    for article in read(text).iter(f"{HTML}article"):
        for part in article.iter(f"{HTML}div"):
            if part.attrib.get("class") != "side":
                continue
            loose = [e for e in part.iter(f"{MATHML}mn") if "." in (e.text or "")]
            own = [e for e in loose if len(list(part.iter(f"{MATHML}mn"))) == 1]
            assert loose == own


def test_a_step_knows_the_parts_of_the_picture_that_it_comes_through() -> None:
    root = read(page("forward-backward"))
    parts = {
        part.attrib["data-part"]: part.attrib["data-key"]
        for part in root.iter(f"{SVG}g")
        if "data-part" in part.attrib
    }
    lit = {
        article.attrib["data-keys"]: [
            parts[place] for place in article.attrib["data-lights"].split()
        ]
        for article in root.iter(f"{HTML}article")
    }
    assert lit["out_h1"] == ["out_h1"]
    assert sorted(lit["sum_h1"]) == ["b1", "b1", "i1", "i2", "out_h1", "w1", "w3"]
    chain = ["E", "E_o1", "E_o1-E", "out_o1", "out_o1-E_o1", "w5"]
    assert sorted(lit["dE/dw5"]) == chain
    # One way only, and the line of b1 to h1 only.
    one_way = ["E_o2", "b1", "b1", "out_h1", "out_o2", "out_o2-E_o2", "w7"]
    assert sorted(lit["dE_o2/db1|o2,h1"]) == one_way
    assert lit["new_w5"] == ["w5"]
    assert sorted(lit["new_b1"]) == ["b1", "b1", "b1"]


def test_a_symbol_that_only_latex_can_print_is_refused_by_name() -> None:
    network = Network.from_example("single-neuron")
    notation = type(network.spec.notation)(
        network.spec.notation.base, {}, {"w1": r"\overset{*}{w}"}
    )
    bare = replace(network.spec.page, pictures="none")
    choices = {"notation": notation, "page": bare}
    strange = derive(with_choices(network, **choices), verify=False)
    assert r"\overset" in render(strange, "tex")
    with pytest.raises(NetworkError, match=r"notation: .*\\overset.*only LaTeX"):
        render(strange, "html")


def test_exact_fractions_are_links() -> None:
    network = Network.from_text(
        """
        [inputs]
        x = "1/3"
        [[layers]]
        activation = "identity"
        weights = [[0.5]]
        [rounding]
        exact = true
        carry = "full"
        """
    )
    assert isinstance(network.spec.rounding, Rounding)
    text = render(derive(network, verify=False), "html")
    assert re.search(r'<mfrac>.*<a href="#given-i1|<mfrac>.*<a href="#given-x', text)
    read(text)


HOSTILE = '<script>alert("x")</script> & <b>'


def test_text_of_the_users_is_escaped() -> None:
    network = Network.from_example("single-neuron")
    text = render(derive(with_choices(network, title=HOSTILE), verify=False), "html")
    root = read(text)
    assert len(list(root.iter(f"{HTML}script"))) == 1
    assert [e.text for e in root.iter(f"{HTML}title")][:1] == [HOSTILE]


def colours(theme: str) -> dict[str, str]:
    """The colours of a theme, from the style sheet."""
    sheet = (template_folder() / "html" / "style.css.j2").read_text("utf-8")
    found = re.search(rf"macro {theme}\(\) -?%>(.*?)<% endmacro", sheet, re.DOTALL)
    assert found
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", found[1]))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out_in_both_themes(theme: str) -> None:
    """AA: 4.5 to 1 for text, 3 to 1 for lines that mean something."""
    found = colours(theme)
    for text in ("ink", "quiet", "link"):
        for ground in ("paper", "card", "lit", "button"):
            assert contrast(found[text], found[ground]) >= 4.5, (text, ground)
    for text in ("ink", "link"):
        assert contrast(found[text], found["mark"]) >= 4.5, text
    for ground in ("paper", "card"):
        assert contrast(found["lit-edge"], found[ground]) >= 3, ground


def test_the_script_is_short() -> None:
    script = (template_folder() / "html" / "script.js.j2").read_text("utf-8")
    assert len(script.splitlines()) < 200


def test_the_w3c_validator_finds_no_error(tmp_path: Path) -> None:
    """EXPLAINER_VNU names the jar of the Nu Html Checker (vnu-jar on npm)."""
    jar = os.environ.get("EXPLAINER_VNU")
    if not jar:
        pytest.skip("EXPLAINER_VNU does not name the jar of the Nu Html Checker")
    for name, method in PAGES:
        path = tmp_path / f"{Path(name).stem}-{method}.html"
        path.write_text(page(name, method), "utf-8")
    for name in OTHERS:
        (tmp_path / f"{name}.html").write_text(page(name), "utf-8")
    command = ["java", "-jar", jar, "--errors-only", *map(str, tmp_path.iterdir())]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.stderr == ""
    assert found.returncode == 0
