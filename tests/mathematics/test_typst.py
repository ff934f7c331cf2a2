"""Typst from boxes: what is written, and that Typst reads it as it was meant."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
import typst as compiler
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.mathematics.functions import CALLABLE
from explainer.mathematics.matrices import Hadamard, Matrix, Transpose
from explainer.mathematics.typesetting.boxes import Box, Numeral, Pattern, Row, Sign
from explainer.mathematics.typesetting.patterns import PatternError
from explainer.mathematics.typesetting.surroundings import Surroundings
from explainer.mathematics.typesetting.typst import print_typst, typst
from explainer.mathematics.written import (
    ONE,
    ZERO,
    Call,
    Cases,
    Comparison,
    Derivative,
    Key,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Summation,
    Written,
)
from explainer.page.formats import escape_typst

SYMBOLS = {
    "w5": "w_{5}", "out": r"\mathit{out}_{h1}", "net": r"\mathit{net}",
    "new": r"w_{5}^{(1)}", "slope": r"\frac{\partial E}{\partial w_{5}}", "i": "i",
    "W": r"\mathbf{W}", "delta": r"\boldsymbol{\delta}", "n": "n",
}  # fmt: skip


def spell(key: Key) -> str:
    return SYMBOLS[str(key.of[0])]


def name(text: str, kind: str = "value") -> Name:
    return Name(Key(kind, (text,)))


def number(text: str) -> Number:
    return Number(Decimal(text))


PRINTED: list[tuple[Written, str]] = [
    (Sum((number("0.7514"), Negative(number("-0.5")))), r"0.7514 - \(-0.5\)"),
    (Product((number("0.20"), number("-0.5"))), r"0.20 times \(-0.5\)"),
    (number("1.20E-7"), "1.20 times 10^(-7)"),
    (Number(Fraction(-1, 3)), "-frac(1, 3)"),
    (Product((name("out"), name("w5"))), 'italic("out")_(h 1) dot.op w_(5)'),
    (Power(name("new"), number("2")), r"attach(\(w_(5)^(\(1\))\))^(2)"),
    (Power(name("w5"), number("2")), "w_(5)^(2)"),
    (Quotient(ONE, name("net")), 'frac(1, italic("net"))'),
    (
        Product((name("slope", "derivative"), Negative(name("net")))),
        r'frac(∂E, ∂w_(5)) dot.op \(-italic("net")\)',
    ),
    (
        Negative(Sum((name("slope", "derivative"), ONE))),
        r"-lr(size: #2.2em, \()frac(∂E, ∂w_(5)) + 1 lr(size: #2.2em, \))",
    ),
    (Call("tanh", (name("w5"),)), r'op("tanh")\(w_(5)\)'),
    (Call("max", (ZERO, name("w5"))), r'op("max")\(0\,w_(5)\)'),
    (Derivative(name("net"), name("w5")), 'frac(d/**/italic("net"), d w_(5))'),
    (
        Summation(name("i"), name("n"), name("w5")),
        "∑_(i=1)^(n)w_(5)",
    ),
    (
        Cases(
            (
                Comparison(name("w5"), ">", ZERO),
                Comparison(name("i"), "<=", ZERO),
            ),
            (ONE, ZERO, ONE),
        ),
        "cases(1 & quad w_(5) gt 0, 0 & quad i lt.eq 0, 1 & quad #[sonst])",
    ),
    (Matrix(((ONE, ZERO), (ZERO, ONE))), 'mat(delim: "(", 1, 0; 0, 1)'),
    (
        Hadamard((Transpose(name("W")), name("delta"))),
        "bold(upright(W))^(⊤) ∘ bold(italic(δ))",
    ),
]


@pytest.mark.parametrize(
    ("written", "text"), PRINTED, ids=[text for _, text in PRINTED]
)
def test_a_formula_is_printed(written: Written, text: str) -> None:
    around = Surroundings({"otherwise": "sonst"}.__getitem__)
    from explainer.mathematics.typesetting.setting import typeset

    assert print_typst(typeset(written, spell), around) == text
    assert compile_formula(text)


def compile_formula(text: str) -> bytes:
    """The picture of a formula; Typst's warnings are failures."""
    page = f"#set page(width: auto, height: auto)\n${text}$"
    data, warnings = compiler.compile_with_warnings(page.encode(), format="png")
    assert not warnings
    assert isinstance(data, bytes)
    return data


def measure_formula(text: str) -> float:
    """How wide Typst prints a formula, in points."""
    found = json.loads(
        compiler.query(
            f"#context [#metadata(measure($ {text} $).width.pt()) <wide>]".encode(),
            "<wide>",
            field="value",
        )
    )
    return float(found[0])


@pytest.mark.parametrize("function", sorted(CALLABLE))
def test_every_function_is_read_by_typst(function: str) -> None:
    arguments = (name("w5"),) * (2 if "<1>" in CALLABLE[function].latex else 1)
    used = arguments if "<0>" in CALLABLE[function].latex else ()
    assert compile_formula(typst(Call(function, used), spell))


def test_a_line_that_goes_on_with_a_sign_keeps_the_room_of_a_sum() -> None:
    text = print_typst(Row((Sign("+"), Pattern("c"))))
    bare = measure_formula("+ c")
    assert measure_formula(text) > bare
    assert measure_formula(f"b {text}") == pytest.approx(
        measure_formula("b") + measure_formula(text), abs=3
    )


@pytest.mark.parametrize(
    ("apart", "joined"),
    [
        (r"d \mathit{net}", (r"d", r"\mathit{net}")),
        (r"\mathit{net} w", (r"\mathit{net}", "w")),
        (r"\mathbf{W} \mathbf{sum}", (r"\mathbf{W}", r"\mathbf{sum}")),
    ],
)
def test_no_space_is_printed_beside_a_word(apart: str, joined: tuple[str, str]) -> None:
    whole = measure_formula(print_typst(Pattern(apart)))
    parts = sum(measure_formula(print_typst(Pattern(part))) for part in joined)
    assert whole == pytest.approx(parts, abs=0.5)


def test_what_only_latex_can_print_is_refused() -> None:
    with pytest.raises(PatternError):
        print_typst(Pattern(r"\overset{*}{w}"))


def test_an_unknown_box_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="no Typst form for Box"):
        print_typst(Box())


@given(st.decimals(allow_nan=False, allow_infinity=False, places=5))
def test_a_number_keeps_its_digits(value: Decimal) -> None:
    text = print_typst(Numeral(value))
    digits, _, power = text.partition(" times 10^(")
    read = Decimal(f"{digits}E{power.rstrip(')') or 0}")
    assert read == value
    assert read.as_tuple() == value.as_tuple()


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30))
def test_escaped_text_is_printed_as_it_is(text: str) -> None:
    page = f"#metadata([{escape_typst(text)}]) <it>".encode()
    (found,) = json.loads(compiler.query(page, "<it>", field="value"))
    assert " ".join(_text(found).split()) == " ".join(text.split())


def _text(content: dict[str, object]) -> str:
    """The letters of Typst's content; quotes keep their shape until they are set."""
    kind = content["func"]
    if kind in ("text", "symbol"):
        return str(content["text"])
    if kind == "space":
        return " "
    if kind == "smartquote":
        return '"' if content.get("double", True) else "'"
    children = content.get("children", ())
    assert kind == "sequence" and isinstance(children, list), content
    return "".join(map(_text, children))
