"""What a sheet leaves open is said, with its line, and never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from explainer.derivation.deriving import derive_graph
from explainer.homework.sheets import Sheet, SheetNames, decode, names_of, read_sheet
from explainer.homework.sheets.sheet import SheetProblem
from explainer.notation import NOTATIONS, plain_name
from explainer.worked import Network
from tests.homework.networks import keys_of, names_of_example

# The first input is called x2: in a notation that counts, x_1 is x2.
CROSSED = """
notation = "z-a-superscript"
[inputs]
x2 = 0.3
x1 = 0.5
[[layers]]
activation = "sigmoid"
[layers.weights]
o1 = { w1 = 0.1, w2 = 0.2 }
[targets]
o1 = 1
[loss]
name = "half-squared-error"
[training]
learning_rate = 0.5
"""


def read(text: str, network: str = "mazur") -> Sheet:
    return read_sheet(text, names_of_example(network))


def typed(sheet: Sheet) -> dict[str, str]:
    return {plain_name(key): entry.text for key, entry in sheet.entries.items()}


def crossed_names(notation: str) -> SheetNames:
    graph = Network.from_text(CROSSED).graph
    derivations = [derive_graph(graph, method) for method in ("signals", "paths")]
    return names_of(derivations, NOTATIONS[notation])


@pytest.mark.parametrize(
    ("text", "got", "near"),
    [
        ("out_h3 = 0.5", "out_h3", "out_h1"),
        ("dE/dw55 = 0.5", "dE/dw55", "dE/dw5"),
        (r"$\frac{dE}{dw_9} = 0.5$", r"\frac{dE}{dw_9}", ""),
        ('"out_h9" = "0.5"', "out_h9", "out_h1"),
        ("name,value\nuot_h1,0.5\n", "uot_h1", "out_h1"),
        ("| out_h7 | 0.5 |", "out_h7", "out_h1"),
        ("out_h9: 0.5", "out_h9", "out_h1"),
        ("So foo_1 = 0.5 holds", "foo_1", ""),
    ],
)  # fmt: skip
def test_an_unknown_name_gets_the_nearest(text: str, got: str, near: str) -> None:
    sheet = read(text)
    assert sheet.entries == {}
    (problem,) = sheet.problems
    assert (problem.kind, problem.got) == ("unknown", got)
    assert near in ("", *problem.candidates)
    assert len(problem.candidates) <= 3


def test_a_name_of_two_quantities_is_said_to_be_ambiguous() -> None:
    sheet = read_sheet("x_1 = 0.5", crossed_names("sum-output"))
    (problem,) = sheet.problems
    assert (problem.kind, problem.got) == ("ambiguous", "x_1")
    assert sorted(problem.candidates) == ["x1", "x2"]
    assert (sheet.entries, sheet.notation) == ({}, "")


@pytest.mark.parametrize(
    ("line", "notation", "meant"),
    [
        ("z_1^{(1)} = 0.13", "z-a-superscript", "x2"),
        ("sum_{o1} = 0.13", "sum-output", "x1"),
    ],
)  # fmt: skip
def test_the_notation_of_the_sheet_decides(
    line: str, notation: str, meant: str
) -> None:
    sheet = read_sheet(f"{line}\nx_1 = 0.5", crossed_names("net-out"))
    assert typed(sheet) == {"sum_o1": "0.13", meant: "0.5"}
    assert sheet.notation == notation
    assert [plain_name(key) for key in sheet.decided] == [meant]
    assert sheet.problems == ()


def test_a_form_names_one_quantity_only() -> None:
    sheet = read_sheet('"x1" = "0.5"', crossed_names("net-out"))
    assert typed(sheet) == {"x1": "0.5"}


def test_of_two_values_the_last_counts_and_both_are_told() -> None:
    sheet = read("out_h1 = 0.5932\nout_h2 = 0.5969\nout_h1 = 0.6032")
    assert typed(sheet) == {"out_h1": "0.6032", "out_h2": "0.5969"}
    assert sheet.problems == (
        SheetProblem(3, "repeated", "out_h1", ("0.5932", "0.6032")),
    )


@pytest.mark.parametrize("texts", [("0.593", "0.59327"), ("0.59327", "0.593")])
def test_the_same_value_with_more_digits_is_no_contradiction(
    texts: tuple[str, str],
) -> None:
    sheet = read("\n".join(f"out_h1 = {text}" for text in texts))
    assert (typed(sheet), sheet.problems) == ({"out_h1": "0.59327"}, ())


def test_a_factor_and_the_next_statement_are_told_apart() -> None:
    # out_o1 is computed from sum_o1, so it is no factor of it.
    two = read("net_o1 = 1.1059 out_o1 = 0.7514")
    assert typed(two) == {"sum_o1": "1.1059", "out_o1": "0.7514"}
    one = read("dE/dw5 = delta_o1 out_h1 = 0.0822")
    assert typed(one) == {"dE/dw5": "0.0822"}
    either = read("net_o1 = 1.1059 out_h1 = 0.5933")
    assert (either.entries, either.problems[0].kind) == ({}, "ambiguous")
    assert set(either.problems[0].candidates) == {"sum_o1", "out_h1"}


def test_samples_times_and_iterations() -> None:
    text = "out_y[sample=2] = 0.5\nnew_w@2 = 0.2\nnew_w = 0.1\n# Iteration 3\nw^+ = 0.3"
    sheet = read(text, "logistic-regression")
    assert typed(sheet) == {"out_y[sample=2]": "0.5", "new_w": "0.1"}
    key = keys_of("logistic-regression")["new_w"]
    assert {n: e[key].text for n, e in sheet.later.items()} == {2: "0.2", 3: "0.3"}
    unrolled = read(r"h^{\langle 2 \rangle} = 1, net_h[time=2] = 0.5", "recurrent")
    assert typed(unrolled) == {"sum_h[time=2]": "0.5"}


@pytest.mark.parametrize(
    ("line", "how"),
    [
        ("0.5 * 0.3 = 0.15", "exact"),
        ("2/3 = 0.667", "rounded"),
        ("2/3 = 0.666", "truncated"),
        ("-2/3 = -0.666", "truncated"),
        ("0.5 - 0.6*0.08020 = 0.45188", "exact"),
        ("0.5000 - 0.6000*0.0802 = 0.4519", "rounded"),
        ("0.5000 - 0.6000*0.0802 = 0.4520", "within"),
        ("0.5000 - 0.6000*0.0802 = 0.4619", "off"),
        ("1.00 + 1.00 = 3.00", "off"),
        (r"\frac{1}{1+e^{-0.41}} = 0.60109", "rounded"),
        ("1/(1+exp(-0.41)) = 0.60109", "rounded"),
        (r"\sigma(0.41) = 0.60109", "rounded"),
        ("sigmoid(0.41) = 0.60109", "rounded"),
        (r"\tanh(0.5) \approx 0.4621", "rounded"),
        ("tanh(0.5) = 0.4621", "rounded"),
        (r"-\ln(0.5) = 0.693", "rounded"),
        (r"\sqrt{2} = 1.414", "rounded"),
        ("max(0, -0.3) = 0", "exact"),
        ("0.5(0.3)(0.2) = 0.03", "exact"),
        ("2^3 = 8", "exact"),
        ("2**3 = 8", "exact"),
        ("(1 - 0.73492)² = 0.07027", "rounded"),
        ("0.3 - -0.2 = 0.5", "exact"),
        (r"0.41 = 0.1 \cdot 0.1 + 0.5 \cdot 0.3 + 0.25", "exact"),
        ("0.1*0.3 = 0.3*0.1", "exact"),
        ("1.2 × 10⁻³ = 0.0012", "exact"),
        ("−0.5·0.5 = −0.25", "exact"),
    ],
)
def test_each_line_of_arithmetic_is_checked_as_typed(line: str, how: str) -> None:
    sheet = read(line)
    (found,) = sheet.lines
    assert (found.how, found.holds) == (how, how != "off")
    assert sheet.problems == ()


def test_every_link_of_a_chain_is_checked() -> None:
    sheet = read("new_w5 = 0.40 - 0.5 * 0.08 = 0.40 - 0.05 = 0.35")
    assert typed(sheet) == {"new_w5": "0.35"}
    links = [(line.left, line.right, line.how) for line in sheet.lines]
    assert links == [
        ("0.40 - 0.5 * 0.08", "0.40 - 0.05", "within"),
        ("0.40 - 0.05", "0.35", "exact"),
    ]
    low, high = sheet.lines[1].left_interval
    assert (low, high) == (Decimal("0.34"), Decimal("0.36"))


PIECES = st.sampled_from(
    r"""out_h1 net_{o1} w_5 \frac { } ( ) [ ] $ $$ \[ \] \\ & = \approx := + - * / ^ _ |
    0.5 1e-3 3/8 , ; : . ? " ' ` # ** \begin{aligned} \end{aligned} \begin{cases}
    \end{cases} \partial E d/ e^ exp \sigma \ln max new_ ' @2 [sample=2] Now ½ ² ₅ ⁻ δ
    \text{ sep= name,value \begin{tabular}{l} \end{tabular} 9^ 10^ 999""".split()
)  # fmt: skip
GARBAGE = st.lists(
    st.one_of(
        PIECES, st.sampled_from([" ", "\n", "\r\n", "\t", "\0"]), st.text(max_size=3)
    ),
    max_size=60,
).map("".join)


@given(GARBAGE)
@example("^" * 500 + "=1")
@example("((" * 400 + "=" + "((" * 400)
@example(r"\frac{" * 300 + "=1")
@example("9^9^9^9^9 = 1")
@example("((9^99)^99)^99 = 1")
@example("e^{e^{e^{e^{9}}}} = ln(e^{-e^{e^{9}}})")
@example("1/0 = 2\nln(0) = 1\nsqrt(-1) = 1")
@example('"a\n"="')
@example("out_h1 = " + "9" * 5000)
@example("out_h1 = 1e" + "9" * 50)
@example("w5 " * 300 + "= 1")
def test_no_text_is_refused(text: str) -> None:
    for comma in (False, True):
        sheet = read_sheet(text, names_of_example("mazur"), comma)
        assert all(problem.line >= 1 for problem in sheet.problems)
        assert all(entry.half_unit >= 0 for entry in sheet.entries.values())


@settings(max_examples=300)
@given(st.binary(max_size=300))
def test_no_file_is_refused(data: bytes) -> None:
    read(decode(data))


@given(GARBAGE)
def test_a_good_line_survives_any_neighbour(text: str) -> None:
    """A paragraph of its own between two others: nothing in them voids it."""
    one_line = " ".join(text.split()).replace("\0", "")
    if not one_line or any(mark in one_line for mark in (r"\begin", r"\end", "<!--")):
        return
    sheet = read(f"out_h2 = 0.596\n\n{one_line}\n\nnew_w7 = 0.511301\n")
    assert typed(sheet)["new_w7"] == "0.511301" or "new_w7" in one_line
