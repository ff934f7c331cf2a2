"""The catalogue of activations: one record each, and records from a file's formula.

A record is everything the program knows of an activation. The tests prove every slope
by SymPy, the table of the catalogue and the "did you mean" hints are made from these
records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal

from explainer.mathematics.evaluation import WORKING, evaluate
from explainer.mathematics.formula import read
from explainer.mathematics.written import (
    Call,
    Cases,
    Comparison,
    Key,
    Name,
    Number,
    Written,
    substitute,
)
from explainer.network.options import Option
from explainer.network.quantity import Quantity, Slope

Z, A = Key("argument", ("z",)), Key("result", ("a",))
# So near to a kink the slopes are those of its two sides, to 20 figures.
STEP, BESIDE = Decimal("1e-30"), Context(prec=20)


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation as it is taught: a = f(z), and its slope in z and a.

    `bridge` holds the forms between the derivative that the rules of calculus give and
    the taught slope. `options` are constants of the formula. At a `kink`, a condition
    such as `z == 0` or `abs(z) == 3`, the slope is a convention; the file may choose
    another value. A slope or a kink that was derived from a file's formula is written
    in Z, A and `option_key` and not in text.
    """

    name: str
    formula: str
    slope: str | Written
    bridge: tuple[str, ...] = ()
    options: Mapping[str, Option] = field(default_factory=dict)
    kink: str | Written | None = None
    source: str = ""


ZERO, ONE = Decimal(0), Decimal(1)
RECTIFIED = (
    Activation(
        "relu",
        "max(0, z)",
        "1 if z > 0 else 0",
        kink="z == 0",
        source="Deep Learning, section 6.3.1; slope 0 at 0 as in PyTorch",
    ),
    Activation(
        "leaky-relu",
        "max(alpha * z, z)",
        "1 if z > 0 else alpha",
        # From 1 on, max(alpha z, z) would be another function.
        options={"alpha": Option(Decimal("0.01"), ZERO, ONE)},
        kink="z == 0",
        source="Maas, Hannun, Ng 2013; slope alpha at 0 as in PyTorch",
    ),
    Activation(
        "elu",
        "z if z > 0 else alpha * (exp(z) - 1)",
        "1 if z > 0 else a + alpha",
        bridge=("1 if z > 0 else alpha * (exp(z) - 1) + alpha",),
        options={"alpha": Option(ONE, ZERO, is_least_allowed=False)},
        # With alpha = 1 both sides have the slope 1, and `kink_of` finds none.
        kink="z == 0",
        source="Clevert, Unterthiner, Hochreiter 2016, section 3; slope alpha at 0 as"
        " in PyTorch",
    ),
)
SMOOTH = (
    Activation(
        "sigmoid",
        "1 / (1 + exp(-z))",
        "a * (1 - a)",
        bridge=(
            "exp(-z) / (1 + exp(-z))**2",
            "1 / (1 + exp(-z)) * (exp(-z) / (1 + exp(-z)))",
            "1 / (1 + exp(-z)) * (1 - 1 / (1 + exp(-z)))",
        ),
        source="Goodfellow, Bengio, Courville, Deep Learning, section 3.10",
    ),
    Activation(
        "tanh",
        "tanh(z)",
        "1 - a**2",
        bridge=("1 - tanh(z)**2",),
        source="Deep Learning, section 6.3.2",
    ),
    Activation(
        "softplus",
        "log(1 + exp(z))",
        "1 / (1 + exp(-z))",
        bridge=("exp(z) / (1 + exp(z))",),
        source="Deep Learning, section 3.10",
    ),
    Activation(
        "silu",
        "z / (1 + exp(-z))",
        "a + 1 / (1 + exp(-z)) * (1 - a)",
        bridge=(
            "1 / (1 + exp(-z)) + z / (1 + exp(-z)) * (exp(-z) / (1 + exp(-z)))",
            "1 / (1 + exp(-z)) + a * (1 - 1 / (1 + exp(-z)))",
        ),
        source="Elfwing, Uchibe, Doya 2018, equations 4 and 5; PyTorch's SiLU",
    ),
    Activation(
        "swish",
        "z / (1 + exp(-(beta * z)))",
        "beta * a + 1 / (1 + exp(-(beta * z))) * (1 - beta * a)",
        bridge=(
            "1 / (1 + exp(-(beta * z)))"
            " + beta * z / (1 + exp(-(beta * z)))"
            " * (exp(-(beta * z)) / (1 + exp(-(beta * z))))",
            "1 / (1 + exp(-(beta * z))) + beta * a * (1 - 1 / (1 + exp(-(beta * z))))",
        ),
        options={"beta": Option(ONE, ZERO, is_least_allowed=False)},
        source="Ramachandran, Zoph, Le 2017, section 4",
    ),
    Activation(
        "gelu",
        "z / 2 * (1 + erf(z / sqrt(2)))",
        "(1 + erf(z / sqrt(2))) / 2 + z / sqrt(2 * pi) * exp(-z**2 / 2)",
        source="Hendrycks, Gimpel 2016, section 2; PyTorch's GELU",
    ),
    Activation(
        "gelu-tanh",
        "z / 2 * (1 + tanh(sqrt(2 / pi) * (z + 0.044715 * z**3)))",
        "(1 + tanh(sqrt(2 / pi) * (z + 0.044715 * z**3))) / 2"
        " + z / 2 * (1 - tanh(sqrt(2 / pi) * (z + 0.044715 * z**3))**2)"
        " * sqrt(2 / pi) * (1 + 0.134145 * z**2)",
        source="Hendrycks, Gimpel 2016, section 2; PyTorch's GELU(approximate='tanh')",
    ),
)
STRAIGHT = (
    Activation("identity", "z", "1", source="Deep Learning, section 6.2.2.1"),
    Activation(
        "hard-sigmoid",
        "min(max(z + 3, 0), 6) / 6",
        "1 / 6 if abs(z) < 3 else 0",
        kink="abs(z) == 3",
        source="PyTorch's Hardsigmoid, relu6(z + 3) / 6; slope 0 at -3 and 3",
    ),
)
ACTIVATIONS: Mapping[str, Activation] = {
    activation.name: activation for activation in (*SMOOTH, *RECTIFIED, *STRAIGHT)
}


