"""The catalogue: every activation, loss, penalty, optimizer and layer kind, from its
record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from explainer.derivation.working import EQUAL, Equation, Side
from explainer.mathematics.formula import read
from explainer.mathematics.written import (
    ONE,
    Key,
    Name,
    Negative,
    Number,
    Product,
    Written,
)
from explainer.network.activations import ACTIVATIONS
from explainer.network.layers import LAYERS
from explainer.network.losses import LOSSES
from explainer.network.optimizers import OPTIMIZERS, SYMBOLS, Optimizer
from explainer.network.options import Option
from explainer.network.penalties import PENALTIES, Penalty, penalize
from explainer.network.softmax import SOFTMAX
from explainer.notation import symbol_of
from explainer.page.document import (
    Block,
    Document,
    Heading,
    Paragraph,
    Step,
    Token,
    Words,
)

# What stands for the sum over the units of a layer in the softmax.
SUM = "S"


def spell_catalogue(key: Key) -> str:
    """The symbol of a formula's own name: z, alpha, m-hat; new values have a prime."""
    if key.kind == "derivative":
        upper, lower = (
            spell_catalogue(part) for part in key.of if not isinstance(part, str)
        )
        return rf"\frac{{\partial {upper}}}{{\partial {lower}}}"
    name = str(key.of[0])
    base = name.removesuffix("_hat")
    symbol = symbol_of(base)
    symbol = rf"\hat{{{symbol}}}" if base != name else symbol
    return rf"{symbol}^{{\prime}}" if key.kind == "new" else symbol


def compose_catalogue() -> Document:
    """One entry for each record, kind by kind."""
    blocks: list[Block] = [Heading(1, Words("catalogue_title"))]
    blocks.append(Paragraph((Words("catalogue_intro"),)))
    for kind, entries in (
        ("activations", _activations()),
        ("losses", _losses()),
        ("penalties", _penalties()),
        ("optimizers", _optimizers()),
        ("layers", _layers()),
    ):
        blocks.append(Heading(2, Words(f"heading_catalogue_{kind}")))
        for entry in entries:
            number = sum(isinstance(block, Step) for block in blocks) + 1
            blocks.append(entry.as_step(number))
    return Document(Words("catalogue_title"), tuple(blocks))


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: its name, a sentence on it, and its formulas."""

    name: str
    about: Words
    source: str
    equations: tuple[Equation, ...] = ()
    options: Mapping[str, Option] = field(default_factory=dict)
    kink: Written | None = None

    def as_step(self, number: int) -> Step:
        reason = [self.about]
        for name, option in self.options.items():
            values = {
                "option": _name(SYMBOLS.get(name, name)),
                "usual": Number(option.usual),
                "name": name,
            }
            reason.append(Words("catalogue_option", values))
        if self.kink is not None:
            reason.append(Words("catalogue_kink", {"condition": self.kink}))
        reason.append(Words("catalogue_source", {"source": self.source}))
        return Step(
            number, None, tuple(reason), self.equations, label="entry", name=self.name
        )


def _name(name: str, kind: str = "symbol") -> Name:
    return Name(Key(kind, (name,)))


def _read(text: str, options: Iterable[str] = (), names: str = "z a y t w") -> Written:
    known = [*names.split(), *options]
    return read(text, {n: Key("symbol", (SYMBOLS.get(n, n),)) for n in known})


def _equal(left: Written, *sides: Written) -> Equation:
    return Equation(left, tuple(Side(EQUAL, side) for side in sides))


def _slope(upper: str, lower: str, slope: Written) -> Equation:
    pair = (Key("symbol", (upper,)), Key("symbol", (lower,)))
    return _equal(Name(Key("derivative", pair)), slope)


def _activations() -> Iterable[Entry]:
    for record in ACTIVATIONS.values():
        formula = _read(str(record.formula), record.options)
        slope = _read(str(record.slope), record.options)
        yield Entry(
            record.name,
            Words("catalogue_activation", {"name": Token(record.name)}),
            record.source,
            (_equal(_name("a"), formula), _slope("a", "z", slope)),
            record.options,
            _read(str(record.kink), record.options) if record.kink else None,
        )
    formula, slope = _read(str(SOFTMAX.formula), [SUM]), _read(str(SOFTMAX.slope))
    across = Negative(Product((_name("a_j"), _name("a_k"))))
    yield Entry(
        SOFTMAX.name,
        Words("catalogue_softmax", {"sum": _name(SUM), "across": across}),
        SOFTMAX.source,
        (_equal(_name("a"), formula), _slope("a", "z", slope)),
    )


def _losses() -> Iterable[Entry]:
    for record in LOSSES.values():
        slope = _read(record.slope, record.options)
        equations = [
            _equal(_name("E"), _read(record.formula, record.options)),
            _slope("E", "y", slope),
        ]
        equations += [_slope("E", "z", _read(s)) for s in record.short.values()]
        yield Entry(
            record.name,
            Words(
                "catalogue_loss",
                {
                    "name": Token(record.name),
                    "mean": record.outputs == "mean",
                    "together": record.distribution,
                    "short": tuple(Token(name) for name in record.short),
                    "way": _name("z"),
                },
            ),
            record.source,
            tuple(equations),
            record.options,
            _read(record.kink, record.options) if record.kink else None,
        )


def _penalties() -> Iterable[Entry]:
    for record in PENALTIES.values():
        yield Entry(
            record.name,
            Words("catalogue_penalty"),
            record.source,
            (
                _equal(_name("R"), Product((_name("lambda"), _read(record.formula)))),
                _slope("R", "w", _penalty_slope(record)),
            ),
            kink=_read("w == 0") if record.kink else None,
        )


def _penalty_slope(record: Penalty) -> Written:
    """lambda times the slope of the record's formula, as its quantity has it."""
    w, rate = Key("symbol", ("w",)), Key("symbol", ("lambda",))
    quantity = penalize(record, (w,), rate, ONE, Key("symbol", ("R",)))
    return quantity.slopes[w].value


def _optimizers() -> Iterable[Entry]:
    for record in OPTIMIZERS.values():
        yield Entry(
            record.name,
            Words("catalogue_optimizer", {"name": Token(record.name)}),
            record.source,
            tuple(_steps(record)),
            record.options,
        )


def _steps(record: Optimizer) -> Iterable[Equation]:
    """The lines of the algorithm; a symbol that was changed is marked from there on."""
    known = {n: Key("symbol", (n,)) for n in ("w", "g", "eta", "t", *record.states)}
    known |= {n: Key("symbol", (SYMBOLS.get(n, n),)) for n in record.options}
    for step in record.steps:
        formula = read(step.formula, known)
        changed = step.symbol in known
        known[step.symbol] = Key("new" if changed else "symbol", (step.symbol,))
        yield _equal(Name(known[step.symbol]), formula)


def _layers() -> Iterable[Entry]:
    for kind in LAYERS.values():
        about = Words("catalogue_layer", {"name": Token(kind.name)})
        yield Entry(kind.name, about, kind.source)
