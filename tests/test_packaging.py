"""What is installed is whole, starts quickly, and keeps the house rules.

The package that is imported is asked: the checkout's, or the installed wheel's.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import Distribution, distribution
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parent
PACKAGE = Path(str(files("explainer")))
# A room may use the rooms before it, never those after it.
ROOMS = "mathematics notation network derivation page homework cli".split()
VAGUE = {"utils", "helpers", "common", "misc"}
# Each of these runs code that it finds in a text.
RUNS_TEXT = {"eval", "exec", "sympify", "parse_expr"}
LONGEST_FILE = 300
LONGEST_FUNCTION = 40

Function = ast.FunctionDef | ast.AsyncFunctionDef
Check = Callable[[str, str], Iterable[str]]


def modules() -> dict[str, str]:
    """The text of every module of the package, by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("explainer", *path.relative_to(PACKAGE).with_suffix("").parts)
        found[".".join(parts).removesuffix(".__init__")] = path.read_text("utf-8")
    return found


MODULES = modules()


# The wheel


def project() -> dict[str, Any]:
    """The `[project]` table that the wheel was made from."""
    text = (TESTS.parent / "pyproject.toml").read_text("utf-8")
    table: dict[str, Any] = tomllib.loads(text)["project"]
    return table


def installed() -> Distribution:
    """The installed distribution: `pip install '.[test]'` comes before pytest."""
    return distribution("backprop-explainer")


def is_editable(found: Distribution) -> bool:
    """Installed with `pip install -e`: the files stay in the checkout."""
    origin = found.read_text("direct_url.json") or ""
    return re.search(r'"editable":\s*true', origin) is not None


def lacking(names: Iterable[str], patterns: Iterable[str]) -> list[str]:
    """The patterns that no name matches."""
    listed = list(names)
    return [p for p in patterns if not any(re.fullmatch(p, n) for n in listed)]


def test_metadata_is_the_project_table() -> None:
    metadata, table = installed().metadata, project()
    assert metadata["Name"] == table["name"] == "backprop-explainer"
    assert metadata["Version"] == table["version"]
    assert metadata["Requires-Python"] == table["requires-python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert set(metadata.get_all("Provides-Extra") or ()) == {
        "browser",
        "docx",
        "lint",
        "pdf",
        "test",
        "torch",
    }


def test_the_console_command() -> None:
    (command,) = installed().entry_points
    assert (command.group, command.name) == ("console_scripts", "explainer")
    assert command.value == "explainer.cli.main:run"
    assert callable(command.load())


def test_wheel_holds_code_templates_and_data() -> None:
    found = installed()
    if is_editable(found):
        inside = PACKAGE.rglob("*")
        names = [path.relative_to(PACKAGE.parent).as_posix() for path in inside]
        names += [f"explainer/templates/{name}" for name in template_names()]
    else:
        names = [path.as_posix() for path in found.files or ()]
    patterns = [
        r"explainer/py\.typed",
        r"explainer/notation/.+\.toml",
        r"explainer/examples/forward-backward\.toml",
        r"explainer/templates/base/.+",
        r"explainer/templates/markdown/.+",
        r"explainer/templates/latex/.+",
    ]
    assert lacking(names, patterns) == []


def test_wheel_without_templates_is_noticed() -> None:
    names = ["explainer/__init__.py", "templates/base/document.j2"]
    assert lacking(names, [r"explainer/templates/base/.+"]) != []


def template_names() -> list[str]:
    """The templates beside the code or, in a checkout, beside the package."""
    homes = (PACKAGE / "templates", PACKAGE.parent / "templates")
    home = next((home for home in homes if home.is_dir()), homes[0])
    found = (path for path in home.rglob("*") if path.is_file())
    return [path.relative_to(home).as_posix() for path in found]


def test_templates_are_found() -> None:
    wanted = [r"base/.+", r"markdown/.+", r"latex/.+"]
    assert lacking(template_names(), wanted) == []


# What starts with the program


def imported_by(code: str) -> set[str]:
    """The top-level packages that Python imports to run the code."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code],
        env=os.environ | {"PYTHONPATH": str(PACKAGE.parent)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stderr[-500:]
    names = re.findall(r"^import time:.*\|\s*([\w.]+)$", run.stderr, re.MULTILINE)
    return {name.partition(".")[0] for name in names}


def test_import_explainer_brings_nothing_heavy() -> None:
    seen = imported_by("import explainer")
    assert "explainer" in seen
    assert seen & {"sympy", "mpmath", "pydantic", "click", "jinja2"} == set()


def test_help_starts_without_sympy() -> None:
    seen = imported_by("from explainer.cli.main import main; main(['--help'])")
    assert "click" in seen
    assert seen & {"sympy", "mpmath"} == set()


def test_an_import_is_seen_wherever_it_stands() -> None:
    assert "sympy" in imported_by("def f():\n    import sympy\nf()")


# The house rules, read from the text of each module


def vague_names(module: str, text: str) -> Iterator[str]:
    """A module is named after what it holds."""
    for part in module.split("."):
        if part in VAGUE:
            yield f"{module}: {part!r} says nothing about what is in it"


def long_parts(module: str, text: str) -> Iterator[str]:
    """A file has at most 300 lines, a function at most 40."""
    lines = len(text.splitlines())
    if lines > LONGEST_FILE:
        yield f"{module}: {lines} lines; at most {LONGEST_FILE}"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{module}.{node.name}: {length} lines; at most 40"


def names_used(node: ast.AST) -> Iterator[str]:
    """The names that one piece of code speaks of."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            yield from (alias.name.rpartition(".")[2] for alias in aliases)


