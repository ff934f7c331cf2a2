r"""What students type: every way to spell a name and a number, prose around it, and
mistakes of typing."""

from __future__ import annotations

import pytest

from explainer.homework.sheets import Sheet, read_sheet
from explainer.homework.sheets.sheet import UNREADABLE
from explainer.notation import plain_name
from tests.homework.networks import names_of_example

NOTES = r"""
# My notes, from the net to the first update

The hidden unit first. $net_{h1} = w_1 \cdot i_1 + w_2 \cdot i_2 + b_1 \cdot 1$, so

$$net_{h1} = 0.15 \cdot 0.05 + 0.2 \cdot 0.1 + 0.35 \cdot 1 = 0.3775$$

$$
out_{h1} = \frac{1}{1 + e^{-net_{h1}}} = \frac{1}{1 + e^{-0.3775}} = 0.593269992
$$

and in the same way $out_{h2} = 0.596884378$. At the output

\[
\begin{aligned}
net_{o1} &= w_5 \, out_{h1} + w_6 \, out_{h2} + b_2 \\
         &= 0.4 \times 0.593269992 + 0.45 \times 0.596884378 + 0.6 \\
         &= 1.105905967
\end{aligned}
\]

- **out_o1** = 0.75136507
- out_o2 = `0.772928465`

Now the error: E_o1 = ½(0.01 − 0.75136507)² = 0.274811083; E_o2 = 0.023560026.
So $E_{total} = E_{o1} + E_{o2} = 0.274811083 + 0.023560026 = 0.298371109$.

Chain rule:
$\frac{\partial E_{total}}{\partial out_{o1}} = -(target_{o1} - out_{o1}) = 0.74136507$,
∂out_o1/∂net_o1 = out_o1(1 - out_o1) = 0.186815602 and ∂net_o1/∂w₅ = 0.593269992

dE/dw5 = 0.74136507*0.186815602*0.593269992 = 0.082167041
δ_o1 = 0.138498562

$w_5^+ = w_5 - \eta \frac{\partial E_{total}}{\partial w_5} = 0.4 - 0.5 \cdot
0.082167041 = 0.35891648$
"""
NOTED = {
    "sum_h1": "0.3775",
    "out_h1": "0.593269992",
    "out_h2": "0.596884378",
    "sum_o1": "1.105905967",
    "out_o1": "0.75136507",
    "out_o2": "0.772928465",
    "E_o1": "0.274811083",
    "E_o2": "0.023560026",
    "E": "0.298371109",
    "dE/dout_o1": "0.74136507",
    "dout_o1/dsum_o1": "0.186815602",
    "dsum_o1/dw5": "0.593269992",
    "dE/dw5": "0.082167041",
    "delta_o1": "0.138498562",
    "new_w5": "0.35891648",
}


def read(text: str, example: str = "mazur") -> Sheet:
    return read_sheet(text, names_of_example(example))


def typed(sheet: Sheet) -> dict[str, str]:
    return {plain_name(key): entry.text for key, entry in sheet.entries.items()}


def test_a_page_of_notes() -> None:
    sheet = read(NOTES)
    assert typed(sheet) == NOTED
    assert sheet.problems == ()
    assert sheet.notation == "net-out"
    assert {line.how for line in sheet.lines} <= {"exact", "rounded", "truncated"}
    assert len(sheet.lines) == 7


