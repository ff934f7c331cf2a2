"""Languages: each wording is complete, and a page says the same in all of them."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from shutil import copytree

import pytest

from explainer import Network, derive, render
from explainer.derivation.general import spell_general
from explainer.examples import EXAMPLES
from explainer.mathematics.rounding import KINDS
from explainer.network.layers import LAYERS
from explainer.network.losses import LOSSES
from explainer.network.optimizers import OPTIMIZERS
from explainer.network.softmax import LAYER_ACTIVATIONS
from explainer.page.catalogue import compose_catalogue, spell_catalogue
from explainer.page.document import Words
from explainer.page.formats import FORMATS
from explainer.page.general_document import compose_general
from explainer.page.rendering import Renderer
from explainer.page.rendering import render as render_document
from explainer.page.templates import MissingSentence, languages, template_folder
from explainer.worked import WorkedDerivation
from tests.page.test_every_record import LAYER_TEXTS, of_kind
from tests.page.wordings import lacking, read_wording
from tests.rereading.page import formulas

NETWORKS = Path(__file__).parent / "networks"
GENERAL, CATALOGUE = "bias-update", "catalogue"
OTHERS = [code for code in languages() if code != "en"]
PAGES = [
    *EXAMPLES,
    *(path.name for path in sorted(NETWORKS.glob("*.toml"))),
    *LAYER_TEXTS,
    GENERAL,
    CATALOGUE,
]
# Words that Spanish has too; names of methods and functions; the mark "new".
SHARED = frozenset(
    "error factor local no total variable adagrad adam adamw average max pooling elu"
    " gelu nesterov new relu rmsprop silu softmax softplus swish sympy".split()
)
TEXT = r"\\text\{([^}]*)\}"
COMMON_ENGLISH = frozenset(
    "the of and is are was were be been with from by its it this that these those which"
    " each for not all only one two at as on or to into than then their them there they"
    " where when what how if so but every more most other sum weight weights bias"
    " biases unit units layer layers step steps gradient gradients value values output"
    " outputs input inputs target targets loss sample samples rounded digits rule chain"
    " given used added times does exact".split()
)


@cache
def page(name: str, language: str, form: str = "md") -> str:
    """A page in full detail: of an example, of a network of the tests, of each kind of
    layer; the general derivation; the catalogue."""
    if name == GENERAL:
        document = compose_general()[0]
        return render_document(document, form, spell_general, language=language)
    if name == CATALOGUE:
        return render_document(
            compose_catalogue(), form, spell_catalogue, language=language
        )
    return render(_derivation(name), form, language=language)


@cache
def _derivation(name: str) -> WorkedDerivation:
    if name in LAYER_TEXTS:
        return derive(Network.from_text(of_kind(name)), detail="full", verify=False)
    if name in EXAMPLES:
        return derive(Network.from_example(name), detail="full")
    return derive(Network.from_toml(NETWORKS / name), detail="full")


def renderer(language: str, folder: Path | None = None) -> Renderer:
    return Renderer(FORMATS["md"], str, folder, language)


def test_every_language_has_every_sentence() -> None:
    """Sentences, the values that they speak of, and entries of tables of words."""
    assert len(languages()) > 1
    assert lacking() == []


@pytest.mark.parametrize(
    ("text", "other", "lacks"),
    [
        ("<% macro seed(w)", "<% macro _seed(w)", "es: seed"),
        ('"hinge": ', '"_hinge": ', "es: loss_names[hinge]"),
        ("<< w.learning_rate >>", "", "es: updates_intro w.learning_rate"),
        ("<% set rule_names", "<% set rules_of", "es: rule_names"),
    ],
)
def test_what_a_language_lacks_is_found(
    tmp_path: Path, text: str, other: str, lacks: str
) -> None:
    """Once it is taken out of a copy of the wordings."""
    copytree(template_folder() / "wording", tmp_path / "wording")
    assert lacking(tmp_path) == []
    wording = tmp_path / "wording" / "es.j2"
    whole = wording.read_text("utf-8")
    assert text in whole
    wording.write_text(whole.replace(text, other), "utf-8")
    assert lacks in lacking(tmp_path)


@pytest.mark.parametrize("language", languages())
def test_every_record_has_its_words(language: str) -> None:
    tables = read_wording(language).tables
    assert tables["activation_names"] >= {*LAYER_ACTIVATIONS}
    assert tables["loss_names"] == {*LOSSES}
    assert tables["optimizer_names"] == {*OPTIMIZERS} - {"gradient-descent"}
    assert tables["layer_names"] == {*LAYERS}
    assert tables["kind_names"] == {*KINDS}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", PAGES)
def test_the_mathematics_is_the_same(name: str, language: str) -> None:
    """Formula for formula, but for the words in them; and number for number."""
    english, other = page(name, "en"), page(name, language)
    assert other != english
    for display in (True, False):
        assert mathematics(other, display) == mathematics(english, display)
    assert numbers(other) == numbers(english)


def mathematics(markdown: str, display: bool) -> Counter[str]:
    found = [f.text for f in formulas(markdown) if f.display == display]
    assert found
    return Counter(map(without_words, found))


def without_words(tex: str) -> str:
    """A formula without words and row breaks: longer reasons leave less room."""
    return re.sub(rf"{TEXT}|\\\\\s|\\quad|&|\s", "", tex)


def numbers(markdown: str) -> Counter[str]:
    return Counter(re.findall("[0-9]+", prose(markdown)))


def prose(markdown: str) -> str:
    """The page without mathematics, targets of links, and what stays as typed: the
    title, sources, names of options and entries."""
    text = re.sub(r"\$\$.*?\$\$", "", markdown, flags=re.DOTALL)
    text = re.sub(r"(?<!\\)\$[^$]*(?<!\\)\$|\]\([^)]*\)", "", text)
    # Symbols in what is said of a picture: letters below the line.
    text = re.sub("\\S*[\u2080-\u209c\u1d62-\u1d6a]\\S*", "", text)
    text = re.sub(r"^# .*$|(?:Source|Fuente): .*$", "", text, flags=re.MULTILINE)
    return re.sub(r"^##### [a-z].*$|\([a-z0-9_\\]+ (?:in|en) ", "", text, flags=re.M)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", PAGES)
def test_no_english_is_left_over(name: str, language: str) -> None:
    """Neither common words nor words of the same page in English."""
    english = {*words(page(name, "en")), *COMMON_ENGLISH}
    left = {*words(page(name, language))} & english - SHARED
    assert left == set()


def words(markdown: str) -> list[str]:
    """Words of two letters and more, in formulas too; names such as h1 are none."""
    text = " ".join([prose(markdown), *re.findall(TEXT, markdown)])
    return re.findall(r"(?<![\w\\])[^\W\d_]{2,}(?![\w\\])", text.lower())


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", PAGES)
def test_every_citation_links_to_a_heading(name: str, language: str) -> None:
    text = page(name, language)
    anchors = {slug(found[1]) for found in re.finditer("^#+ (.*)$", text, re.M)}
    cited = {*re.findall(r"\]\(#([^)]*)\)", text)}
    assert cited <= anchors
    assert cited or name == CATALOGUE


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading.

    >>> slug("Ecuación (3)"), slug("Paso 12")
    ('ecuación-3', 'paso-12')
    """
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", [*EXAMPLES, GENERAL, CATALOGUE])
def test_latex_says_the_same(name: str, language: str) -> None:
    english, other = page(name, "en", "tex"), page(name, language, "tex")
    assert in_latex(other) == in_latex(english)
    assert r"\usepackage[spanish,es-nodecimaldot" in other
    assert "babel" not in english


