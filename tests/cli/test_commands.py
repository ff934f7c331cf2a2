"""The command line: what it writes, what it says, and its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explainer.cli.files import Refusal, write_files
from explainer.cli.main import main
from explainer.derivation import verification
from explainer.examples import EXAMPLES, read_example


@pytest.fixture
def run() -> Callable[..., Result]:
    def run_command(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    return run_command


Run = Callable[..., Result]


def test_derive_writes_its_files_and_says_where(run: Run) -> None:
    result = run("derive", "forward-backward")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "wrote output/forward-backward.md",
        "wrote output/forward-backward.tex",
        "wrote output/forward-backward-network.svg",
        "wrote output/forward-backward-error.svg",
    ]
    page = Path("output/forward-backward.md").read_text("utf-8")
    assert page.startswith("# One complete cycle")
    assert sorted(os.listdir("output")) == [
        "forward-backward-error.svg",
        "forward-backward-network.svg",
        "forward-backward.md",
        "forward-backward.tex",
    ]


def test_pictures_alone_and_with_their_chains(run: Run) -> None:
    result = run("derive", "single-neuron", "--to", "svg", "--pictures", "chains")
    assert result.exit_code == 0
    assert sorted(os.listdir("output")) == [
        f"single-neuron-{name}.svg"
        for name in ("chain-b", "chain-w1", "chain-w2", "error", "network")
    ]


def test_a_page_without_pictures(run: Run) -> None:
    result = run("derive", "single-neuron", "--to", "md", "--pictures", "none")
    assert result.exit_code == 0
    assert os.listdir("output") == ["single-neuron.md"]
    assert ".svg" not in Path("output/single-neuron.md").read_text("utf-8")


def test_an_unknown_choice_of_pictures_is_refused(run: Run) -> None:
    result = run("derive", "single-neuron", "--pictures", "chain")
    assert result.exit_code == 2
    assert "Did you mean 'chains'?" in result.output
    assert run("derive", "bias-update", "--to", "svg").exit_code == 2


def test_the_same_command_gives_the_same_bytes() -> None:
    """Also where Python's hashes, and so the order of its sets, differ."""
    command = [sys.executable, "-m", "explainer", "derive", "han-kamber"]
    for seed, folder in (("1", "one"), ("2", "two")):
        subprocess.run(
            [*command, "--to", "md,tex,json", "-o", folder],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        )
    assert len(os.listdir("one")) == 5
    for name in os.listdir("one"):
        assert Path("one", name).read_bytes() == Path("two", name).read_bytes()


def test_the_general_derivation(run: Run) -> None:
    result = run("derive", "bias-update", "--to", "md,tex,json")
    assert result.exit_code == 0
    page = Path("output/bias-update.md").read_text("utf-8")
    assert [f"##### Equation ({n})" in page for n in range(1, 17)] == [True] * 15 + [
        False
    ]
    data = json.loads(Path("output/bias-update.json").read_text("utf-8"))
    assert all(equation["holds"] for equation in data["equations"])


def test_symbols_only(run: Run) -> None:
    assert run("derive", "mazur", "--symbolic", "--to", "md").exit_code == 0
    page = Path("output/mazur.md").read_text("utf-8")
    assert r"\approx" not in page
    assert r"\times" not in page


def test_only_some_parameters(run: Run) -> None:
    assert run("derive", "mazur", "--only", "w5,b1", "--to", "md").exit_code == 0
    page = Path("output/mazur.md").read_text("utf-8")
    assert "#### The weight $w_{5}$" in page
    assert "#### The bias $b_{1}$" in page
    assert "#### The weight $w_{6}$" not in page


def test_a_file_of_ones_own(run: Run) -> None:
    assert run("new", "mazur", "-o", "mine.toml").exit_code == 0
    assert Path("mine.toml").read_text("utf-8") == read_example("mazur")
    assert run("derive", "mine.toml", "--to", "json").exit_code == 0
    assert json.loads(Path("output/mine.json").read_text("utf-8"))["method"] == "paths"


def test_new_does_not_overwrite(run: Run) -> None:
    Path("mazur.toml").write_text("mine", "utf-8")
    result = run("new", "mazur")
    assert result.exit_code == 2
    assert "exists" in result.output
    assert Path("mazur.toml").read_text("utf-8") == "mine"
    assert run("new", "mazur", "--force").exit_code == 0


