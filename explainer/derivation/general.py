r"""The derivation of the weight and bias updates in index notation, equations 1 to 15.

Indices: k counts the units of layer l-1, j those of layer l, m those of layer l+1; L is
the last layer. w_jk^(l) is the weight into unit j of layer l from unit k of layer l-1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from explainer.mathematics.written import (
    ONE,
    Call,
    Derivative,
    Key,
    Name,
    Negative,
    Product,
    Sum,
    Summation,
    Written,
    names_in,
)


@dataclass(frozen=True, slots=True)
class GeneralEquation:
    """left = sides[0] = sides[1] = ...

    `rule` is the key of its wording. `uses` are the numbers of the earlier equations it
    follows from. With `definition`, the first side says what the left side is, and only
    the sides after it are conclusions. Equation 3 names the derivative that is wanted;
    it has no sides.
    """

    number: int
    rule: str
    left: Written
    sides: tuple[Written, ...] = ()
    uses: tuple[int, ...] = ()
    definition: bool = False

    @property
    def scope(self) -> str:
        """Where it holds: "neuron", "hidden" (l < L), "last" (L) or "every" (l <= L).

        >>> [GENERAL[number - 1].scope for number in (1, 8, 9, 10)]
        ['neuron', 'hidden', 'last', 'every']
        """
        keys = [key for side in (self.left, *self.sides) for key in names_in(side)]
        found = [atom for key in keys for atom in atoms(key)]
        layers = {atom.of[-1] for atom in found if atom.kind == "indexed"}
        marks = (("l+1", "hidden"), ("L", "last"), ("l", "every"))
        return next((scope for mark, scope in marks if mark in layers), "neuron")


def atoms(key: Key) -> Iterator[Key]:
    """The quantities that a key speaks of: of dC/dz, C and z."""
    inner = [part for part in key.of if isinstance(part, Key)]
    if not inner:
        yield key
    for part in inner:
        yield from atoms(part)


def spell_general(key: Key) -> str:
    r"""The LaTeX of a quantity in index notation.

    >>> print(spell_general(weight("j", "k", "l").key))
    w_{jk}^{(l)}
    >>> print(spell_general(partial(COST, unit("z", "j", "l")).key))
    \frac{\partial C}{\partial z_{j}^{(l)}}
    >>> print(spell_general(Key("new", (unit("b", "j", "l").key,))))
    b_{j}^{(l),\text{new}}
    """
    return SPELLINGS[key.kind](*key.of)


def _spell(part: str | Key) -> str:
    return spell_general(part) if isinstance(part, Key) else LETTERS.get(part, part)


def _spell_indexed(*parts: str | Key) -> str:
    base, *indices, layer = map(_spell, parts)
    return f"{base}_{{{''.join(indices)}}}^{{({layer})}}"


def _spell_neuron(*parts: str | Key) -> str:
    base, *indices = map(_spell, parts)
    return f"{base}_{{{''.join(indices)}}}" if indices else base


def _spell_new(*parts: str | Key) -> str:
    # Before the last brace, so that the mark joins the layer's superscript.
    return _spell(parts[0]).removesuffix("}") + r",\text{new}}"


def _spell_derivative(*parts: str | Key) -> str:
    top, bottom = map(_spell, parts)
    return rf"\frac{{\partial {top}}}{{\partial {bottom}}}"


LETTERS: Mapping[str, str] = {"delta": r"\delta"}
SPELLINGS: Mapping[str, Callable[..., str]] = {
    "cost": lambda: "C",
    "learning_rate": lambda: r"\eta",
    "index": _spell,
    "width": lambda *layer: f"n_{{{layer[0]}}}" if layer else "n",
    "neuron": _spell_neuron,  # base, indices: w_i
    "indexed": _spell_indexed,  # base, indices, layer: w_jk^(l)
    "new": _spell_new,  # the parameter that is updated
    "derivative": _spell_derivative,  # what is differentiated, and by what
}


def unit(base: str, index: str, layer: str) -> Name:
    """One quantity of one unit: z_j^(l)."""
    return Name(Key("indexed", (base, index, layer)))


def weight(to: str, source: str, layer: str) -> Name:
    """The weight into a unit of the layer from a unit of the layer before: w_jk^(l)."""
    return Name(Key("indexed", ("w", to, source, layer)))


def partial(top: Name, bottom: Name) -> Name:
    """The partial derivative of one quantity with respect to another."""
    return Name(Key("derivative", (top.key, bottom.key)))


def total(index: str, layer: str, body: Written) -> Summation:
    """The sum of the body over the units of a layer."""
    return Summation(Name(Key("index", (index,))), Name(Key("width", (layer,))), body)


def neuron(base: str, *indices: str) -> Name:
    """A quantity of a neuron that stands alone: w_i."""
    return Name(Key("neuron", (base, *indices)))


def updated(parameter: Name, *gradient: Written) -> Sum:
    """The parameter minus the learning rate times the factors of its gradient."""
    return Sum((parameter, Negative(Product((LEARNING_RATE, *gradient)))))


COST = Name(Key("cost"))
LEARNING_RATE = Name(Key("learning_rate"))
A, A_BELOW = unit("a", "j", "l"), unit("a", "k", "l-1")
B, W, W_ABOVE = unit("b", "j", "l"), weight("j", "k", "l"), weight("m", "j", "l+1")
Z, Z_ABOVE = unit("z", "j", "l"), unit("z", "m", "l+1")
SIGNAL, SIGNAL_ABOVE = unit("delta", "j", "l"), unit("delta", "m", "l+1")
A_LAST, Z_LAST = unit("a", "j", "L"), unit("z", "j", "L")
NEW_W, NEW_B = Name(Key("new", (W.key,))), Name(Key("new", (B.key,)))

NEURON_SUM = Summation(
    Name(Key("index", ("i",))),
    Name(Key("width")),
    Product((neuron("w", "i"), neuron("x", "i"))),
)
UNIT_SUM = Sum((total("k", "l-1", Product((W, A_BELOW))), B))
COST_BY_A = total("m", "l+1", Product((partial(COST, Z_ABOVE), partial(Z_ABOVE, A))))
SIGNALS_BACK = total("m", "l+1", Product((SIGNAL_ABOVE, partial(Z_ABOVE, A))))
WEIGHTED_SIGNALS = total("m", "l+1", Product((SIGNAL_ABOVE, W_ABOVE)))

GENERAL: tuple[GeneralEquation, ...] = (
    GeneralEquation(
        number=1,
        rule="general_weighted_sum",
        left=neuron("z"),
        sides=(Sum((NEURON_SUM, neuron("b"))),),
        definition=True,
    ),
    GeneralEquation(
        number=2,
        rule="general_unit",
        left=A,
        sides=(Call("f", (Z,)), Call("f", (UNIT_SUM,))),
        uses=(1,),
        definition=True,
    ),
    GeneralEquation(
        number=3,
        rule="general_wanted",
        left=partial(COST, W),
        definition=True,
    ),
    GeneralEquation(
        number=4,
        rule="general_chain",
        left=partial(COST, W),
        sides=(Product((partial(COST, Z), partial(Z, W))),),
        uses=(2, 3),
    ),
    GeneralEquation(
        number=5,
        rule="general_chain_expanded",
        left=partial(COST, W),
        sides=(
            Product((partial(COST, A), partial(A, Z), partial(Z, W))),
            Product((COST_BY_A, partial(A, Z), partial(Z, W))),
        ),
        uses=(4,),
    ),
    GeneralEquation(
        number=6,
        rule="general_error_signal",
        left=SIGNAL,
        sides=(partial(COST, Z),),
        definition=True,
    ),
    GeneralEquation(
        number=7,
        rule="general_recurrence",
        left=partial(COST, Z),
        sides=(Product((COST_BY_A, partial(A, Z))),),
        uses=(5,),
    ),
    GeneralEquation(
        number=8,
        rule="general_signal_recurrence",
        left=SIGNAL,
        sides=(
            Product((SIGNALS_BACK, partial(A, Z))),
            Product((Call("f'", (Z,)), WEIGHTED_SIGNALS)),
        ),
        uses=(6, 7),
    ),
    GeneralEquation(
        number=9,
        rule="general_last_layer",
        left=unit("delta", "j", "L"),
        sides=(
            Product((partial(COST, A_LAST), partial(A_LAST, Z_LAST))),
            Product((partial(COST, A_LAST), Call("f'", (Z_LAST,)))),
        ),
        uses=(2, 6),
    ),
    GeneralEquation(
        number=10,
        rule="general_substitution",
        left=partial(COST, W),
        sides=(Product((SIGNAL, partial(Z, W))), Product((SIGNAL, A_BELOW))),
        uses=(2, 4, 6),
    ),
    GeneralEquation(
        number=11,
        rule="general_weight_update",
        left=NEW_W,
        sides=(updated(W, partial(COST, W)), updated(W, SIGNAL, A_BELOW)),
        uses=(10,),
        definition=True,
    ),
    GeneralEquation(
        number=12,
        rule="general_sum_by_bias",
        # Not f, which is the activation: the rule holds for every g(x) without b in it.
        left=Derivative(Sum((Call("g", (neuron("x"),)), neuron("b"))), neuron("b")),
        sides=(ONE,),
    ),
    GeneralEquation(
        number=13,
        rule="general_bias_chain",
        left=partial(COST, B),
        sides=(
            Product((partial(COST, Z), partial(Z, B))),
            Product((partial(COST, Z), ONE)),
        ),
        uses=(2, 12),
    ),
    GeneralEquation(
        number=14,
        rule="general_bias_gradient",
        left=partial(COST, B),
        sides=(SIGNAL,),
        uses=(6, 13),
    ),
    GeneralEquation(
        number=15,
        rule="general_bias_update",
        left=NEW_B,
        sides=(updated(B, partial(COST, B)), updated(B, SIGNAL)),
        uses=(14,),
        definition=True,
    ),
)
