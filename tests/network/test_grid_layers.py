"""Convolutions, pooling, flatten and skip connections: against PyTorch, and a
published case."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from explainer import Network, derive, render
from explainer.network.problems import NetworkError
from explainer.worked import WorkedDerivation

torch = pytest.importorskip("torch")
CASES = Path(__file__).parent.parent / "cases"
Tensor = Any


def numbers(seed: int, *shape: int) -> Tensor:
    """Different numbers of two decimals, so that no window has a tie."""
    count = 1
    for size in shape:
        count *= size
    found = random.Random(seed).sample(range(-150, 150), count)
    flat = torch.tensor([n / 100 for n in found], dtype=torch.float64)
    return flat.reshape(shape).requires_grad_()


def places(name: str, tensor: Tensor, channels: list[str]) -> Iterator[tuple[str, Any]]:
    """The name of each place of a tensor whose first axis are the channels."""
    for channel, values in zip(channels, tensor, strict=True):
        for index in torch.cartesian_prod(
            *(torch.arange(size) for size in values.shape)
        ).reshape(-1, values.ndim):
            place = tuple(int(i) for i in index)
            steps = "_".join(str(i + 1) for i in place)
            yield f"{name}{channel}_{steps}", values[place]


def dense(units: list[str]) -> tuple[str, list[float]]:
    """A dense output that gives every unit another weight."""
    weights = [round(0.3 + 0.07 * n * (-1) ** n, 2) for n in range(len(units))]
    return (
        f'[[layers]]\nactivation = "identity"\nunits = ["o"]\nweights = [{weights}]\n',
        weights,
    )


REST = '[targets]\no = 0.3\n[loss]\nname = "half-squared-error"\n'


def compare(text: str, error: Tensor, named: dict[str, Tensor]) -> None:
    """Every gradient of the file is PyTorch's, to nine figures."""
    derivation = derive(Network.from_text(text), method="signals", verify=False)
    slopes = {f"dE/d{name}": slope for name, slope in named.items()}
    assert slopes
    for name, expected in {**slopes, "E": error}.items():
        full = derivation[name].full
        assert full is not None
        assert float(full) == pytest.approx(expected.item(), rel=1e-9, abs=1e-9), name


def error_of(out: Tensor, weights: list[float]) -> Tensor:
    top = (out.reshape(-1) * torch.tensor(weights, dtype=torch.float64)).sum()
    return (top - 0.3) ** 2 / 2


SHAPES_2D = [
    # channels, rows, columns, kernels, kernel's rows, columns, stride, padding
    (1, 3, 3, 1, 2, 2, 1, 0),
    (1, 5, 4, 1, 2, 3, 2, 0),
    (2, 3, 4, 1, 2, 2, 1, 1),
    (1, 4, 4, 2, 3, 3, 1, "same"),
    (2, 4, 3, 2, 2, 2, (2, 1), (0, 1)),
    (3, 3, 3, 2, 1, 1, 1, 0),
    (1, 4, 4, 1, 2, 2, 1, "same"),
    (1, 5, 5, 1, 2, 2, (2, 3), 0),
]


