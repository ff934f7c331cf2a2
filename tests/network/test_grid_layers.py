"""Convolutions, pooling, flatten and skip connections: against PyTorch, and a
published case."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from explainer import Network, derive, render
from tests.network.grid_texts import REST, SKIP, dense

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
