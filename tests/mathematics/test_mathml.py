"""MathML: each box in its element, and what stands on the page stays in order."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree

import pytest

from explainer.mathematics.functions import CALLABLE
from explainer.mathematics.latex import latex
from explainer.mathematics.matrices import Matrix
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
from explainer.mathematics.typesetting.mathml import print_mathml
from explainer.mathematics.typesetting.patterns import PatternError
from explainer.mathematics.typesetting.setting import typeset
from explainer.mathematics.typesetting.surroundings import Surroundings
from explainer.mathematics.written import (
    Call,
    Key,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Written,
)

A, B = Letters("a"), Letters("b")
OUT = Key("activation", ("h1",))
PRINTED = [
    (A, "<mi>a</mi>"),
    (Letters("out"), '<mi class="word">out</mi>'),
    (Letters("ln", "upright"), "<mi>ln</mi>"),
    (Letters("1", "upright"), "<mn>1</mn>"),
    (Letters("W", "bold"), '<mi class="bold" mathvariant="normal">W</mi>'),
    (
        Letters("δ", "bold-italic"),
        '<mi class="bold slanted" mathvariant="normal">δ</mi>',
    ),
    (Numeral(Decimal("0.20")), "<mn>0.20</mn>"),
    (Numeral(Decimal("-0.5")), "<mn>−0.5</mn>"),
    (
        Numeral(Decimal("1.2E-7")),
        '<mrow><mn>1.2</mn><mo form="infix">×</mo>'
        "<msup><mn>10</mn><mn>−7</mn></msup></mrow>",
    ),
    (
        Numeral(Fraction(-1, 3)),
        '<mrow><mo form="prefix">−</mo><mfrac><mn>1</mn><mn>3</mn></mfrac></mrow>',
    ),
    (Numeral(Fraction(4)), "<mn>4</mn>"),
    (Sign("+"), '<mo form="infix">+</mo>'),
    (Sign("-", True), '<mo form="prefix" lspace="0" rspace="0">−</mo>'),
    (Sign("<"), '<mo form="infix">&lt;</mo>'),
    (
        Bracket(True, 1),
        '<mo form="prefix" lspace="0" rspace="0" minsize="1.8em" maxsize="1.8em">('
        "</mo>",
    ),
    (
        Bracket(False),
        '<mo form="postfix" lspace="0" rspace="0" stretchy="false">)</mo>',
    ),
    (Row((A, B)), "<mrow><mi>a</mi><mi>b</mi></mrow>"),
    (Row(()), "<mrow></mrow>"),
    (Scripts(A, B, None), "<msub><mi>a</mi><mi>b</mi></msub>"),
    (Scripts(A, None, B), "<msup><mi>a</mi><mi>b</mi></msup>"),
    (Scripts(A, B, A), "<msubsup><mi>a</mi><mi>b</mi><mi>a</mi></msubsup>"),
    (
        Scripts(Scripts(A, B, None), None, A),
        "<msubsup><mi>a</mi><mi>b</mi><mi>a</mi></msubsup>",
    ),
    (
        Scripts(A, None, Mark("+")),
        '<msup><mi>a</mi><mo form="infix" lspace="0" rspace="0">+</mo></msup>',
    ),
    (
        Scripts(Mark("∑"), A, B),
        '<munderover><mo form="prefix" largeop="true">∑</mo><mi>a</mi><mi>b</mi>'
        "</munderover>",
    ),
    (Over(A, B), "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
    (Root(A), "<msqrt><mi>a</mi></msqrt>"),
    (
        Accent("hat", A),
        '<mover accent="true"><mi>a</mi><mo stretchy="false">^</mo></mover>',
    ),
    (Space(17), '<mspace width="0.17em"></mspace>'),
    (Phrase("otherwise"), '<mtext class="words">otherwise</mtext>'),
    (Frame(A), '<mrow class="frame"><mi>a</mi></mrow>'),
    (
        Grid(((A, B),), "cases"),
        '<mrow><mo form="prefix" stretchy="true">{</mo><mtable class="cases"><mtr>'
        "<mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr></mtable></mrow>",
    ),
]


@pytest.mark.parametrize(("box", "text"), PRINTED, ids=[str(b) for b, _ in PRINTED])
def test_a_box_is_printed(box: Box, text: str) -> None:
    assert print_mathml(box) == text


def test_every_box_that_is_printed_is_here() -> None:
    from explainer.mathematics.typesetting import boxes

    kinds = {
        kind
        for kind in vars(boxes).values()
        if isinstance(kind, type) and issubclass(kind, Box)
    }
    # A slot is filled before it is printed.
    seen = {type(box) for box, _ in PRINTED} | {Pattern, Mark}
    assert kinds - {Box, boxes.Slot} == seen


def test_a_number_leads_to_its_origin() -> None:
    around = Surroundings(link=lambda number: f"#{number.value}", name=lambda key: "<>")
    text = print_mathml(Numeral(Decimal("0.6"), OUT), around)
    link = '<a href="#0.6" data-of="&lt;&gt;">0.6</a>'
    assert text == f"<mrow><mtext>{link}</mtext><mn></mn></mrow>"
    # A constant of a formula comes from nowhere.
    assert print_mathml(Numeral(Decimal(1)), around) == "<mn>1</mn>"


def test_a_pattern_that_only_latex_can_print_is_refused() -> None:
    with pytest.raises(PatternError):
        print_mathml(Pattern(r"\overset{*}{w}"))


X, Y = Name(Key("input", ("x",))), Name(Key("input", ("y",)))
HALF, MINUS = Number(Decimal("0.5")), Number(Decimal("-2.25"))
FORMULAS: list[Written] = [
    Sum((X, Negative(Y), Negative(MINUS))),
    Product((HALF, MINUS, Sum((X, Y)))),
    Quotient(Sum((X, HALF)), Product((Y, Y))),
    Power(Sum((X, Quotient(X, Y))), Number(Decimal(2))),
    Negative(Product((HALF, HALF))),
    Matrix(((X, HALF), (MINUS, Y))),
    *(Call(name, (X, Y)) for name in CALLABLE if "<1>" in CALLABLE[name].latex),
    *(Call(name, (X,)) for name in CALLABLE if "<1>" not in CALLABLE[name].latex),
]


def spell(key: Key) -> str:
    return str(key.of[0])


@pytest.mark.parametrize("written", FORMULAS, ids=str)
def test_letters_and_digits_stand_as_in_latex(written: Written) -> None:
    """The same letters, digits and brackets in the same order, read without markup."""
    text = print_mathml(typeset(written, spell))
    printed = "".join(ElementTree.fromstring(f"<math>{text}</math>").itertext())
    printed = printed.replace("−", "-")
    tex = latex(written, spell)
    tex = re.sub(r"\\begin\{pmatrix\}", "(", re.sub(r"\\end\{pmatrix\}", ")", tex))
    tex = tex.replace(r"\lvert", "|").replace(r"\rvert", "|").replace(r"\pi", "π")
    tex = re.sub(r"\\(?:Bigg?[lr]|frac|sqrt|mathrm|cdot|times)", "", tex)
    bare = re.sub(r"[\\{}^_& \n⋅×]", "", tex)
    assert re.sub("[⋅×]", "", printed) == bare
