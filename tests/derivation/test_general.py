"""The general derivation: what it says, its proof, and that the proof can fail."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy

from explainer.derivation import general
from explainer.derivation.general import (
    A_LAST,
    COST,
    GENERAL,
    SIGNAL,
    SIGNAL_ABOVE,
    W_ABOVE,
    GeneralEquation,
    Z,
    partial,
    spell_general,
    total,
    unit,
    updated,
    weight,
)
from explainer.derivation.general_network import (
    ACTIVATION_SLOPE,
    Activation,
    Cost,
    Network,
    NoSuchQuantity,
)
from explainer.derivation.general_proof import SIZES, Instance, mean, prove
from explainer.mathematics.latex import latex
from explainer.mathematics.written import (
    ONE,
    Call,
    Cases,
    Derivative,
    Negative,
    Product,
    Sum,
    Summation,
    Written,
    walk,
)

WRITTEN_TABLE = [
    (1, r"z = \sum_{i=1}^{n} w_{i} \cdot x_{i} + b"),
    (
        2,
        r"a_{j}^{(l)} = f(z_{j}^{(l)})"
        r" = f\Bigl(\sum_{k=1}^{n_{l-1}} w_{jk}^{(l)} \cdot a_{k}^{(l-1)}"
        r" + b_{j}^{(l)}\Bigr)",
    ),
    (3, "C/w_{jk}^{(l)}"),
    (4, r"C/w_{jk}^{(l)} = C/z_{j}^{(l)} \cdot z_{j}^{(l)}/w_{jk}^{(l)}"),
    (
        5,
        r"C/w_{jk}^{(l)}"
        r" = C/a_{j}^{(l)} \cdot a_{j}^{(l)}/z_{j}^{(l)} \cdot z_{j}^{(l)}/w_{jk}^{(l)}"
        r" = \Bigl(\sum_{m=1}^{n_{l+1}}"
        r" C/z_{m}^{(l+1)} \cdot z_{m}^{(l+1)}/a_{j}^{(l)}\Bigr)"
        r" \cdot a_{j}^{(l)}/z_{j}^{(l)} \cdot z_{j}^{(l)}/w_{jk}^{(l)}",
    ),
    (6, r"\delta_{j}^{(l)} = C/z_{j}^{(l)}"),
    (
        7,
        r"C/z_{j}^{(l)} = \Bigl(\sum_{m=1}^{n_{l+1}}"
        r" C/z_{m}^{(l+1)} \cdot z_{m}^{(l+1)}/a_{j}^{(l)}\Bigr)"
        r" \cdot a_{j}^{(l)}/z_{j}^{(l)}",
    ),
    (
        8,
        r"\delta_{j}^{(l)} = \Bigl(\sum_{m=1}^{n_{l+1}}"
        r" \delta_{m}^{(l+1)} \cdot z_{m}^{(l+1)}/a_{j}^{(l)}\Bigr)"
        r" \cdot a_{j}^{(l)}/z_{j}^{(l)}"
        r" = f'(z_{j}^{(l)}) \cdot \sum_{m=1}^{n_{l+1}}"
        r" \delta_{m}^{(l+1)} \cdot w_{mj}^{(l+1)}",
    ),
    (
        9,
        r"\delta_{j}^{(L)} = C/a_{j}^{(L)} \cdot a_{j}^{(L)}/z_{j}^{(L)}"
        r" = C/a_{j}^{(L)} \cdot f'(z_{j}^{(L)})",
    ),
    (
        10,
        r"C/w_{jk}^{(l)} = \delta_{j}^{(l)} \cdot z_{j}^{(l)}/w_{jk}^{(l)}"
        r" = \delta_{j}^{(l)} \cdot a_{k}^{(l-1)}",
    ),
    (
        11,
        r"w_{jk}^{(l),\text{new}} = w_{jk}^{(l)} - \eta \cdot C/w_{jk}^{(l)}"
        r" = w_{jk}^{(l)} - \eta \cdot \delta_{j}^{(l)} \cdot a_{k}^{(l-1)}",
    ),
    (12, r"\frac{d}{d b} (g(x) + b) = 1"),
    (
        13,
        r"C/b_{j}^{(l)} = C/z_{j}^{(l)} \cdot z_{j}^{(l)}/b_{j}^{(l)}"
        r" = C/z_{j}^{(l)} \cdot 1",
    ),
    (14, r"C/b_{j}^{(l)} = \delta_{j}^{(l)}"),
    (
        15,
        r"b_{j}^{(l),\text{new}} = b_{j}^{(l)} - \eta \cdot C/b_{j}^{(l)}"
        r" = b_{j}^{(l)} - \eta \cdot \delta_{j}^{(l)}",
    ),
]
# The table writes C/w for the partial derivative of C with respect to w.
FRACTION = re.compile(r"(C|[za]_\{.\}\^\{\([^)]+\)\})/([wabz]_\{j?.\}\^\{\([^)]+\)\})")


def written_out(equation: GeneralEquation) -> str:
    sides = (equation.left, *equation.sides)
    return " = ".join(latex(side, spell_general) for side in sides)


def spelled(number: int) -> str:
    return f"equation {number}"


@pytest.mark.parametrize(("number", "short"), WRITTEN_TABLE)
def test_the_equation_as_it_is_printed(number: int, short: str) -> None:
    expected = FRACTION.sub(r"\\frac{\\partial \1}{\\partial \2}", short)
    assert written_out(GENERAL[number - 1]) == expected


def test_fifteen_equations_each_from_earlier_ones() -> None:
    assert [equation.number for equation in GENERAL] == list(range(1, 16))
    assert len({equation.rule for equation in GENERAL}) == 15
    for equation in GENERAL:
        assert all(used < equation.number for used in equation.uses)


def test_every_conclusion_names_what_it_follows_from() -> None:
    """Only the rule of calculus (12) is drawn from no equation before it."""
    alone = [e.number for e in GENERAL if not e.uses and not e.definition]
    assert alone == [12]


@pytest.mark.parametrize("equation", GENERAL, ids=lambda e: spelled(e.number))
def test_a_backslash_stands_only_before_a_letter(equation: GeneralEquation) -> None:
    assert not re.search(r"\\(?![A-Za-z])", written_out(equation))


SCOPES = {
    "neuron": [1, 12],
    "hidden": [5, 7, 8],
    "last": [9],
    "every": [2, 3, 4, 6, 10, 11, 13, 14, 15],
}


@pytest.mark.parametrize(("scope", "numbers"), SCOPES.items())
def test_where_an_equation_holds(scope: str, numbers: list[int]) -> None:
    assert [e.number for e in GENERAL if e.scope == scope] == numbers


def instances_by_hand(equation: GeneralEquation) -> int:
    """How many places there are for the left side, counted from the sizes alone."""
    weights = equation.number in (4, 5, 10, 11)
    count = 0
    for sizes in SIZES:
        last = len(sizes) - 1
        for layer in range(1, last + 1):
            if equation.scope == "hidden" and layer == last:
                continue
            if equation.scope == "last" and layer < last:
                continue
            count += sizes[layer] * (sizes[layer - 1] if weights else 1)
    return len(SIZES) if equation.scope == "neuron" else count


CLAIMS = tuple(equation for equation in GENERAL if equation.sides)


@pytest.mark.parametrize("equation", CLAIMS, ids=lambda e: spelled(e.number))
def test_the_equation_is_proved_in_every_place(equation: GeneralEquation) -> None:
    proof = prove(equation)
    assert proof.holds, proof.counterexample
    assert proof.instances == instances_by_hand(equation) > 0


def test_the_wanted_derivative_claims_nothing() -> None:
    proof = prove(GENERAL[2])
    assert (proof.instances, proof.holds) == (0, True)


SLOPE = Call("f'", (Z,))
WRONG_TABLE: list[tuple[str, int, Written]] = [
    ("z without the bias", 1, general.NEURON_SUM),
    ("a without the bias", 2, Call("f", (general.UNIT_SUM.parts()[0],))),
    ("a without f", 2, Z),
    ("chain without dz/dw", 4, partial(COST, Z)),
    ("chain through a, no f'", 5, Product((general.COST_BY_A, partial(Z, general.W)))),
    ("delta as dC/da", 6, partial(COST, general.A)),
    ("delta with its sign turned", 6, Negative(partial(COST, Z))),
    ("recurrence without da/dz", 7, general.COST_BY_A),
    ("delta without f'", 8, general.WEIGHTED_SIGNALS),
    (
        "w_jm instead of w_mj",
        8,
        Product(
            (SLOPE, total("m", "l+1", Product((SIGNAL_ABOVE, weight("j", "m", "l+1")))))
        ),
    ),
    (
        "the sum over layer l",
        8,
        Product((SLOPE, total("m", "l", Product((SIGNAL_ABOVE, W_ABOVE))))),
    ),
    (
        "the sum over layer l-1",
        8,
        Product((SLOPE, total("m", "l-1", Product((SIGNAL_ABOVE, W_ABOVE))))),
    ),
    (
        "the weights of layer l",
        8,
        Product(
            (SLOPE, total("m", "l+1", Product((SIGNAL_ABOVE, weight("m", "j", "l")))))
        ),
    ),
    (
        "f' at the layer above",
        8,
        total(
            "m", "l+1", Product((SIGNAL_ABOVE, W_ABOVE, Call("f'", (general.Z_ABOVE,))))
        ),
    ),
    ("f for f'", 8, Product((Call("f", (Z,)), general.WEIGHTED_SIGNALS))),
    ("no sum", 8, Product((SLOPE, SIGNAL_ABOVE, W_ABOVE))),
    ("last delta without f'", 9, partial(COST, A_LAST)),
    ("gradient with z for a", 10, Product((SIGNAL, unit("z", "k", "l-1")))),
    ("gradient with a_j", 10, Product((SIGNAL, general.A))),
    ("gradient with a_k of layer l", 10, Product((SIGNAL, unit("a", "k", "l")))),
    ("ascent", 11, Sum((general.W, Product((general.LEARNING_RATE, SIGNAL))))),
    ("weight updated as a bias", 11, updated(general.W, SIGNAL)),
    ("the derivative is b", 12, general.neuron("b")),
    ("bias gradient with a", 13, Product((partial(COST, Z), general.A))),
    ("bias gradient is 1", 14, ONE),
    ("bias update without eta", 15, Sum((general.B, Product((SIGNAL, SIGNAL))))),
]


@pytest.mark.parametrize(
    ("number", "side"),
    [row[1:] for row in WRONG_TABLE],
    ids=[f"{number}: {what}" for what, number, _ in WRONG_TABLE],
)
def test_a_wrong_equation_is_refused(number: int, side: Written) -> None:
    right = GENERAL[number - 1]
    wrong = replace(right, sides=(*right.sides, side))
    proof = prove(wrong)
    assert not proof.holds
    assert proof.counterexample.startswith("sizes (")


def test_the_wrong_side_is_named() -> None:
    recurrence = GENERAL[7]
    wrong = replace(recurrence, sides=(*recurrence.sides, general.WEIGHTED_SIGNALS))
    first = "sizes (1, 1, 1), l = 1, j = 1: side 3 differs from the left side"
    assert prove(wrong).counterexample == first


TRANSPOSED = replace(
    GENERAL[7],
    sides=(
        Product(
            (SLOPE, total("m", "l+1", Product((SIGNAL_ABOVE, weight("j", "m", "l+1")))))
        ),
    ),
)


def test_unequal_sizes_show_the_transposed_weights() -> None:
    """One unit in every layer cannot tell w_jm from w_mj; three and one can."""
    assert prove(TRANSPOSED, ((1, 1, 1),)).holds
    proof = prove(TRANSPOSED, ((2, 3, 1),))
    assert proof.counterexample == (
        "sizes (2, 3, 1), l = 1, j = 2: there is no w_2_1^(2)"
    )


def test_an_equation_that_was_nowhere_tried_is_not_proved() -> None:
    assert not prove(GENERAL[7], ((2, 3),)).holds  # no hidden layer
    assert not prove(GENERAL[3], ()).holds


def test_a_network_composed_by_hand() -> None:
    x1, x2, w1, w2, w3 = sympy.symbols(
        "a_1^(0) a_2^(0) w_1_1^(1) w_1_2^(1) w_1_1^(2)", real=True
    )
    b1, b2 = sympy.symbols("b_1^(1) b_1^(2)", real=True)
    z1 = w1 * x1 + w2 * x2 + b1
    z2 = w3 * Activation(z1) + b2
    two_one_one = Network((2, 1, 1))
    assert two_one_one.value(("C", 2)) == Cost(Activation(z2))
    slope = two_one_one.slope(("C", 2), ("w", 1, 1, 2))
    by_hand = (
        sympy.Function("C_1")(Activation(z2))
        * ACTIVATION_SLOPE(z2)
        * w3
        * ACTIVATION_SLOPE(z1)
        * x2
    )
    assert sympy.expand(slope - by_hand) == 0


def cost_of(numbers: dict[str, float], sizes: tuple[int, ...]) -> float:
    """tanh units and half the squared outputs, in floats: nothing of SymPy."""
    below = [numbers[f"a_{k}^(0)"] for k in range(1, sizes[0] + 1)]
    for layer in range(1, len(sizes)):
        below = [
            math.tanh(
                sum(
                    numbers[f"w_{j}_{k}^({layer})"] * a
                    for k, a in enumerate(below, start=1)
                )
                + numbers[f"b_{j}^({layer})"]
            )
            for j in range(1, sizes[layer] + 1)
        ]
    return sum(output**2 for output in below) / 2


def as_tanh(expression: sympy.Expr, outputs: int) -> sympy.Expr:
    """The generic expression with f = tanh and C = the half sum of squares."""
    for i in range(outputs):
        expression = expression.replace(
            sympy.Function(f"C_{i + 1}"), lambda *a, i=i: a[i]
        )
    expression = expression.replace(ACTIVATION_SLOPE, lambda z: 1 - sympy.tanh(z) ** 2)
    return expression.replace(Activation, sympy.tanh)


@pytest.mark.parametrize("number", [5, 10], ids=spelled)
def test_the_gradient_agrees_with_central_differences(number: int) -> None:
    sizes, step = (2, 2, 1, 2), 1e-6
    small = Network(sizes)
    names = sorted(str(s) for s in small.value(("C", 3)).free_symbols)
    numbers = {
        name: float(Fraction(34 * i % 57 - 27, 40)) for i, name in enumerate(names)
    }
    assert all(numbers.values())  # a zero could hide a mistake
    instance = Instance(small, 1, {"j": 2, "k": 1})
    side = as_tanh(mean(GENERAL[number - 1].sides[-1], instance), sizes[-1])
    value = float(
        side.subs({sympy.Symbol(n, real=True): v for n, v in numbers.items()})
    )
    up, down = dict(numbers), dict(numbers)
    up["w_2_1^(1)"] += step
    down["w_2_1^(1)"] -= step
    difference = (cost_of(up, sizes) - cost_of(down, sizes)) / (2 * step)
    assert abs(value) > 1e-4
    assert math.isclose(value, difference, rel_tol=1e-6)


def test_what_the_network_does_not_have_is_refused() -> None:
    small = Network((2, 1, 1))
    with pytest.raises(NoSuchQuantity, match=r"there is no z_2\^\(1\)"):
        small.value(("z", 1, 2))
    with pytest.raises(
        NoSuchQuantity, match=r"z_1\^\(1\) does not depend on a_1\^\(2\)"
    ):
        small.slope(("z", 1, 1), ("a", 2, 1))
    with pytest.raises(NoSuchQuantity, match=r"there is no layer l\+1"):
        Instance(small, 2, {}).number("l+1")


def test_other_mathematics_has_no_general_meaning() -> None:
    with pytest.raises(TypeError, match="no general meaning for Cases"):
        mean(Cases((), (ONE,)), Instance(Network((1, 1, 1)), 1, {}))


def test_sums_run_over_the_layer_of_their_index() -> None:
    """k counts layer l-1 and m counts layer l+1, in every sum."""
    sides = [part for e in GENERAL for side in e.sides for part in walk(side)]
    sums = {s for s in sides if isinstance(s, Summation)}
    layers = {(spell_general(s.index.key), latex(s.upper, spell_general)) for s in sums}
    assert layers == {("i", "n"), ("k", "n_{l-1}"), ("m", "n_{l+1}")}
    assert any(isinstance(part, Derivative) for part in walk(GENERAL[11].left))