def run_texts(module: str, text: str) -> Iterator[str]:
    """Text from outside is read, never run: not called, not passed on, not renamed."""
    for node in ast.walk(ast.parse(text)):
        for name in names_used(node):
            if name in RUNS_TEXT:
                line = getattr(node, "lineno", 0)
                yield f"{module}, line {line}: {name} runs the text it is given"


def imports(text: str) -> Iterator[str]:
    """Every module that the text imports, at its top or within a function."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            home = "." * node.level + (node.module or "")
            yield home
            if home == "explainer":
                yield from (f"explainer.{alias.name}" for alias in node.names)


def turned_back(module: str, text: str) -> Iterator[str]:
    """Imports go one way: mathematics, notation, network, derivation, page, cli."""
    for wanted in imports(text):
        if wanted.startswith("."):
            yield f"{module}: relative import {wanted!r}"
        elif room_number(wanted) > room_number(module):
            yield f"{module}: imports {wanted}, from a later room"


def room_number(module: str) -> int:
    """A room's place in the flow: what is in no room of it stands with the last.

    >>> room_number("explainer.network.spec"), room_number("sympy")
    (2, -1)
    """
    home, *rest = module.split(".")
    if home != "explainer":
        return -1
    return ROOMS.index(rest[0]) if rest and rest[0] in ROOMS else len(ROOMS) - 1


def unplaced(module: str, text: str) -> Iterator[str]:
    """Code is in a room, or is the package's own front door."""
    _, *rest = module.split(".")
    if len(rest) > 1 and rest[0] not in ROOMS:
        yield f"{module}: {rest[0]!r} is no room; rooms: {', '.join(ROOMS)}"


LONG_FUNCTION = "def derive():\n" + "    pass\n" * LONGEST_FUNCTION
BAD_SAMPLES: list[tuple[Check, str, str]] = [
    (vague_names, "explainer.page.utils", ""),
    (vague_names, "explainer.common.names", ""),
    (long_parts, "explainer.page.long", "\n" * (LONGEST_FILE + 1)),
    (long_parts, "explainer.page.long", LONG_FUNCTION),
    (long_parts, "explainer.page.long", "async " + LONG_FUNCTION),
    (run_texts, "explainer.network.file", "x = eval('1')"),
    (run_texts, "explainer.network.file", "def f():\n    exec('x = 1')"),
    (run_texts, "explainer.network.file", "import sympy\nsympy.sympify('x')"),
    (run_texts, "explainer.network.file", "from sympy import sympify as read"),
    (run_texts, "explainer.network.file", "f = sympy.parsing.parse_expr"),
    (run_texts, "explainer.network.file", "list(map(eval, ['1']))"),
    (turned_back, "explainer.mathematics.plain", "import explainer.network.spec"),
    (turned_back, "explainer.notation", "from explainer.network import spec"),
    (turned_back, "explainer.network.spec", "from explainer import page"),
    (turned_back, "explainer.network.spec", "from explainer import derive"),
    (turned_back, "explainer.derivation.chain", "def f():\n    import explainer.cli"),
    (turned_back, "explainer.page.compose", "from . import render"),
    (unplaced, "explainer.attic.things", ""),
]
GOOD_SAMPLES: list[tuple[Check, str, str]] = [
    (vague_names, "explainer.mathematics.written", ""),
    (long_parts, "explainer.page.long", "\n" * LONGEST_FILE),
    (long_parts, "explainer.page.long", LONG_FUNCTION.removesuffix("    pass\n")),
    (run_texts, "explainer.network.file", "import ast\nast.literal_eval('1')"),
    (run_texts, "explainer.network.file", "# eval('1')\nevaluate('sympify')"),
    (turned_back, "explainer.network.spec", "import explainer.mathematics.plain"),
    (turned_back, "explainer.network.spec", "from explainer.network import layers"),
    (turned_back, "explainer.cli.main", "from explainer import derive"),
    (turned_back, "explainer", "from explainer.cli import main"),
    (unplaced, "explainer", ""),
    (unplaced, "explainer.__main__", ""),
]
CHECKS = (vague_names, long_parts, run_texts, turned_back, unplaced)


def test_every_module_is_read() -> None:
    assert {"explainer", "explainer.mathematics.written"} <= set(MODULES)
    rooms = {name.split(".")[1] for name in MODULES if "." in name}
    assert set(ROOMS) - {"homework"} <= rooms


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_house_rule(check: Check) -> None:
    found = [line for name, text in MODULES.items() for line in check(name, text)]
    assert found == []


@pytest.mark.parametrize(("check", "module", "text"), BAD_SAMPLES)
def test_bad_sample_is_refused(check: Check, module: str, text: str) -> None:
    assert list(check(module, text)) != []


@pytest.mark.parametrize(("check", "module", "text"), GOOD_SAMPLES)
def test_good_sample_passes(check: Check, module: str, text: str) -> None:
    assert list(check(module, text)) == []
