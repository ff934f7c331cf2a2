"""Convolutions, pooling, flatten and skip connections in a file: their pages, what
does not fit, and a published case."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from explainer import Network, derive, render
from explainer.network.problems import NetworkError
from explainer.worked import WorkedDerivation
from tests.network.grid_texts import REST, SKIP, dense

CASES = Path(__file__).parent.parent / "cases"


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
