"""Equations of Word: each box in its element, and nothing that LibreOffice misreads."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree

import pytest

from explainer.mathematics.functions import CALLABLE
from explainer.mathematics.typesetting.boxes import (
    Accent,
    Box,
    Bracket,
    Frame,
    Grid,
    Letters,
    Mark,
    Numeral,
    Over,
    Pattern,
    Phrase,
    Root,
    Row,
    Scripts,
    Sign,
    Space,
)
from explainer.mathematics.typesetting.omml import print_omml
from explainer.mathematics.typesetting.patterns import PatternError

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
SPACES = f'xmlns:m="{M[1:-1]}" xmlns:w="w"'
A, B = Letters("a"), Letters("b")
OPEN, CLOSE = Bracket(True), Bracket(False)


def outline(element: ElementTree.Element) -> str:
    """An element in short: `sSub(e(a) sub(b))`; text between quotes."""
    name = element.tag.removeprefix(M)
    if name == "r":
        text = "".join(element.itertext())
        return f"'{text}'" if element.find(f"{M}rPr/{M}nor") is not None else text
    inside = [outline(part) for part in element if not part.tag.endswith("Pr")]
    return f"{name}({' '.join(inside)})"


def read(box: Box) -> ElementTree.Element:
    return ElementTree.fromstring(f"<m:oMath {SPACES}>{print_omml(box)}</m:oMath>")


PRINTED: list[tuple[Box, str]] = [
    (A, "a"),
    # A word alone would be a command of LibreOffice.
    (Letters("sum"), "'sum'"),
    (Numeral(Decimal("-0.5")), "−0.5"),
    (Numeral(Fraction(-1, 3)), "− f(num(1) den(3))"),
    (Numeral(Decimal("1.5E-8")), "1.5 × sSup(e(10) sup(−8))"),
    (Row((A, Sign("dot"), B)), "a ⋅ b"),
    (Row((OPEN, A, CLOSE)), "d(e(a))"),
    # A line may break inside brackets.
    (Row((OPEN, A, Sign("+"), B)), "'(' a + b"),
    (Row((A, CLOSE)), "a ')'"),
    (Scripts(A, B, None), "sSub(e(a) sub(b))"),
    (Scripts(Scripts(A, B, None), None, B), "sSubSup(e(a) sub(b) sup(b))"),
    # A sign without operands is text.
    (Scripts(A, None, Mark("+")), "sSup(e(a) sup('+'))"),
    (Pattern("(<0>)^{2}", (A,)), "sSup(e(d(e(a))) sup(2))"),
    (Pattern(r"\frac{a}{b} \Big|_{h}"), "sSub(e(d(e(f(num(a) den(b))))) sub(h))"),
    (Pattern(r"\sum_{i=1}^{n}"), "nary(sub(i = 1) sup(n) e('\u200b'))"),
    (Over(A, Row(())), "f(num(a) den('\u200b'))"),
    (Root(A), "rad(deg() e(a))"),
    (Accent("hat", A), "acc(e(a))"),
    (Frame(), "borderBox(e('________'))"),
    (Frame(A), "borderBox(e(a))"),
    (Phrase("otherwise"), "'otherwise'"),
    (Space(100), "'\u2005\u2005\u2005\u2005'"),
    (Grid(((A, B), (B, A)), "matrix"), "d(e(m(mr(e(a) e(b)) mr(e(b) e(a)))))"),
]


@pytest.mark.parametrize(("box", "expected"), PRINTED)
def test_each_box_has_its_element(box: Box, expected: str) -> None:
    assert outline(read(box)) == f"oMath({expected})"


@pytest.mark.parametrize("function", CALLABLE)
def test_every_function_is_printed(function: str) -> None:
    printed = read(Pattern(CALLABLE[function].latex, (A, B)))
    assert len([*printed.iter(f"{M}r")]) >= 1


def test_a_bar_ends_no_cell_of_a_table() -> None:
    assert "|" not in print_omml(Pattern(r"\lvert <0> \rvert", (A,)))


def test_letters_have_their_style() -> None:
    styles = {"bold": "b", "bold-italic": "bi", "upright": "p"}
    for style, short in styles.items():
        assert f'<m:sty m:val="{short}"/>' in print_omml(Letters("W", style))
    assert "<w:b/><w:i/>" in print_omml(Letters("out", "bold-italic"))
    assert not re.search("sty|w:", print_omml(A))


def test_what_only_latex_can_print_is_refused() -> None:
    with pytest.raises(PatternError):
        print_omml(Pattern(r"\overbrace{a}"))
