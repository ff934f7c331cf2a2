"""The small LaTeX of symbols and forms, as boxes."""

from __future__ import annotations

import pytest

from explainer.examples import EXAMPLES
from explainer.mathematics.functions import CALLABLE
from explainer.mathematics.typesetting.boxes import (
    Accent,
    Box,
    Letters,
    Mark,
    Over,
    Pattern,
    Root,
    Row,
    Scripts,
    Slot,
    Space,
)
from explainer.mathematics.typesetting.patterns import (
    PatternError,
    open_pattern,
    read_pattern,
)
from explainer.notation import NOTATIONS
from explainer.worked import Network, derive, with_choices

H1 = Row((Letters("h"), Letters("1", "upright")))
READ = [
    ("w_{5}", Scripts(Letters("w"), Letters("5", "upright"), None)),
    (r"\mathit{out}_{h1}", Scripts(Letters("out"), H1, None)),
    (r"w_{5}^{+}", Scripts(Letters("w"), Letters("5", "upright"), Mark("+"))),
    (r"\hat{m}", Accent("hat", Letters("m"))),
    (r"\frac{\partial E}{\partial o}", "∂E over ∂o"),
    (r"\boldsymbol{\delta}", Letters("δ", "bold-italic")),
    (r"\Big|_{o1 \to h1}", "a tall bar"),
    (r"\sqrt{<0>}", Root(Slot(0))),
    ("a b", Row((Letters("a"), Letters("b")))),
    (r"z'", Scripts(Letters("z"), None, Mark("′"))),
    (r"a \quad b", Row((Letters("a"), Space(100), Letters("b")))),
    (r"\mathbf{z_1}", Scripts(Letters("z", "bold"), Letters("1", "upright"), None)),
]


@pytest.mark.parametrize(("tex", "boxes"), READ, ids=[tex for tex, _ in READ])
def test_a_pattern_is_read(tex: str, boxes: Box | str) -> None:
    found = read_pattern(tex)
    if isinstance(boxes, Box):
        assert found == boxes
    elif boxes == "a tall bar":
        assert isinstance(found, Scripts)
        assert found.base == Mark("|", 1)
    else:
        assert found == Over(
            Row((Letters("∂"), Letters("E"))), Row((Letters("∂"), Letters("o")))
        )


@pytest.mark.parametrize(
    ("tex", "command"),
    [
        (r"\overset{*}{w}", r"\overset"),
        (r"\frac{a}", "a missing argument"),
        ("w_{5", "a missing }"),
        ("a}", "}"),
        ("a & b", "&"),
        ("$w$", "$"),
    ],
)
def test_what_only_latex_can_print_is_refused(tex: str, command: str) -> None:
    with pytest.raises(PatternError) as refused:
        open_pattern(Pattern(tex))
    assert refused.value.command == command


@pytest.mark.parametrize("name", sorted(CALLABLE))
def test_every_function_has_a_form(name: str) -> None:
    assert read_pattern(CALLABLE[name].latex)


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_symbol_of_a_page_is_read(name: str, notation: str) -> None:
    network = Network.from_example(name)
    chosen = type(network.spec.notation)(notation)
    derivation = derive(with_choices(network, notation=chosen), verify=False)
    keys = [*derivation.symbols.graph.givens, *derivation.symbols.quantities]
    for key in keys:
        assert read_pattern(derivation.spell(key)) != Row(())
