"""What Jupyter shows of a derivation, a step and a quantity."""

from __future__ import annotations

from dataclasses import replace

import pytest
from IPython.core.formatters import DisplayFormatter

from explainer import Network, derive, render
from explainer.examples import EXAMPLES
from explainer.worked import with_choices
from tests.rereading.katex import NoKatex, katex_problems


def displayed(value: object) -> dict[str, str]:
    """The texts that IPython sends for a value, by their type."""
    formats, _ = DisplayFormatter().format(value)  # type: ignore[no-untyped-call]
    return {str(kind): str(text) for kind, text in formats.items()}


def test_a_derivation_is_its_page() -> None:
    derivation = derive(Network.from_example("single-neuron"), verify=False)
    shown = displayed(derivation)
    assert shown["text/markdown"] == render(derivation, "md", stem="")
    assert "text/html" not in shown and "text/latex" not in shown


def test_a_step_is_that_part_of_the_page() -> None:
    derivation = derive(Network.from_example("forward-backward"), verify=False)
    step = derivation.step(16)
    shown = displayed(derivation.steps[15])
    assert shown["text/plain"] == "step 16: dE/dw5"
    assert shown["text/markdown"].startswith("##### Step 16\n")
    assert shown["text/markdown"] in render(derivation, "md", stem="")
    assert step == derivation.step("dE/dw5") and step.names == ("dE/dw5",)


def test_a_step_speaks_the_language_of_the_file() -> None:
    network = Network.from_example("mazur")
    page = replace(network.spec.page, language="es")
    derivation = derive(with_choices(network, page=page), verify=False)
    assert displayed(derivation.step(1))["text/markdown"].startswith("##### Paso 1\n")


@pytest.mark.parametrize("wanted", [0, 83, -1, "w5", "dE/dw"])
def test_a_step_that_is_not_there(wanted: int | str) -> None:
    derivation = derive(Network.from_example("forward-backward"), verify=False)
    with pytest.raises(KeyError, match="step|no quantity"):
        derivation.step(wanted)


def test_a_step_of_a_matrix_and_of_an_iteration() -> None:
    matrix = derive(Network.from_example("mazur"), method="matrix", verify=False)
    assert matrix.step("net_h1" if "net_h1" in matrix.names else "sum_h1").names == (
        "sum_h1",
        "sum_h2",
    )
    several = derive(Network.from_example("logistic-regression"), verify=False)
    assert several.step("new_w").iteration == 1


def test_a_quantity_is_its_line() -> None:
    derivation = derive(Network.from_example("forward-backward"), verify=False)
    line = displayed(derivation["new_w5"])["text/latex"]
    assert line.startswith("$\\displaystyle w_{5}^")
    assert line.endswith(r"\approx 0.5 - 0.6 \times 0.08020 \approx 0.45187$")
    assert displayed(derivation["w5"])["text/latex"] == r"$\displaystyle w_{5} = 0.5$"
    symbols = derive(Network.from_example("forward-backward"), symbolic=True)
    assert displayed(symbols["w5"])["text/latex"] == r"$\displaystyle w_{5}$"
    assert "approx" not in displayed(symbols["new_w5"])["text/latex"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_quantity_displays(name: str) -> None:
    derivation = derive(Network.from_example(name), verify=False)
    lines = [displayed(derivation[name])["text/latex"] for name in derivation.names]
    try:
        assert katex_problems([(line.strip("$"), False) for line in lines]) == []
    except NoKatex as error:
        pytest.skip(str(error))
