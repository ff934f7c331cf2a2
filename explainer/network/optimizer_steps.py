"""One update of a parameter by an optimizer of the catalogue, as quantities; the givens
it needs, and which of them change for the next iteration."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from explainer.mathematics.formula import read
from explainer.mathematics.written import (
    Call,
    Key,
    Name,
    Negative,
    Product,
    Sum,
    Written,
    names_in,
    rewrite,
    sum_of,
)
from explainer.network.optimizers import (
    CHOICES,
    LEFT_OUT_AT_ZERO,
    SQUARES,
    SYMBOLS,
    Optimizer,
    Step,
)
from explainer.network.problems import Location, place_of, shown, unknown
from explainer.network.quantity import Given, Quantity
from explainer.network.spec import Value

# By state, then by parameter.
States = Mapping[str, Mapping[str, Value]]
Options = Mapping[str, Decimal | str | bool | States]
STEP = Key("step")
MOST_STEPS = 1_000_000


def optimize(
    optimizer: Optimizer,
    options: Options,
    parameter: Key,
    gradient: Key,
    learning_rate: Key,
    step: Key = STEP,
) -> tuple[Quantity, ...]:
    """One update: the decayed gradient, the states, what is made of them, and last the
    new parameter.

    >>> from explainer.network.optimizers import OPTIMIZERS
    >>> w, g, eta = Key("weight", ("w1",)), Key("gradient"), Key("learning_rate")
    >>> made = optimize(OPTIMIZERS["momentum"], {}, w, g, eta)
    >>> [(quantity.key.kind, quantity.rule) for quantity in made]
    [('new', 'optimizer_velocity'), ('new', 'optimizer_update')]
    >>> made[-1].formula == read("w - eta * v", {"w": w, "eta": eta, "v": made[0].key})
    True
    """
    names = {"w": parameter, "g": gradient, "eta": learning_rate, "t": step}
    names |= {state: state_key(state, parameter) for state in optimizer.states}
    names |= {option: option_key(option) for option in optimizer.options}
    made: list[Quantity] = []
    for each in optimizer.steps:
        formula = read(each.formula, names)
        if each.needs and not _value(optimizer, options, each.needs):
            names[each.symbol] = names_in(formula)[0]
            continue
        rule = _rule(each, parameter, decayed=names["g"] != gradient)
        key = _result(each, optimizer, parameter)
        made.append(Quantity(key, _as_chosen(formula, optimizer, options), rule))
        names[each.symbol] = key
    return tuple(made)


def uses_step(optimizer: Optimizer, options: Options) -> bool:
    """Whether the number t of the iteration is in the formulas: it grows by 1 each
    time."""
    return STEP in _used(optimizer, options)


def givens_of(
    optimizer: Optimizer,
    options: Options,
    parameters: Collection[Key],
    step: Key = STEP,
) -> tuple[Given, ...]:
    """What an update starts from: the constants in use, t, and the states, which are 0
    where `options["state"]` does not say otherwise."""
    used = _used(optimizer, options)
    givens = [
        Given(option_key(option), _number(optimizer, options, option), _place(option))
        for option in optimizer.options
        if option_key(option) in used
    ]
    if STEP in used:
        first = options.get("step", Decimal(1))
        assert isinstance(first, Decimal)
        givens.append(Given(step, first, _place("step")))
    starts = options.get("state", {})
    assert isinstance(starts, Mapping)
    for state in optimizer.states:
        for parameter in parameters:
            name = str(parameter.of[0])
            value = starts.get(state, {}).get(name, Decimal(0))
            place = _place("state", state, name)
            givens.append(Given(state_key(state, parameter), value, place))
    return tuple(givens)


def next_givens(optimizer: Optimizer, parameter: Key) -> Mapping[Key, Key]:
    """For each given that an update changes, the quantity that takes its place in the
    next iteration: w becomes the new w, and each state the new state."""
    keys = [parameter, *(state_key(state, parameter) for state in optimizer.states)]
    return {key: Key("new", (key,)) for key in keys}


def state_key(state: str, parameter: Key) -> Key:
    """What an optimizer remembers of one parameter, before the update."""
    return Key("state", (state, parameter))


def option_key(option: str) -> Key:
    """A constant of an optimizer, by the symbol of the formulas.

    >>> option_key("momentum")
    Key(kind='option', of=('mu',), at=())
    """
    return Key("option", (SYMBOLS.get(option, option),))


def _place(*location: str) -> str:
    return place_of(("training", "optimizer", *location))


def _used(optimizer: Optimizer, options: Options) -> frozenset[Key]:
    some, gradient, rate = Key("weight", ("w",)), Key("gradient"), Key("learning_rate")
    made = optimize(optimizer, options, some, gradient, rate)
    return frozenset(key for quantity in made for key in quantity.uses)


def _value(optimizer: Optimizer, options: Options, name: str) -> Decimal | str | bool:
    if name in optimizer.options:
        return _number(optimizer, options, name)
    value = options.get(name, CHOICES[name][0])
    assert not isinstance(value, Mapping)
    return value


def _number(optimizer: Optimizer, options: Options, name: str) -> Decimal:
    value = options.get(name, optimizer.options[name].usual)
    assert isinstance(value, Decimal)
    return value


def _rule(step: Step, parameter: Key, decayed: bool) -> str:
    """Plain gradient descent has a sentence for a weight and one for a bias."""
    if step.rule != "update":
        return step.rule
    return "optimizer_update" if decayed else f"update_{parameter.kind}"


def _result(step: Step, optimizer: Optimizer, parameter: Key) -> Key:
    if step.symbol == "w":
        return Key("new", (parameter,))
    if step.symbol == "g":
        return Key("decayed", (parameter,))
    if step.symbol in optimizer.states:
        return Key("new", (state_key(step.symbol, parameter),))
    return Key("corrected", (step.symbol.removesuffix("_hat"), parameter))


def _as_chosen(formula: Written, optimizer: Optimizer, options: Options) -> Written:
    """The formula without the terms whose option is 0, and with epsilon in its
    place."""
    zero = frozenset(
        option_key(name)
        for name in LEFT_OUT_AT_ZERO
        if name in optimizer.options and not _number(optimizer, options, name)
    )
    formula = _without(formula, zero)
    if "epsilon_place" not in optimizer.choices:
        return formula
    inside = _value(optimizer, options, "epsilon_place") == "inside"
    return rewrite(formula, _move_inside) if inside else formula


def _without(formula: Written, zero: frozenset[Key]) -> Written:
    def change(part: Written) -> Written | None:
        if not isinstance(part, Sum):
            return None
        kept = (term for term in part.terms if not _is_zero(term, zero))
        return sum_of(tuple(_without(term, zero) for term in kept))

    return rewrite(formula, change)


def _is_zero(term: Written, zero: frozenset[Key]) -> bool:
    match term:
        case Name(key):
            return key in zero
        case Negative(body):
            return _is_zero(body, zero)
        case Product(factors):
            return any(_is_zero(factor, zero) for factor in factors)
    return False


def _move_inside(part: Written) -> Written | None:
    """sqrt(v + epsilon) for sqrt(v) + epsilon."""
    match part:
        case Sum((Call("sqrt", (body,)), Name(key) as epsilon)):
            if key == option_key("epsilon"):
                return Call("sqrt", (Sum((body, epsilon)),))
    return None


def check_options(
    optimizer: Optimizer,
    options: Mapping[str, object],
    parameters: Collection[str] = (),
) -> tuple[tuple[Location, str], ...]:
    """What is wrong with the options: each problem's place below [training], and the
    message. With `parameters`, a state is given only for one of them.

    >>> from explainer.network.optimizers import OPTIMIZERS
    >>> check_options(OPTIMIZERS["adam"], {"beta1": Decimal(1)})[0][1]
    'got 1; allowed: a number from 0 up to, but not including, 1'
    >>> check_options(OPTIMIZERS["averaged-momentum"], {"betta": Decimal(0)})
    ... # doctest: +NORMALIZE_WHITESPACE
    ((('betta',), "no option of averaged-momentum is called 'betta'. Did you mean
    'beta'? Known: beta, weight_decay, state."),)
    """
    return tuple(_problems(optimizer, options, parameters))


def _problems(
    optimizer: Optimizer, options: Mapping[str, object], parameters: Collection[str]
) -> Iterator[tuple[Location, str]]:
    known = [*optimizer.options, *optimizer.choices]
    known += ["state"] if optimizer.states else []
    known += ["step"] if uses_step(optimizer, {}) else []
    for name, got in options.items():
        if name not in known:
            yield (name,), unknown(f"option of {optimizer.name}", name, known)
        elif name == "state":
            yield from _state_problems(optimizer, got, parameters)
        elif message := _refuse(optimizer, name, got):
            yield (name,), f"got {shown(got)}; allowed: {message}"


def _refuse(optimizer: Optimizer, name: str, got: object) -> str:
    """What is allowed, where `got` is something else."""
    if name == "step":
        right = isinstance(got, Decimal) and 1 <= got <= MOST_STEPS and got == int(got)
        return "" if right else f"a whole number from 1 to {MOST_STEPS}"
    if name in CHOICES:
        right = any(type(got) is type(one) and got == one for one in CHOICES[name])
        return "" if right else " or ".join(shown(one) for one in CHOICES[name])
    option = optimizer.options[name]
    right = isinstance(got, Decimal) and option.allows(got)
    return "" if right else option.allowed


def _is_finite(value: Value) -> bool:
    return isinstance(value, Fraction) or value.is_finite()


def _state_problems(
    optimizer: Optimizer, got: object, parameters: Collection[str]
) -> Iterator[tuple[Location, str]]:
    if not isinstance(got, Mapping):
        yield ("state",), f"got {shown(got)}; allowed: a table for each state"
        return
    squares = {step.symbol for step in optimizer.steps if step.rule in SQUARES}
    for state, values in got.items():
        place = ("state", state)
        if state not in optimizer.states:
            message = unknown(f"state of {optimizer.name}", state, optimizer.states)
            yield place, message
        elif not isinstance(values, Mapping):
            yield place, f"got {shown(values)}; allowed: a number for each parameter"
        else:
            for name, value in values.items():
                if parameters and name not in parameters:
                    yield (*place, name), unknown("parameter", name, parameters)
                elif not isinstance(value, Value) or not _is_finite(value):
                    yield (*place, name), f"got {shown(value)}; allowed: a number"
                elif state in squares and value < 0:
                    message = f"got {value}; {state} is made of squares, never negative"
                    yield (*place, name), message
