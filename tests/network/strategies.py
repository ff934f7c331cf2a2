"""Random networks as a teacher might write them, in every form that a file allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from explainer.mathematics.rounding import KINDS, MODES
from explainer.network.activations import ACTIVATIONS
from explainer.network.file import read_network
from explainer.network.losses import LOSSES, REDUCTIONS
from explainer.network.spec import Spec

FORMS = ("table", "list", "matrix", "transposed", "wiring")
BIASES = ("none", "shared", "number", "each", "list", "named")


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """A number from -2 to 2 with one to three decimals, never 0: it hides mistakes."""
    places = draw(st.integers(1, 3))
    count = draw(st.integers(1, 2 * 10**places))
    whole, part = divmod(count, 10**places)
    return f"{draw(st.sampled_from(['', '-']))}{whole}.{part:0{places}d}"


@dataclass(frozen=True)
class Layer:
    """A layer to write: its number, its units, and what may feed it."""

    number: int
    units: tuple[str, ...]
    before: tuple[str, ...]
    skipped: tuple[str, ...]


# The losses that have a value for every output and every target.
ANYWHERE = [loss.name for loss in LOSSES.values() if loss.least is None]


@st.composite
def network_texts(
    draw: st.DrawFn,
    *,
    depth: int = 4,
    width: int = 5,
    activations: Sequence[str] = tuple(ACTIVATIONS),
    forms: Sequence[str] = FORMS,
) -> str:
    """A network file with a loss and training, and no problems."""
    layers = draw(shapes(depth, width))
    tables = [_values("inputs", layers[0].before, draw)]
    declared: list[str] = []
    for layer in layers:
        tables.append(draw(layer_texts(layer, activations, forms, declared)))
    tables.append(_values("targets", layers[-1].units, draw))
    if declared:
        tables.append(_values("parameters", declared, draw))
    rate = draw(numbers()).removeprefix("-")
    frozen = draw(st.sampled_from(["[]", '"weights"', '"biases"']))
    tables += [
        f'[loss]\nname = "{draw(st.sampled_from(ANYWHERE))}"\n'
        f'outputs = "{draw(st.sampled_from(REDUCTIONS))}"',
        f"[training]\nlearning_rate = {rate}\nfrozen = {frozen}",
        draw(rounding_texts()),
    ]
    asked = draw(st.sampled_from(["[]", '"inputs"', f'["{layers[0].before[0]}"]']))
    return f"gradients_of = {asked}\n" + "\n".join(tables) + "\n"


def specs(depth: int = 4, width: int = 5) -> st.SearchStrategy[Spec]:
    """A checked network."""
    return network_texts(depth=depth, width=width).map(read_network)


@st.composite
def shapes(draw: st.DrawFn, depth: int, width: int) -> list[Layer]:
    """The layers by their names: inputs x1.., hidden units h1_1.., outputs o1.."""
    widths = draw(st.lists(st.integers(1, width), min_size=2, max_size=depth + 1))
    before = tuple(f"x{j + 1}" for j in range(widths[0]))
    layers: list[Layer] = []
    skipped: tuple[str, ...] = ()
    for number, count in enumerate(widths[1:], 1):
        letter = "o" if number == len(widths) - 1 else f"h{number}_"
        units = tuple(f"{letter}{j + 1}" for j in range(count))
        layers.append(Layer(number, units, before, skipped))
        before, skipped = units, skipped + before
    return layers


@st.composite
def layer_texts(
    draw: st.DrawFn,
    layer: Layer,
    activations: Sequence[str],
    forms: Sequence[str],
    declared: list[str],
) -> str:
    """One layer; the parameters that it only names are added to `declared`."""
    lines = ["[[layers]]", f"activation = {draw(activation_texts(activations))}"]
    lines += draw(bias_lines(layer, declared))
    form = draw(st.sampled_from(forms))
    if form in ("matrix", "transposed"):
        to_from = [[draw(numbers()) for _ in layer.before] for _ in layer.units]
        lines.append(f"units = {_list(map(_quoted, layer.units))}")
        if form == "transposed":
            lines.append('matrix_layout = "from-to"')
            to_from = [list(column) for column in zip(*to_from, strict=True)]
        lines.append(f"weights = {_list(map(_list, to_from))}")
        return "\n".join(lines)
    lines.append("[layers.weights]")
    for j, unit in enumerate(layer.units, 1):
        names = [f"v{layer.number}_{j}_{k + 1}" for k in range(len(layer.before))]
        named = [f"{name} = {draw(numbers())}" for name in names]
        if form == "table":
            text = f"{{ {', '.join(named)} }}"
        elif form == "list":
            text = _list(draw(numbers()) for _ in names)
        else:
            text = draw(wiring_texts(layer, j, declared))
        lines.append(f"{unit} = {text}")
    return "\n".join(lines)


@st.composite
def wiring_texts(draw: st.DrawFn, layer: Layer, j: int, declared: list[str]) -> str:
    """The wiring of unit j: the first uses all units before, so that none is idle."""
    sources = list(layer.before)
    if j > 1:
        size = draw(st.integers(1, len(sources)))
        sources = draw(st.permutations(sources))[:size]
    skips = draw(st.booleans())
    if layer.skipped and skips:
        sources.append(draw(st.sampled_from(layer.skipped)))
    entries: list[str] = []
    for source in sources:
        weight = f"v{layer.number}_{j}_{source}"
        if draw(st.booleans()):
            declared.append(weight)
            entries.append(f'{source} = "{weight}"')
        else:
            entries.append(f"{source} = {{ {weight} = {draw(numbers())} }}")
    return f"{{ from = {{ {', '.join(entries)} }} }}"


@st.composite
def activation_texts(draw: st.DrawFn, activations: Sequence[str]) -> str:
    """An activation by name, or with options of its own."""
    record = ACTIVATIONS[draw(st.sampled_from(activations))]
    options = [f"{option} = 0.2" for option in record.options if draw(st.booleans())]
    if record.name in ("relu", "leaky-relu") and draw(st.booleans()):
        options.append("kink = 0.5")
    if not options:
        return f'"{record.name}"'
    return f'{{ name = "{record.name}", {", ".join(options)} }}'


@st.composite
def bias_lines(draw: st.DrawFn, layer: Layer, declared: list[str]) -> list[str]:
    """The bias of a layer: none, shared or one each, named or not."""
    name, count = f"c{layer.number}", len(layer.units)
    kind = draw(st.sampled_from(BIASES))
    if kind == "none":
        return []
    if kind == "shared":
        return [f"bias = {{ {name} = {draw(numbers())} }}"]
    if kind == "number":
        return [f"bias = {draw(numbers())}"]
    if kind == "named":
        declared.append(name)
        return [f'bias = "{name}"']
    values = [draw(numbers()) for _ in range(count)]
    if kind == "list":
        return [f"bias = {_list(values)}"]
    each = [f"{name}_{j} = {value}" for j, value in enumerate(values, 1)]
    return [f"bias = {{ {', '.join(each)} }}"]


@st.composite
def rounding_texts(draw: st.DrawFn) -> str:
    """A rounding rule with enough digits for small gradients to be seen."""
    unit = draw(st.sampled_from(["figures", "decimals"]))
    kinds = st.lists(st.sampled_from(KINDS), unique=True)
    carry = draw(
        st.sampled_from(['"shown"', '"full"'])
        | kinds.map(lambda some: _list(map(_quoted, some)))
    )
    mode = draw(st.sampled_from(list(MODES)))
    count = draw(st.integers(4, 9))
    return f'[rounding]\n{unit} = {count}\nmode = "{mode}"\ncarry = {carry}'


def _values(table: str, names: Sequence[str], draw: st.DrawFn) -> str:
    lines = [f"{name} = {draw(numbers())}" for name in names]
    return "\n".join([f"[{table}]", *lines])


def _list(items: object) -> str:
    return f"[{', '.join(items)}]"  # type: ignore[arg-type]


def _quoted(name: str) -> str:
    return f'"{name}"'