# One value each, in the spellings that textbooks, programs and students use.
SPELLINGS = {
    "sum_h1": r"""sum_h1 | net_h1 | net h1 | neth1 | Net_h1 | \mathit{net}_{h1} | z_h1
        | \text{net}_{h1} | net_{\text{h1}} | z_{h1} | z_1^{(1)} | z^{(1)}_1 | z1[1]
        | \operatorname{net}_{h1} | in_h1 | z_1^{[1]} | net\_h1 | **net_h1** | `net_h1`
        | NET_H1 | z₁⁽¹⁾""",
    "out_h1": r"""out_h1 | output_h1 | out h1 | a_h1 | a_{h1} | output\_{h1} | o_h1
        | a_1^{(1)} | a^{(1)}_{1} | {out}_{h1} | \mathit{output}_{h1}
        | \mathrm{out}_{h1}""",
    "delta_o1": r"""delta_o1 | δ_o1 | \delta_{o1} | \delta_{o1} | δo1 | \delta_1^{(2)}
        | dE/dnet_o1 | \frac{\partial E}{\partial net_{o1}} | ∂E/∂z_o1 | delta o1
        | \boldsymbol{\delta}_{o1}""",
    "dE/dw5": r"""dE/dw5 | ∂E/∂w5 | ∂E/∂w₅ | dE_total/dw5 | dE / dw5
        | \partial E/\partial w_5
        | \frac{\partial E_{total}}{\partial w_5} | \frac{dE}{dw_5} | ∂E_total/∂w_5
        | \dfrac{\partial E_{\text{total}}}{\partial w_{5}}
        | \frac{\mathrm{d} E}{\mathrm{d} w_5}
        | \frac{\partial L}{\partial w_{5}} | dC/dw5 | dL/dw5 | dJ/dw_5
        | \frac{∂E}{∂w5} | \frac{\partial C}{\partial w_{1,1}^{(2)}} | dloss/dw5""",
    "dE_o1/dout_h1": r"""dE_o1/dout_h1 | ∂E_o1/∂out_h1
        | \frac{\partial E_1}{\partial a_{h1}}
        | \frac{\partial E_{o1}}{\partial out_{h1}} | dE1/dout_h1""",
    "new_w5": r"""new_w5 | new w5 | w5_new | w5' | w_5^+ | w_5^{+} | w_{5}^{new} | w5new
        | new\_w_{5} | w_{5}^{\prime} | w_5' | w_{5,new} | neww5 | new weight w5
        | w_{5}^{\mathit{new}} | w₅' | w5 new | updated w5 | w_{1,1}^{(2)\prime}
        | w_{1,1}^{(2)'}""",
    "w5": r"""w5 | w_5 | w_{5} | w₅ | W2[1,1] | w_{1,1}^{(2)} | w^{(2)}_{1,1}
        | w_{11}^{(2)}""",
    "E": r"""E | E_total | E_{total} | E_tot | E_{\mathit{total}} | Etotal | L | C | J
        | loss
        | total error | L_total | cost""",
    "target_o1": r"target_o1 | t_1 | target_1 | t_{o1} | y_{1}",
    "eta": r"eta | η | \eta | learning_rate | lr | n | α | learning rate",
}  # fmt: skip
CASES = [
    (name, spelling.strip())
    for name, row in SPELLINGS.items()
    for spelling in row.split("|")
]


@pytest.mark.parametrize(("name", "spelling"), CASES)
def test_every_spelling_of_a_name(name: str, spelling: str) -> None:
    for line in (
        f"{spelling} = 0.50",
        f"- {spelling} = 0.50",
        f"Then I get {spelling} = 0.50, and so on.",
        f"${spelling} = 0.50$",
        f"$${spelling} &\\approx 0.50 \\\\$$",
        f"{spelling}: 0.50",
        f'"{spelling}" = "0.50"',
        f"name,value\n{spelling.replace(',', '')},0.50" if "," not in spelling else
        f'name;value\n{spelling};0.50',
        f"| {spelling} | 0.50 |",
    ):  # fmt: skip
        assert typed(read(line)) == {name: "0.50"}, line


@pytest.mark.parametrize(
    ("typing", "value", "half"),
    [
        ("0.50", "0.50", "0.005"),
        ("-0.50", "-0.50", "0.005"),
        ("−0.50", "-0.50", "0.005"),
        (".5", "0.5", "0.05"),
        ("1", "1", "0.5"),
        ("5e-3", "0.005", "0.0005"),
        ("5E−3", "0.005", "0.0005"),
        ("80.2e-3", "0.0802", "0.00005"),
        (r"1.2 \times 10^{-3}", "0.0012", "0.00005"),
        ("1.2 × 10⁻³", "0.0012", "0.00005"),
        ("1.2*10^-3", "0.0012", "0.00005"),
        ("3/8", "3/8", "0"),
        (r"-\frac{3}{8}", "-3/8", "0"),
        (r"\frac38", "3/8", "0"),
        ("½", "1/2", "0"),
        ("(-0.5)", "-0.5", "0.05"),
        (r"\boxed{0.50}", "0.50", "0.005"),
        ("2 x 0.3 x (-0.5) = -0.30", "-0.30", "0.005"),
        ("2x0.3=0.60", "0.60", "0.005"),
        (r"\mathbf{0.50}", "0.50", "0.005"),
        ("**0.50**", "0.50", "0.005"),
        ("`0.50`", "0.50", "0.005"),
        ("$0.50$", "0.50", "0.005"),
        ("0.50.", "0.50", "0.005"),
        ("0.50…", "0.50", "0.005"),
        ("0.50 (rounded)", "0.50", "0.005"),
        ("__0.50__", "0.50", "0.005"),
        ("+0.50", "0.50", "0.005"),
        ("0.50 ✓", "0.50", "0.005"),
        ("0.50 <- check this", "0.50", "0.005"),
        ("0.50 as on page 3", "0.50", "0.005"),
    ],
)
def test_every_way_to_type_a_number(typing: str, value: str, half: str) -> None:
    sheet = read(f"dE/dw5 = {typing}")
    (entry,) = sheet.entries.values()
    assert (str(entry.value), f"{entry.half_unit:f}") == (value, half)
    assert sheet.problems == ()


