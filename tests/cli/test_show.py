"""`explainer show` and `explainer why`."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from explainer import Network, derive
from explainer.cli.main import main
from explainer.derivation.deriving import METHODS
from explainer.examples import EXAMPLES

Run = Callable[..., Result]
PAIRS = [
    (name, method)
    for name in EXAMPLES
    for method in METHODS
    if (name, method) != ("computational-graph", "matrix")
]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments])

    return invoke


def lines_of(result: Result) -> list[str]:
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


@pytest.mark.parametrize(("name", "method"), PAIRS)
def test_no_line_is_wider_than_the_terminal(run: Run, name: str, method: str) -> None:
    for command in (["show", name], ["show", name, "--all"]):
        lines = lines_of(run(*command, "--method", method))
        # A symbol such as a path's is one word, and words are not broken.
        wide = [line for line in lines if cell_len(line) > 80]
        assert [line for line in wide if len(line.split()) > 4] == []
        assert not any(line != line.rstrip() or "[dim]" in line for line in lines)
    assert len(lines) > 20


def test_the_index_has_every_step_with_its_result(run: Run) -> None:
    lines = lines_of(run("show", "forward-backward"))
    derivation = derive(Network.from_example("forward-backward"), verify=False)
    steps = [line.split(maxsplit=1) for line in lines if re.match(" +[0-9]+ ", line)]
    numbers = [int(number) for number, _ in steps]
    assert numbers == [step.number for step in derivation.document.steps]
    assert "≈ 0.45187" in steps[derivation["new_w5"].step - 1][1]  # type: ignore[operator]
    # The results stand below each other.
    places = {
        max(line.find(" = "), line.find(" ≈ ")) for line in lines[4:] if "  " in line
    }
    assert len(places) == 1


def test_a_line_of_working_goes_on_with_its_sign(run: Run) -> None:
    """It is broken between its pieces, not after a sign at its end."""
    for name in ("convolution", "recurrent", "softmax-adam"):
        lines = lines_of(run("show", name, "--all"))
        assert not [line for line in lines if re.search(" [·×+−]$", line)]


@pytest.mark.parametrize("step", ["16", "dE/dw5"])
def test_one_step_by_its_number_or_name(run: Run, step: str) -> None:
    lines = lines_of(run("show", "forward-backward", step))
    assert lines[0].startswith("Step 16. The chain rule")
    assert "                ≈ 0.08020" in lines
    signs = [re.search("[=≈]", line) for line in lines if line.startswith("    ")]
    assert {sign.start() for sign in signs if sign} == {16}
    cited = lines[lines.index("What it uses:") + 1 :]
    assert [line.split()[0] for line in cited] == ["13", "14", "15"]


def test_a_step_of_a_later_iteration(run: Run) -> None:
    later = lines_of(run("show", "logistic-regression", "new_w@1"))
    assert later[0].startswith("Step ")


def test_the_ancestry_goes_down_to_the_file(run: Run) -> None:
    lines = lines_of(run("why", "forward-backward", "new_w5"))
    assert lines[0] == "w₅ⁿᵉʷ ≈ 0.5 − 0.6 × 0.08020 ≈ 0.45187 (step 17)"
    assert sum("─ sumₒ₁ ≈" in line for line in lines) == 1
    assert any("outputₒ₁ ≈ 0.73492 (above, step 6)" in line for line in lines)
    # A line below is one step deeper at most; leaves are given or above.
    depths = [len(re.match("[│├└─ ]*", line)[0]) // 3 for line in lines]  # type: ignore[index]
    assert all(after <= before + 1 for before, after in pairwise(depths))
    leaves = [
        a for a, (x, y) in zip(lines, pairwise([*depths, 0]), strict=True) if y <= x
    ]
    assert all(re.search(r"\(given|\(above", leaf) for leaf in leaves)


def test_the_general_derivation(run: Run) -> None:
    index = lines_of(run("show", "bias-update"))
    assert sum(bool(re.match(" +[0-9]+ ", line)) for line in index) == 15
    assert lines_of(run("show", "bias-update", "6"))[0].startswith("Equation (6).")
    assert len(lines_of(run("show", "bias-update", "--all"))) > 100
    assert "no numbers" in run("why", "bias-update", "w").output
    assert "leave out --figures" in run("show", "bias-update", "--figures", "3").output
    assert "known: 1 to 15" in run("show", "bias-update", "16").output


def test_another_language(run: Run) -> None:
    lines = lines_of(run("show", "mazur", "16", "--language", "es"))
    assert lines[0].startswith("Paso 16.")
    tree = lines_of(run("why", "mazur", "new_w5", "--language", "es", "--depth", "1"))
    assert tree[1] == "├─ w₅ = 0.40 (dato)"
    refused = run("show", "mazur", "--language", "esp")
    assert refused.exit_code == 2 and "Did you mean 'es'?" in refused.output


def test_the_depth_is_limited(run: Run) -> None:
    lines = lines_of(run("why", "mazur", "new_w5", "--depth", "1"))
    assert [line[:2] for line in lines] == ["w₅", "├─", "├─", "└─", "  "]
    assert lines[4].endswith("; goes on)")
    assert len(lines_of(run("why", "mazur", "new_w5", "--depth", "0"))) == 1


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_result_has_an_ancestry(run: Run, name: str) -> None:
    derivation = derive(Network.from_example(name), verify=False)
    last = derivation.document.steps[-1]
    names = [n for n in derivation.names if derivation[n].key == last.key]
    text = run("why", name, names[0]).output.replace("\u2212", "-")
    given = {g.value for g in derivation.symbols.graph.givens.values()}
    printed = {Decimal(n) for n in re.findall(r"= (-?[0-9.]+) \(given\)", text)}
    assert printed and printed <= given


PRINTED = [
    ("mazur", "net_h1", "sum_h1"),
    ("mazur", "E_total", "E"),
    ("mazur", "∂Eₜₒₜₐₗ/∂w₅", "dE/dw5"),
    ("mazur", "w_5+@1", "new_w5"),
    ("recurrent", "net_h<2>", "sum_h[time=2]"),
    ("convolution", "out_(c,1,1)", "out_c_1_1"),
]


@pytest.mark.parametrize(("network", "typed", "name"), PRINTED)
def test_a_symbol_of_the_page_is_a_name_too(
    run: Run, network: str, typed: str, name: str
) -> None:
    lines = lines_of(run("why", network, typed, "--depth", "1"))
    assert lines == lines_of(run("why", network, name, "--depth", "1"))


REFUSED = [
    (["show", "mazur", "new_w55"], "Did you mean 'new_w5'?"),
    (["why", "mazur", "dE/dw"], "no quantity is called 'dE/dw'. Did you mean dE/dw1,"),
    (["why", "mazur", "w"], "Did you mean w1, w2, w3, w4, w5, w6, w7, w8?"),
    (["why", "mazur", "new"], "new_w7 and 11 more?"),
    (["show", "mazur", "o1"], "Did you mean E_o1,"),
    (["why", "mazur", "hi"], "no quantity is called 'hi'. Known: i1, i2,"),
    (["show", "mazur", "999"], "known: 1 to"),
    (["show", "mazur", "w5"], "has no step of its own"),
    (["show", "mazur", "5", "--all"], "leave out 5"),
    (["show", "mazru"], "Did you mean 'mazur'?"),
    (["why", "mazur", "w5", "--method", "path"], "Did you mean 'paths'?"),
    (["show", "mazur", "new_w5@7"], "iteration 7"),
    (["show", "mazur", "new_w5@x"], "iteration x was not kept"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_what_is_refused(run: Run, arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.output


def test_colours_in_a_terminal_only(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in run("show", "mazur", "5").output
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1mStep 5." in run("show", "mazur", "5").output
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search("\x1b\\[3", run("show", "mazur", "5").output)


def test_the_width_is_that_of_the_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    lines = lines_of(run("show", "forward-backward", "16"))
    assert 40 < max(map(cell_len, lines)) <= 50