def setting(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return str([*value]) if isinstance(value, tuple) else str(value)


# PyTorch warns that it copies the input for an even kernel; the numbers are the same.
@pytest.mark.filterwarnings("ignore:Using padding='same' with even:UserWarning")
@pytest.mark.parametrize("shape", SHAPES_2D, ids=str)
def test_convolution_2d_is_pytorchs(shape: tuple[Any, ...]) -> None:
    channels, rows, columns, count, height, width, stride, padding = shape
    x = numbers(1, channels, rows, columns)
    k = numbers(2, count, channels, height, width)
    b = numbers(3, count)
    out = torch.nn.functional.conv2d(x[None], k, b, stride, padding)[0]
    values = torch.tanh(out)
    maps = [f"c{n + 1}" for n in range(count)]
    kernels = "\n".join(
        f"K{n + 1} = {(k[n] if channels > 1 else k[n][0]).tolist()}"
        for n in range(count)
    )
    units = [name for name, _ in places("", values, maps)]
    layer, weights = dense(units)
    error = error_of(values, weights)
    error.backward()
    inputs = [f"X{n + 1}" for n in range(channels)]
    text = 'gradients_of = "inputs"\n[inputs]\n'
    text += "\n".join(f"{n} = {x[i].tolist()}" for i, n in enumerate(inputs))
    text += f"""
[[layers]]
kind = "convolution-2d"
activation = "tanh"
stride = {setting(stride)}
padding = {setting(padding)}
maps = {maps}
bias = {b.tolist()}
[layers.kernels]
{kernels}
[[layers]]
kind = "flatten"
{layer}{REST}"""
    named = dict(places("", x.grad, inputs))
    for n in range(count):
        if channels == 1:
            named |= dict(places("", k.grad[n], [f"K{n + 1}"]))
        else:
            names = [f"K{n + 1}_{c + 1}" for c in range(channels)]
            named |= dict(places("", k.grad[n], names))
        named[f"b1_{n + 1}"] = b.grad[n]
    compare(text, error, named)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even:UserWarning")
@pytest.mark.parametrize(
    ("channels", "size", "width", "stride", "padding"),
    [(1, 5, 2, 1, 0), (2, 6, 3, 2, 1), (1, 4, 2, 1, "same"), (2, 7, 2, 3, 0)],
)
def test_convolution_1d_is_pytorchs(
    channels: int, size: int, width: int, stride: int, padding: Any
) -> None:
    x, k, b = numbers(4, channels, size), numbers(5, 1, channels, width), numbers(6, 1)
    out = torch.tanh(torch.nn.functional.conv1d(x[None], k, b, stride, padding)[0])
    layer, weights = dense([name for name, _ in places("", out, ["c1"])])
    error = error_of(out, weights)
    error.backward()
    inputs = [f"X{n + 1}" for n in range(channels)]
    text = 'gradients_of = "inputs"\n[inputs]\n'
    text += "\n".join(f"{n} = {x[i].tolist()}" for i, n in enumerate(inputs))
    text += f"""
[[layers]]
kind = "convolution-1d"
activation = "tanh"
stride = {stride}
padding = {setting(padding)}
kernels = {{ K = {(k[0] if channels > 1 else k[0][0]).tolist()} }}
bias = {{ b = {b.tolist()[0]} }}
[[layers]]
kind = "flatten"
{layer}{REST}"""
    names = [f"K_{c + 1}" if channels > 1 else "K" for c in range(channels)]
    named = dict(places("", x.grad, inputs)) | dict(places("", k.grad[0], names))
    compare(text, error, named | {"b": b.grad[0]})


POOLS: list[tuple[str, str, Callable[..., Tensor]]] = [
    ("max-pool", "2d", torch.nn.functional.max_pool2d),
    ("average-pool", "2d", torch.nn.functional.avg_pool2d),
    ("max-pool", "1d", torch.nn.functional.max_pool1d),
    ("average-pool", "1d", torch.nn.functional.avg_pool1d),
]


@pytest.mark.parametrize(("kind", "form", "pool"), POOLS)
@pytest.mark.parametrize(
    ("channels", "size", "stride", "padding"),
    [(1, 2, None, 0), (2, 2, 1, 0), (1, 3, 2, 1), (1, 3, 1, 1)],
)
def test_pooling_is_pytorchs(
    kind: str,
    form: str,
    pool: Callable[..., Tensor],
    channels: int,
    size: int,
    stride: int | None,
    padding: int,
) -> None:
    x = numbers(7, channels, *((5, 4) if form == "2d" else (5,)))
    out = pool(x[None], size, stride, padding)[0]
    maps = ["p1"] if channels == 1 else [f"p1_{n + 1}" for n in range(channels)]
    layer, weights = dense([name for name, _ in places("", out, maps)])
    error = error_of(out, weights)
    error.backward()
    inputs = [f"X{n + 1}" for n in range(channels)]
    text = 'gradients_of = "inputs"\n[inputs]\n'
    text += "\n".join(f"{n} = {x[i].tolist()}" for i, n in enumerate(inputs))
    steps = "" if stride is None else f"stride = {stride}\n"
    text += f"""
[[layers]]
kind = "{kind}-{form}"
size = {size}
padding = {padding}
{steps}[[layers]]
kind = "flatten"
{layer}{REST}"""
    compare(text, error, dict(places("", x.grad, inputs)))


@pytest.mark.parametrize("tied", [[2, 2, 1], [1, 2, 2], [2, 1, 2], [2, 2, 2]])
def test_at_a_tie_the_first_counts_as_in_pytorch(tied: list[int]) -> None:
    x = torch.tensor([tied], dtype=torch.float64, requires_grad=True)
    out = torch.nn.functional.max_pool1d(x[None], 3)[0]
    layer, weights = dense(["p1_1"])
    error = error_of(out, weights)
    error.backward()
    text = f"""gradients_of = "inputs"
[inputs]
X = {tied}
[[layers]]
kind = "max-pool-1d"
size = 3
{layer}{REST}"""
    compare(text, error, dict(places("", x.grad, ["X"])))
    derivation = derive(Network.from_text(text), method="signals")
    page = render(derivation, "md")
    assert "0 false" in page
    assert "This is a kink" in page


SKIP = """gradients_of = ["i1", "i2"]
[inputs]
i1 = 0.3
i2 = -0.4
[[layers]]
activation = "tanh"
weights = [[0.1, 0.2], [0.3, -0.4]]
[[layers]]
kind = "add"
skip = ["i1", "i2"]
[[layers]]
activation = "identity"
weights = [[0.7, -0.2]]
units = ["o"]
[targets]
o = 0.3
[loss]
name = "half-squared-error"
"""


def test_a_skip_connection_adds_the_gradient_of_both_ways() -> None:
    x = torch.tensor([0.3, -0.4], dtype=torch.float64, requires_grad=True)
    w = torch.tensor([[0.1, 0.2], [0.3, -0.4]], dtype=torch.float64)
    w.requires_grad_()
    error = error_of(torch.tanh(w @ x) + x, [0.7, -0.2])
    error.backward()
    slopes = {f"w1_{i + 1}{j + 1}": w.grad[i, j] for i in (0, 1) for j in (0, 1)}
    compare(SKIP, error, {"i1": x.grad[0], "i2": x.grad[1], **slopes})


def test_a_grid_is_added_by_its_name() -> None:
    x = numbers(8, 1, 3, 3)
    k = numbers(9, 1, 1, 3, 3)
    out = torch.tanh(torch.nn.functional.conv2d(x[None], k, None, 1, 1)[0]) + x
    layer, weights = dense([name for name, _ in places("", out, ["s"])])
    error = error_of(out, weights)
    error.backward()
    text = f"""gradients_of = "inputs"
[inputs]
X = {x[0].tolist()}
[[layers]]
kind = "convolution-2d"
activation = "tanh"
padding = "same"
kernels = {{ K = {k[0][0].tolist()} }}
[[layers]]
kind = "add"
skip = ["X"]
units = ["s"]
[[layers]]
kind = "flatten"
{layer}{REST}"""
    named = dict(places("", x.grad, ["X"])) | dict(places("", k.grad[0], ["K"]))
    compare(text, error, named)
    for method in ("signals", "paths"):
        page = render(derive(Network.from_text(text), method=method), "md")
        assert "; 0 false" in page


def test_weights_of_a_kernel_may_be_named_and_shared() -> None:
    """A symmetric kernel [a, b, a]: the gradient of a is that of both its places."""
    x = numbers(10, 1, 5)
    a = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(-0.3, dtype=torch.float64, requires_grad=True)
    out = torch.tanh(
        torch.nn.functional.conv1d(x[None], torch.stack([a, b, a])[None, None])[0]
    )
    layer, weights = dense(["m_1", "m_2", "m_3"])
    error = error_of(out, weights)
    error.backward()
    text = f"""[inputs]
X = {x[0].tolist()}
[[layers]]
kind = "convolution-1d"
activation = "tanh"
maps = ["m"]
kernels = {{ K = [{{ a = 0.7 }}, {{ b = -0.3 }}, "a"] }}
[[layers]]
kind = "flatten"
{layer}{REST}"""
    compare(text, error, {"a": a.grad, "b": b.grad})


@pytest.mark.parametrize("detail", ["brief", "full"])
@pytest.mark.parametrize("kind", ["max-pool-2d", "average-pool-2d"])
def test_every_detail_of_pooling_holds(kind: str, detail: str) -> None:
    """Two samples, two channels, windows that overlap."""
    layer, _ = dense([f"p_{c}_{r}_1" for c in (1, 2) for r in (1, 2)])
    text = f"""gradients_of = "inputs"
[[samples]]
inputs = {{ X = [[1, 2], [4, 3], [0, -1]], Y = [[0, 5], [2, 1], [7, 3]] }}
targets = {{ o = 0.3 }}
[[samples]]
inputs = {{ X = [[3, 2], [1, 0], [5, 2]], Y = [[1, 2], [3, 4], [5, 0]] }}
targets = {{ o = 0.1 }}
[[layers]]
kind = "{kind}"
size = 2
stride = 1
maps = ["p_1", "p_2"]
[[layers]]
kind = "flatten"
{layer}
[loss]
name = "half-squared-error"
"""
    derivation = derive(Network.from_text(text), method="signals", detail=detail)
    page = render(derivation, "md")
    assert "; 0 false" in page
    assert "Not all" not in page


IMAGE = "[inputs]\nX = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]\n"
CONVOLUTION = '[[layers]]\nkind = "convolution-2d"\nactivation = "relu"\n'
POOL = '[[layers]]\nkind = "max-pool-2d"\n'
WRONG = [
    ("[inputs]\ni = 1\n" + CONVOLUTION + "kernels = { K = [[1]] }", "layers[0].kind"),
    ("[inputs]\nX = [1, 2]\n" + POOL + "size = 2", '"max-pool-1d"?'),
    (IMAGE + CONVOLUTION + "kernels = { K = [[1,2,3,4]] }", "has 4 columns"),
    (IMAGE + CONVOLUTION + "kernels = { K = [[1, 2], [3]] }", "one length"),
    (IMAGE + CONVOLUTION + "kernels = { K = [[], []] }", "kernels.K"),
    (IMAGE + CONVOLUTION + "kernels = { K = [1, 2] }", "a matrix of weights"),
    (IMAGE + CONVOLUTION + "kernels = { K = [[[1]], [[2]]] }", "2 channels, but"),
    (IMAGE + CONVOLUTION + "kernels = { K = [[1]], L = [[1, 2]] }", "one size"),
    (IMAGE + CONVOLUTION + "kernels = {}", "no kernels"),
    (IMAGE + CONVOLUTION + "bias = [1, 2]\nkernels = { K = [[1]] }", "2 biases for 1"),
    (IMAGE + CONVOLUTION + 'maps = ["a", "b"]\nkernels = { K = [[1]] }', "2 names"),
    (IMAGE + CONVOLUTION + 'maps = ["X"]\nkernels = { K = [[1]] }', "X_1_1 is"),
    (IMAGE + CONVOLUTION + "padding = 1\nkernels = { K = [[1]] }", "padding alone"),
    (IMAGE + CONVOLUTION + "stride = [1]\nkernels = { K = [[1]] }", "layers[0].stride"),
    (IMAGE + CONVOLUTION + "stride = 0\nkernels = { K = [[1]] }", "got 0"),
    (IMAGE + CONVOLUTION + "padding = -1\nkernels = { K = [[1]] }", "got -1"),
    (IMAGE + POOL + "size = 4", "has 4 rows"),
    (IMAGE + POOL + 'size = 2\nstride = 2\npadding = "same"', "stride 1 only"),
    (IMAGE + '[[layers]]\nkind = "flatten"', "of its own"),
    ("[inputs]\ni = 1\n" + '[[layers]]\nkind = "flatten"', "nothing to flatten"),
    (SKIP.replace('"i1", "i2"]\n[[l', '"i1"]\n[[l'), "1 unit to add"),
    (SKIP.replace('"i1", "i2"]\n[[l', '"i1", "i3"]\n[[l'), "is called 'i3'"),
    (SKIP.replace('"i1", "i2"]\n[[l', '"h1_1", "i2"]\n[[l'), "before already"),
]


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_what_does_not_fit_is_said_at_its_place(text: str, words: str) -> None:
    with pytest.raises(NetworkError) as caught:
        Network.from_text(text)
    assert words in str(caught.value)


def test_what_is_left_over_is_said() -> None:
    text = f"""{IMAGE}{POOL}size = 2
[[layers]]
kind = "flatten"
[[layers]]
activation = "identity"
units = ["o"]
weights = [[0.5]]
{REST}"""
    page = render(derive(Network.from_text(text), method="signals"), "md")
    assert "The last row is in no window. The last column is in no window." in page


# What the source prints and full precision rounds to, under the names of the file.
ROWS = """
sum_c_1_1=-1.0 sum_c_1_2=4.0 sum_c_1_3=5.0 sum_c_1_4=4.0 sum_c_2_1=3.0 sum_c_2_2=-2.0
sum_c_2_3=3.0 sum_c_2_4=2.0 sum_c_3_1=4.0 sum_c_3_2=5.0 sum_c_3_3=5.0 sum_c_3_4=1.0
sum_c_4_1=-2.0 sum_c_4_2=3.0 sum_c_4_3=1.0 sum_c_4_4=5.0 out_p_1_1=4.0 out_p_1_2=5.0
out_p_2_1=5.0 out_p_2_2=5.0 sum_y1=3.5 sum_y2=2.4 out_y1=0.7503 out_y2=0.2497 E=0.2873
delta_y1=-0.2497 delta_y2=0.2497 dE/dw12=-1.2487 dE/dw24=1.2487 dE/dout_p_1_1=-0.0999
dE/dout_p_1_2=0.1249 dE/dout_p_2_1=-0.0499 dE/dout_p_2_2=-0.0499 delta_c_1_2=-0.0999
delta_c_1_3=0.1249 delta_c_3_2=-0.0499 delta_c_3_3=-0.0499 delta_c_4_4=0.0
dE/dK_1_1=-0.2497 dE/dK_1_2=0.0749 dE/dK_2_1=0.0250 new_K_1_1=1.0250 new_K_1_2=-1.0075
new_K_2_1=1.9975 new_K_2_2=0.0200 new_b=0.0075 new_w12=-0.0751 new_w13=0.2249
new_w14=0.5249 new_w21=0.0001 new_w22=0.1751 new_w23=-0.2249 new_w24=0.0751
"""
# Off in the last digits at the source, which goes on with four decimals, or cuts off:
# the name, the number printed there, and the number that is right.
OFF = [
    ("dE/dw11", "-0.9989", "-0.9990"),
    ("dE/dw21", "0.9989", "0.9990"),
    ("dE/dK_2_2", "-0.1996", "-0.1998"),
    ("dE/db", "-0.0748", "-0.0749"),
    ("new_w11", "0.6000", "0.5999"),
]
PUBLISHED = "cnn-end-to-end-5x5.toml"


@pytest.fixture(scope="module")
def worked() -> WorkedDerivation:
    text = (CASES / PUBLISHED).read_text("utf-8")
    return derive(Network.from_text(text), method="signals", verify=False)


@pytest.mark.parametrize("row", ROWS.split())
def test_the_published_network(worked: WorkedDerivation, row: str) -> None:
    name, printed = row.split("=")
    assert worked[name].shown == Decimal(printed)


def test_the_source_is_checked_in_full() -> None:
    assert len(ROWS.split()) == 53


@pytest.mark.parametrize(("name", "printed", "right"), OFF)
def test_a_number_that_is_off_at_the_source(
    worked: WorkedDerivation, name: str, printed: str, right: str
) -> None:
    assert worked[name].shown == Decimal(right) != Decimal(printed)


@pytest.mark.parametrize("method", ["signals", "paths"])
def test_every_line_of_the_published_network_is_true(method: str) -> None:
    text = (CASES / PUBLISHED).read_text("utf-8")
    derivation = derive(Network.from_text(text), method=method)
    page = render(derivation, "md")
    assert "; 0 false" in page
    assert "All agree." in page
    assert r"\max(a_{c,1,1}^{(1)}, a_{c,1,2}^{(1)}, a_{c,2,1}^{(1)}" in page
    assert render(derivation, "tex").count("This is a kink") == 2