REFUSED = [
    # arguments                                       what the message says
    (["derive", "mazurr"], "Did you mean 'mazur'?"),
    (["derive", "mazur", "--to", "mdd"], "Did you mean 'md'?"),
    (["derive", "mazur", "--method", "path"], "Did you mean 'paths'?"),
    (["derive", "mazur", "--detail", "ful"], "Did you mean 'full'?"),
    (["derive", "mazur", "--only", "w55"], "Did you mean 'w5'?"),
    (["derive", "mazur", "--notation", "netout"], "Did you mean 'net-out'?"),
    (["derive", "mazur", "--mode", "halfup"], "Did you mean 'half-up'?"),
    (["derive", "mazur", "--updates", "end"], "no updates is called 'end'"),
    (["derive", "mazur", "--figures", "4", "--decimals", "4"], "one way"),
    (["derive", "mazur", "--figures", "0"], "--figures"),
    (["new", "mazurr"], "Did you mean 'mazur'?"),
    (["new", "bias-update"], "needs no numbers"),
    (["derive", "bias-update", "--only", "w5"], "leave out --only"),
    (["derive", "bias-update", "--detail", "full"], "leave out --detail"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_what_is_refused(run: Run, arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output
    assert os.listdir() == []


def test_a_broken_file_says_all_its_problems_and_writes_nothing(run: Run) -> None:
    broken = read_example("mazur").replace('"sigmoid"', '"sigmod"', 1)
    broken = broken.replace("learning_rate", "learning_rat").replace(
        "i2 = 0.10", "i2 = nan"
    )
    Path("broken.toml").write_text(broken, "utf-8")
    Path("output").mkdir()
    Path("output/broken.md").write_text("older", "utf-8")
    result = run("derive", "broken.toml")
    assert result.exit_code == 2
    lines = result.output.splitlines()
    assert lines[0] == "broken.toml: 3 problems"
    places = ["inputs.i2:", "layers[0].activation:", "training.learning_rat:"]
    assert [line.split(" ")[0] for line in lines[1:]] == places
    assert Path("output/broken.md").read_text("utf-8") == "older"
    assert os.listdir("output") == ["broken.md"]


def test_a_binary_file_and_a_folder_are_refused(run: Run) -> None:
    Path("picture.toml").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in run("derive", "picture.toml").output
    Path("folder").mkdir()
    assert run("derive", "folder").exit_code == 2


def test_too_many_paths_are_refused_with_what_to_do(run: Run) -> None:
    units = ", ".join(["[0.1, 0.2, 0.3, 0.4]"] * 4)
    layer = f'[[layers]]\nactivation = "tanh"\nweights = [{units}]\n'
    text = (
        "[inputs]\na = 1\nb = 2\nc = 3\nd = 4\n"
        + layer * 4
        + "[targets]\no1 = 1\no2 = 1\no3 = 1\no4 = 1\n"
        + '[loss]\nname = "squared-error"\n'
    )
    Path("deep.toml").write_text(text, "utf-8")
    result = run("derive", "deep.toml")
    assert result.exit_code == 2
    assert "would print" in result.output and "--method signals" in result.output
    assert (
        run("derive", "deep.toml", "--method", "signals", "--to", "md").exit_code == 0
    )


def test_a_false_line_is_named_and_nothing_is_written(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "judge", lambda *_: verification.FALSE)
    result = run("derive", "mazur")
    assert result.exit_code == 1
    assert "line: step 1, sum_h1" in result.output
    assert not Path("output").exists()
    assert run("derive", "mazur", "--no-verify").exit_code == 0


def test_a_full_disk_leaves_the_old_files(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.md").write_text("old", "utf-8")

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device", "b.md")

    monkeypatch.setattr(os, "fdopen", no_space)
    with pytest.raises(Refusal, match="No space left"):
        write_files({Path("a.md"): "new", Path("b.md"): "new"})
    assert Path("a.md").read_text("utf-8") == "old"
    assert os.listdir() == ["a.md"]


def test_a_folder_that_cannot_be_made(run: Run) -> None:
    Path("output").write_text("a file", "utf-8")
    result = run("derive", "mazur")
    assert result.exit_code == 2
    assert "cannot write" in result.output


def test_examples_are_listed(run: Run) -> None:
    result = run("examples")
    assert [name in result.output for name in EXAMPLES] == [True] * len(EXAMPLES)
    names = run("examples", "--names").output.split()
    assert names == [*EXAMPLES, "bias-update"]


@pytest.mark.parametrize("which", ["network", "derivation"])
def test_schemas(run: Run, which: str) -> None:
    assert json.loads(run("schema", which).output)["$schema"].startswith("https://")


@pytest.mark.parametrize("command", ["derive", "examples", "new", "schema"])
def test_every_command_has_help(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 5


def test_it_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "explainer", "examples", "--names"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "mazur" in done.stdout.split()


def test_the_page_never_replaces_its_network_file(run: Run) -> None:
    Path("net.md").write_text(read_example("mazur"), "utf-8")
    result = run("derive", "net.md", "-o", ".")
    assert result.exit_code == 2
    assert "would replace it" in result.output
    assert Path("net.md").read_text("utf-8") == read_example("mazur")


@pytest.mark.parametrize(
    "template", ["<% if %>", "<< 1/0 >>", "<< nothing >>", "<% x %>"]
)
def test_a_broken_template_is_refused(run: Run, template: str) -> None:
    Path("own/markdown").mkdir(parents=True)
    Path("own/markdown/document.j2").write_text(template, "utf-8")
    result = run("derive", "mazur", "--templates", "own", "--no-verify")
    assert result.exit_code == 2
    assert "--templates" in result.output
    assert not Path("output").exists()


def test_a_file_named_like_the_general_derivation_comes_first(run: Run) -> None:
    Path("bias-update").write_text(read_example("single-neuron"), "utf-8")
    assert run("derive", "bias-update", "--to", "md").exit_code == 0
    assert Path("output/bias-update.md").read_text("utf-8").startswith("# A single")


def test_iterations_are_chosen_on_the_command_line(run: Run) -> None:
    command = "derive mazur --iterations 3 --show 1,3 --to md --no-verify".split()
    assert run(*command).exit_code == 0
    page = Path("output/mazur.md").read_text("utf-8")
    assert "## Iteration 3: The backward pass" in page
    assert "## Iteration 2: The backward pass" not in page
    assert "## After 3 updates" in page


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("mazur --iterations 3 --show 4", "--show: got '4'; allowed: numbers from 1"),
        ("mazur --show one", "--show: got 'one'"),
        ("tanh-neuron --iterations 3", "--iterations: without [training]"),
    ],
)
def test_iterations_that_cannot_be(run: Run, options: str, message: str) -> None:
    result = run("derive", *options.split())
    assert result.exit_code == 2
    assert message in result.output
    assert not Path("output").exists()