def in_latex(tex: str) -> Counter[str]:
    body = tex.partition(r"\begin{document}")[2]
    marks = r"\\\((.*?)\\\)|\\\[(.*?)\\\]|\\begin\{equation\}(.*?)\\end\{equation\}"
    found = ["".join(groups) for groups in re.findall(marks, body, re.DOTALL)]
    assert found
    return Counter(map(without_words, found))


def test_the_last_case_is_said_in_the_language() -> None:
    assert r"\text{otherwise}" in page("convolution", "en")
    assert r"\text{en otro caso}" in page("convolution", "es")


SENTENCES: list[tuple[str, dict[str, object], str]] = [
    ("units", {"units": ("x", "y")}, "x e y"),
    ("units", {"units": ("h1", "i1")}, "h1 e i1"),
    ("units", {"units": ("a", "b", "c")}, "a, b y c"),
    ("place", {"sample": 2, "time": 3}, "la muestra 2, instante 3"),
    ("place", {"sample": None, "time": 3}, "el instante 3"),
    (
        "frozen_parameters",
        {"parameters": ("b1",)},
        "b1 está congelado: se deduce su gradiente, pero no se actualiza.",
    ),
    (
        "frozen_parameters",
        {"parameters": ("b1", "b2")},
        "b1 y b2 están congelados: se deducen sus gradientes, pero no se actualizan.",
    ),
    (
        "verified_matrices",
        {"count": 1},
        "Matrices: se comparó 1 ecuación, elemento a elemento, con las cantidades"
        " escalares.",
    ),
    ("heading_loss", {"iteration": None}, "El error"),
    ("heading_loss", {"iteration": 2}, "Iteración 2: el error"),
    ("heading_after", {"count": 1}, "Después de 1 actualización"),
]


@pytest.mark.parametrize(("key", "values", "sentence"), SENTENCES)
def test_spanish_agrees(key: str, values: dict[str, object], sentence: str) -> None:
    """In gender and number, and y becomes e before the sound of i."""
    assert renderer("es").say(Words(key, values)) == sentence


def test_the_file_chooses_its_language() -> None:
    text = of_kind("dense") + '[page]\nlanguage = "es"\n'
    derivation = derive(Network.from_text(text), verify=False)
    assert "##### Paso 1\n" in render(derivation, "md")
    assert "##### Step 1\n" in render(derivation, "md", language="en")


def test_an_unknown_language_is_refused() -> None:
    derivation = derive(Network.from_example("single-neuron"), verify=False)
    with pytest.raises(ValueError, match=r"'esp'. Did you mean 'es'\? Known: en, es"):
        render(derivation, "md", language="esp")


def test_templates_know_the_language(tmp_path: Path) -> None:
    (tmp_path / "markdown").mkdir()
    own = tmp_path / "markdown" / "document.j2"
    own.write_text('lang="<< language >>" << "slug_step" | word >>', "utf-8")
    derivation = derive(Network.from_example("single-neuron"), verify=False)
    assert render(derivation, "md", tmp_path, "es") == 'lang="es" paso'


def test_a_missing_sentence_is_named(tmp_path: Path) -> None:
    (tmp_path / "wording").mkdir()
    (tmp_path / "wording" / "fr.j2").write_text("", "utf-8")
    with pytest.raises(MissingSentence, match=r"wording/fr.j2 has no sentence 'seed'"):
        renderer("fr", tmp_path).say(Words("seed"))