@pytest.mark.parametrize(
    "typing",
    ["0,50", "0.5.1", "0.5 y 0.3", "0.50 - rate * 0.08", "0.5(a+b)^2", "0.5t", "50%",
     "0.5 0.6", "1e9999", "0.5 ± 0.1"],
)  # fmt: skip
def test_what_is_no_number_is_said_to_be_none(typing: str) -> None:
    sheet = read(f"net_h1 = 0.3775\ndE/dw5 = {typing}\nout_h1 = 0.5932")
    assert typed(sheet) == {"sum_h1": "0.3775", "out_h1": "0.5932"}
    assert [p.kind for p in sheet.problems] == ["unreadable"], sheet.problems
    assert sheet.problems[0].line == 2


@pytest.mark.parametrize(
    "text",
    [
        "dE/dw5 =",
        "$out_{h1} = $ ____",
        "out_h1 = ?",
        "out_h1 = ...",
        "out_h1 =\nout_h2 =",
        "$$\n\\begin{aligned}\nout_{h1} &= \\\\\nout_{h2} &= \n\\end{aligned}\n$$",
        "| out_h1 | |",
        "out_h1,",
        "y = f(u) and u = g(x)",
        "w5 = w5 - eta * dE/dw5",
        "E_total = \\sum_{k=1}^{2} E_k",
        "There are 2 hidden units and 3 of them = the number of layers.",
        "Chapter 3, page 5",
        r"\Delta w_5 = w_5^+ - w_5",
    ],
)
def test_a_blank_or_a_formula_is_no_value_and_no_problem(text: str) -> None:
    sheet = read(text)
    assert (sheet.entries, sheet.problems) == ({}, ())


@pytest.mark.parametrize(
    "text",
    ["\ndE/dw5 = abc", '\n"dE/dw5" = "abc"', "name,value\ndE/dw5,abc\nout_h1,"],
)
def test_a_word_in_the_place_of_a_number_is_told(text: str) -> None:
    (problem,) = read(f"{text}\nout_h2 = 0.6\n").problems
    assert (problem.line, problem.kind, problem.got) == (2, UNREADABLE, "abc")


@pytest.mark.parametrize(
    "text", ["out_h1 = 0.6 = abc", "out_h1 = the output of h1", "slope = abc", "E = w5"]
)
def test_a_word_behind_a_value_or_in_a_sentence_is_no_value(text: str) -> None:
    assert read(text).problems == ()


def test_the_text_of_a_value_is_what_was_typed() -> None:
    sheet = read(r"$w_5' = \boxed{0.50}$, out_h1 = **0.60**, E = −1.2 × 10⁻³")
    assert typed(sheet) == {"new_w5": "0.50", "out_h1": "0.60", "E": "−1.2 × 10⁻³"}


def test_json_is_read_like_a_form() -> None:
    text = '{ "out_o1": 0.7510,\n  "dE/dw5": "0.0820" }'
    assert typed(read(text)) == {"out_o1": "0.7510", "dE/dw5": "0.0820"}


@pytest.mark.parametrize(
    "old", [r"\Delta w_5", "Δw5", "Delta w5", "avg_w5", "grad_w5", "0.5 w5"]
)
def test_a_name_inside_another_name_is_not_it(old: str) -> None:
    assert typed(read(f"{old} = 0.041")) == {}
