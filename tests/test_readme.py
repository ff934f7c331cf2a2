"""The README's commands, files and Python run, and its pages are what they print."""

from __future__ import annotations

import re
import shlex
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from explainer import Network, derive, render
from explainer.cli.main import main
from explainer.examples import read_example
from explainer.mathematics.algebra import rational, symbol, to_sympy
from explainer.mathematics.formula import read
from explainer.mathematics.written import Key
from explainer.network.file import read_network

README = (Path(__file__).resolve().parent.parent / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for name, text in BLOCKS if name == language]


def commands() -> list[str]:
    """The commands but those of set-up and test: they would run these tests again."""
    lines = [line for text in blocks("sh") for line in text.splitlines()]
    kept = [line.rpartition(" && ")[2] for line in lines]
    return [line for line in kept if line.startswith("explainer ")]


def test_the_first_two_blocks_are_set_up_and_test() -> None:
    assert blocks("sh")[0] == "pip install . && explainer derive forward-backward\n"
    assert blocks("sh")[1] == "pip install '.[test]' && pytest -n auto\n"
    assert README.index("pip install '.[test]'") < 2500


def test_every_command_runs() -> None:
    runner = CliRunner()
    assert len(commands()) >= 10
    for command in commands():
        result = runner.invoke(main, shlex.split(command)[1:])
        assert result.exit_code == 0, f"{command}: {result.output}"
    assert Path("output/forward-backward.md").exists()
    assert Path("pages/my-network.json").exists()


def test_the_network_file_is_the_example() -> None:
    file = next(text for text in blocks("toml") if "[[layers]]" in text)
    assert file == read_example("single-neuron")


def is_whole(table: str) -> bool:
    return "[[layers]]" in table or "[formulas]" in table


@pytest.mark.parametrize("table", [t for t in blocks("toml") if not is_whole(t)])
def test_a_table_fits_into_a_network_file(table: str) -> None:
    mazur = read_example("mazur").replace('notation = "net-out"\n', "")
    for name in re.findall(r"^\[(\w+)\]", table, re.MULTILINE):
        mazur = re.sub(rf"\[{name}\][^\[]*", "", mazur)
    assert read_network(f"{mazur}\n{table}")


@pytest.mark.parametrize("text", [t for t in blocks("toml") if is_whole(t)])
def test_a_whole_file_is_a_network(text: str) -> None:
    assert read_network(text)


def quoted() -> list[str]:
    """What the README quotes of pages, line by line."""
    lines = re.findall(r"^> ?(.*)$", README, re.MULTILINE)
    return [line for line in lines if line and not line.startswith("**Step")]


def test_the_quoted_pages_are_what_is_printed() -> None:
    pages = [
        render(derive(Network.from_example(name)), "md").splitlines()
        for name in ("forward-backward", "single-neuron")
    ]
    printed = {line for page in pages for line in page}
    assert len(quoted()) > 20
    assert [line for line in quoted() if line not in printed] == []


def test_the_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    program = next(text for text in blocks("python") if "import" in text)
    names: dict[str, object] = {}
    exec(compile(program, "README.md", "exec"), names)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "0.08020 in step 16"
    assert printed[2] == "out_h1*out_o1*(1 - out_o1)*(out_o1 - target_o1)"
    assert str(names["page"]).startswith("# One complete cycle")


def test_the_new_activation_is_a_record() -> None:
    text = next(text for text in blocks("python") if text.startswith("Activation("))
    formula, slope = re.findall(r'^    "(.*z.*)",$', text, re.MULTILINE)
    z, symbols = Key("sum", ("h1",)), {Key("sum", ("h1",)): symbol("z")}
    value, taught = (
        to_sympy(read(written, {"z": z}), symbols.__getitem__)
        for written in (formula, slope)
    )
    for point in (Decimal("0.37"), Decimal("-1.21")):
        at = {symbols[z]: rational(point)}
        assert abs((value.diff(symbols[z]) - taught).subs(at).evalf()) < 1e-12