def option_key(name: str) -> Key:
    """A constant of a formula, until its number takes its place."""
    return Key("option", (name,))


def write(
    form: str | Written, activation: Activation, options: Mapping[str, Decimal]
) -> Written:
    """A form of the record in Z and A, with its constants as numbers."""
    if isinstance(form, str):
        names = {o: option_key(o) for o in activation.options}
        form = read(form, {"z": Z, "a": A, **names})
    constants = {
        option_key(o): Number(options.get(o, option.usual))
        for o, option in activation.options.items()
    }
    return substitute(form, constants)


def kink_of(
    activation: Activation, options: Mapping[str, Decimal]
) -> Comparison | None:
    """The condition under which there is no derivative; None where there is always one.

    >>> elu = ACTIVATIONS["elu"]
    >>> kink_of(elu, {"alpha": Decimal(1)}) is None
    True
    >>> kink_of(elu, {"alpha": Decimal("0.5")}).sign
    '=='
    """
    kink = write(activation.kink, activation, options) if activation.kink else None
    if not isinstance(kink, Comparison):
        return None
    points = points_of(kink)
    smooth = [
        len(set(slopes_beside(activation, options, point))) == 1 for point in points
    ]
    # A derived kink was tested when it was derived; it may be a jump.
    tested = isinstance(activation.kink, Written)
    return None if points and all(smooth) and not tested else kink


def points_of(kink: Comparison) -> tuple[Decimal, ...]:
    """The z of a kink: p where it is z = p, -p and p where it is |z| = p."""
    match kink.left:
        case Name(key) if key == Z:
            return (evaluate(kink.right, {}),)
        case Call("abs", (Name(key),)) if key == Z:
            point = evaluate(kink.right, {})
            return (point.copy_negate(), point)
    return ()


def slopes_beside(
    activation: Activation, options: Mapping[str, Decimal], point: Decimal
) -> tuple[Decimal, Decimal]:
    """The slopes just before and just after a point, to 20 figures."""
    before, after = (
        BESIDE.plus(slope_at(activation, options, WORKING.add(point, step)))
        for step in (STEP.copy_negate(), STEP)
    )
    return before.normalize(BESIDE), after.normalize(BESIDE)


def slope_at(
    activation: Activation, options: Mapping[str, Decimal], z: Decimal
) -> Decimal:
    """The slope as the record writes it, at one z."""
    values = {Z: z}
    values[A] = evaluate(write(activation.formula, activation, options), values)
    return evaluate(write(activation.slope, activation, options), values)


def activate(
    activation: Activation,
    options: Mapping[str, Decimal],
    argument: Key,
    result: Key,
) -> Quantity:
    """result = f(argument), with its slope.

    `options` replaces the record's usual constants; `kink` among them is the slope
    that the file chooses at the kink.
    """
    names: dict[Key, Written] = {Z: Name(argument), A: Name(result)}

    def written(form: str | Written) -> Written:
        return substitute(write(form, activation, options), names)

    slope = write(activation.slope, activation, options)
    kink = kink_of(activation, options)
    if kink and "kink" in options:
        slope = _with_kink(kink, options["kink"], slope)
    taught = Slope(
        written(slope),
        "slope_of_activation",
        bridge=tuple(map(written, activation.bridge)),
        kink=kink and Comparison(written(kink.left), kink.sign, written(kink.right)),
    )
    formula = written(activation.formula)
    return Quantity(result, formula, activation.name, {argument: taught})


def _with_kink(kink: Comparison, chosen: Decimal, slope: Written) -> Cases:
    if isinstance(slope, Cases):
        return Cases((kink, *slope.conditions), (Number(chosen), *slope.values))
    return Cases((kink,), (Number(chosen), slope))
