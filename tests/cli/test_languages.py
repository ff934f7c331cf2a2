"""The command line and languages: --language, the file's choice, and a folder of
templates that brings one."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explainer.cli.main import main
from explainer.examples import read_example
from explainer.page.templates import template_folder


def run(*command: str) -> Result:
    return CliRunner().invoke(main, command)


def test_the_command_chooses_the_language() -> None:
    for name in ("han-kamber", "bias-update"):
        assert run("derive", name, "--to", "md", "--language", "es").exit_code == 0
        page = Path(f"output/{name}.md").read_text("utf-8")
        assert "La señal de error" in page
        assert "error signal" not in page
    assert run("catalogue", "--language", "es").exit_code == 0
    assert "# El catálogo" in Path("output/catalogue.md").read_text("utf-8")


@pytest.mark.parametrize(
    "command",
    [
        ("derive", "mazur", "--language", "esp"),
        ("derive", "bias-update", "--language", "esp"),
        ("catalogue", "--language", "esp"),
        ("derive", "own.toml"),
    ],
)
def test_an_unknown_language_is_refused(command: tuple[str, ...]) -> None:
    """By the command or by the file; nothing is written."""
    text = read_example("mazur") + '\n[page]\nlanguage = "esp"\n'
    Path("own.toml").write_text(text, "utf-8")
    result = run(*command)
    assert result.exit_code == 2
    place = "page.language" if "own.toml" in command else "--language"
    said = "no language is called 'esp'. Did you mean 'es'? Known: en, es."
    assert f"{place}: {said}" in result.output
    assert not Path("output").exists()


def test_a_folder_of_templates_may_bring_a_language() -> None:
    """And where its wording lacks a sentence, the refusal names it."""
    own = Path("own/wording/fr.j2")
    own.parent.mkdir(parents=True)
    english = (template_folder() / "wording" / "en.j2").read_text("utf-8")
    own.write_text(english.replace(">Step <<", ">Étape <<"), "utf-8")
    command = ("derive", "mazur", "--language", "fr", "--templates", "own")
    assert run(*command).exit_code == 0
    assert "##### Étape 1\n" in Path("output/mazur.md").read_text("utf-8")
    own.write_text(english.replace("macro weighted_sum(", "macro other("), "utf-8")
    result = run(*command)
    assert result.exit_code == 2
    assert "own: wording/fr.j2 has no sentence 'weighted_sum'" in result.output
    refused = run("derive", "mazur", "--language", "de", "--templates", "own")
    assert "Known: en, es, fr." in refused.output
