"""One quantity of a worked derivation: its symbol, formula, numbers and step."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from explainer.derivation.deriving import Derivation
from explainer.derivation.runs import Run
from explainer.derivation.working import ABOUT, EQUAL, work_out
from explainer.mathematics.algebra import symbol, to_sympy
from explainer.mathematics.latex import latex
from explainer.mathematics.plain import plain
from explainer.mathematics.written import Key, Number
from explainer.network.quantity import Quantity
from explainer.notation import plain_name

SIGNS = {EQUAL: "=", ABOUT: r"\approx"}

if TYPE_CHECKING:
    import sympy

    from explainer.worked import WorkedDerivation


@dataclass(frozen=True)
class WorkedQuantity:
    """One quantity of a worked derivation."""

    derivation: WorkedDerivation
    key: Key
    run: Run | None = None

    @property
    def name(self) -> str:
        """Its plain name, the same in every notation."""
        return plain_name(self.key)

    @property
    def latex(self) -> str:
        """Its symbol in the notation of the page."""
        return self.derivation.spell(self.key)

    @property
    def quantity(self) -> Quantity | None:
        """Its rule and formula; None for a number of the file."""
        return self.derivation.symbols.quantities.get(self.key)

    @property
    def formula(self) -> str:
        """Its right-hand side in plain text."""
        return plain(self.quantity.formula, plain_name) if self.quantity else self.name

    @property
    def formula_latex(self) -> str:
        """Its right-hand side in LaTeX."""
        spell = self.derivation.spell
        return latex(self.quantity.formula, spell) if self.quantity else self.latex

    @property
    def uses(self) -> tuple[str, ...]:
        """The plain names of the quantities in its formula."""
        return tuple(map(plain_name, self.quantity.uses)) if self.quantity else ()

    @property
    def expression(self) -> sympy.Expr:
        """Its right-hand side as a SymPy expression in the symbols of the quantities
        it uses.

        >>> from explainer import Network, derive
        >>> derivation = derive(Network.from_example("mazur"), verify=False)
        >>> sorted(str(factor) for factor in derivation["dE/dw5"].expression.args)
        ['dE/dout_o1', 'dout_o1/dsum_o1', 'dsum_o1/dw5']
        """
        if self.quantity is None:
            return symbol(self.name)
        return to_sympy(self.quantity.formula, _named)

    @property
    def chain(self) -> sympy.Expr:
        """The composed product: every derivative in it replaced by its own formula.

        >>> from explainer import Network, derive
        >>> derivation = derive(Network.from_example("mazur"), verify=False)
        >>> derivation["dE/dw5"].chain
        out_h1*out_o1*(1 - out_o1)*(out_o1 - target_o1)
        """
        return _compose(self.derivation.symbols, self.key, self.key)

    @property
    def value(self) -> Decimal | Fraction | None:
        """The number that the next step uses, under the page's rounding rule."""
        return self.run.readings[self.key].carried if self.run else None

    @property
    def shown(self) -> Decimal | Fraction | None:
        """The number as printed."""
        return self.run.readings[self.key].shown if self.run else None

    @property
    def full(self) -> Decimal | Fraction | None:
        """The number in full precision."""
        return self.run.full[self.key].value if self.run else None

    @property
    def step(self) -> int | None:
        """The number of its step on the page; None for a given number."""
        iteration = self.run.number if self.run else 1
        for step in self.derivation.document.steps:
            if self.key in (step.key, *step.entries) and step.iteration == iteration:
                return step.number
        return None

    @property
    def line_latex(self) -> str:
        """Its line of working: symbol = formula = numbers = result, with a true
        relation between each two."""
        if self.quantity is None:
            shown = "" if self.shown is None else f" = {latex(Number(self.shown), str)}"
            return self.latex + shown
        readings = self.run.readings if self.run else None
        equation = work_out(self.derivation.symbols, self.quantity, readings)
        sides = (
            f"{SIGNS[side.relation]} {latex(side.written, self.derivation.spell)}"
            for side in equation.sides
        )
        return " ".join([self.latex, *sides])

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.line_latex}$"


def _named(key: Key) -> Any:
    return symbol(plain_name(key))


def _compose(derivation: Derivation, key: Key, whole: Key) -> Any:
    forward = derivation.graph.quantities
    if key != whole and (key in forward or key not in derivation.quantities):
        return _named(key)
    formula = (
        derivation.quantities[key].formula if key in derivation.quantities else None
    )
    if formula is None:
        return _named(key)
    return to_sympy(formula, lambda used: _compose(derivation, used, whole))
