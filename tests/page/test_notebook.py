"""Notebooks: valid, the same every time, and their code proves what is printed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from explainer import Network, derive, render
from explainer.derivation.deriving import METHODS
from explainer.derivation.general import spell_general
from explainer.examples import EXAMPLES
from explainer.mathematics.rounding import KINDS, Digits, Rounding
from explainer.notation import plain_name
from explainer.page.general_document import compose_general
from explainer.page.rendering import render as render_document
from explainer.worked import with_choices
from tests.page.notebooks import code_cells, execute

NETWORKS = sorted((Path(__file__).parent / "networks").glob("*.toml"))
CARRIES = {"shown": frozenset(KINDS), "full": frozenset[str]()}


def write(network: Network, **choices: Any) -> dict[str, Any]:
    text = render(derive(network, verify=False, **choices), "ipynb")
    found: dict[str, Any] = json.loads(text)
    return found


def count_steps(notebook: dict[str, Any]) -> int:
    return sum(c["id"].startswith("step-") for c in notebook["cells"])


# A graph of formulas has no matrices.
PAIRS = [
    (name, method)
    for name in EXAMPLES
    for method in METHODS
    if (name, method) != ("computational-graph", "matrix")
]


@pytest.mark.parametrize("carry", CARRIES)
@pytest.mark.parametrize(("name", "method"), PAIRS)
def test_every_example_runs_clean(name: str, method: str, carry: str) -> None:
    network = Network.from_example(name)
    rounding = replace(network.spec.rounding, carry=CARRIES[carry])
    notebook = write(with_choices(network, rounding=rounding), method=method)
    nbformat.validate(notebook)
    cells = code_cells(notebook)
    execute(cells)
    asserted = sum(cell.count("assert ") for cell in cells)
    # Steps that name a matrix of given numbers compute nothing.
    assert asserted >= count_steps(notebook) - (method == "matrix") * 10
    assert asserted > 5


@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.stem)
def test_networks_of_every_kind_run_clean(path: Path) -> None:
    execute(code_cells(write(Network.from_toml(path))))


RULES = {
    "figures cut off": Rounding(Digits(3), "truncate"),
    "half-even decimals": Rounding(Digits(4, "decimals"), "half-even"),
    "activations carried": Rounding(Digits(4), carry=frozenset({"activation"})),
    "both units": Rounding(
        Digits(3, "decimals"), by_kind={"signal": Digits(2), "gradient": Digits(4)}
    ),
    "decimals by kind": Rounding(
        Digits(5, "decimals"),
        carry=frozenset({"sum", "parameter"}),
        by_kind={"sum": Digits(2, "decimals")},
    ),
    "all figures": Rounding(Digits(30), carry=frozenset()),
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", ["mazur", "relu-homework", "recurrent"])
def test_every_rounding_rule_is_followed(name: str, rule: str) -> None:
    network = with_choices(Network.from_example(name), rounding=RULES[rule])
    derivation = derive(network, verify=False)
    names = execute(code_cells(write(network)))
    updated = [plain_name(key) for key in derivation.symbols.updates.values()]
    for name in updated:
        carried = derivation[name].value
        assert names[name] == pytest.approx(carried, rel=Decimal("1e-45"))
    assert updated


@pytest.mark.parametrize("detail", ["brief", "full"])
def test_every_detail_runs_clean(detail: str) -> None:
    execute(code_cells(write(Network.from_example("mazur"), detail=detail)))


def test_a_wrong_number_stops_the_notebook() -> None:
    """Each single asserted number is looked at: another last digit fails."""
    cells = code_cells(write(Network.from_example("single-neuron")))
    number = re.compile(r'(assert .* == Decimal\("-?[0-9.]*)([0-9])("\))')
    changed = 0
    for place, cell in enumerate(cells):
        if not number.search(cell):
            continue
        wrong = number.sub(lambda m: f"{m[1]}{(int(m[2]) + 1) % 10}{m[3]}", cell)
        with pytest.raises(AssertionError):
            execute([*cells[:place], wrong])
        changed += 1
    assert changed > 10


def test_a_changed_given_number_stops_the_notebook() -> None:
    cells = code_cells(write(Network.from_example("forward-backward")))
    cells[1] = cells[1].replace('w1 = Decimal("0.1")', 'w1 = Decimal("0.2")')
    with pytest.raises(AssertionError):
        execute(cells)


def test_fractions_stay_fractions() -> None:
    text = """
    [inputs]
    x = "1/3"
    [[layers]]
    activation = "relu"
    weights = [["3/7"], [-1]]
    [[layers]]
    activation = "identity"
    weights = [[1, "1/2"]]
    [targets]
    o1 = 1
    [loss]
    name = "half-squared-error"
    [training]
    learning_rate = 0.5
    [rounding]
    exact = true
    carry = "full"
    """
    cells = code_cells(write(Network.from_text(text)))
    names = execute(cells)
    assert "Decimal" not in "".join(cells)
    assert str(names["dE_dw1_11"]) == "-2/7"


def test_the_steps_of_an_iteration_use_its_numbers() -> None:
    network = Network.from_example("logistic-regression")
    optimizer = replace(network.spec.optimizer, iterations=4, show=(1, 2, 4))
    notebook = write(with_choices(network, optimizer=optimizer))
    given = {
        cell["id"]: "".join(cell["source"])
        for cell in notebook["cells"]
        if cell["id"].startswith("given-")
    }
    assert list(given) == ["given-1", "given-2", "given-4"]
    # The second one goes on from the first; what the third found is in no cell.
    assert "w = new_w\n" in given["given-2"]
    assert re.search(r"^w = Decimal\(", given["given-4"], re.MULTILINE)
    execute(code_cells(notebook))


def test_a_user_may_call_a_weight_what_python_or_the_notebook_needs() -> None:
    text = """
    [inputs]
    exp = 0.5
    lambda = 0.25
    [[layers]]
    activation = "sigmoid"
    bias = { printed = 0.1 }
    [layers.weights]
    max = { Decimal = 0.3, carry = 0.2 }
    """
    execute(code_cells(write(Network.from_text(text))))


def test_the_functions_that_python_has_not_come_with_the_notebook() -> None:
    names = ("sin(x)", "cos(3 + x)", "erf(x)", "tanh(x)", "log2(x)", "log10(x)")
    more = ("sqrt(x)", "abs(-x)", "max(x, 1)", "pi * x", "2**x", "1 if x > 0 else 2")
    formulas = [*names, *more]
    lines = "\n".join(f'f{i} = "{text}"' for i, text in enumerate(formulas))
    total = " + ".join(f"f{i}" for i in range(len(formulas)))
    text = (
        f'gradients_of = ["x"]\n[inputs]\nx = 0.7\n[formulas]\n{lines}\ng = "{total}"'
    )
    execute(code_cells(write(Network.from_text(text))))


def test_without_numbers_there_is_no_code() -> None:
    notebook = write(Network.from_example("mazur"), symbolic=True)
    assert code_cells(notebook) == []
    document, _ = compose_general(verify=False)
    text = render_document(document, "ipynb", spell_general)
    notebook = json.loads(text)
    nbformat.validate(notebook)
    assert code_cells(notebook) == []
    assert text.count('"id": "equation-') == 15


def test_the_text_is_the_same_every_time_and_says_nothing_of_its_making() -> None:
    network = Network.from_example("convolution")
    texts = [render(derive(network, verify=False), "ipynb") for _ in range(2)]
    assert texts[0] == texts[1]
    cells = json.loads(texts[0])["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(not c["outputs"] and c["execution_count"] is None for c in code)


def test_links_lead_to_anchors() -> None:
    notebook = write(Network.from_example("forward-backward"))
    text = "\n".join("".join(cell["source"]) for cell in notebook["cells"])
    links = set(re.findall(r"\]\(#([a-z0-9-]+)\)", text))
    assert links and links <= set(re.findall('<a id="([a-z0-9-]+)"></a>', text))


@pytest.mark.parametrize("name", ["forward-backward", "softmax-adam"])
@pytest.mark.filterwarnings("ignore")
def test_it_runs_in_a_kernel(name: str, tmp_path: Path) -> None:
    text = render(derive(Network.from_example(name), verify=False), "ipynb")
    notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    assert all(not cell.get("outputs") for cell in notebook.cells)
