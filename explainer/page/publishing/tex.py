"""PDF from the LaTeX text, by the TeX that is installed."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from explainer.page.publishing.making import (
    Draw,
    Made,
    PublishingError,
    run_program,
)

# The first that is installed makes the PDF. None of them may run other programs.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "tectonic": ("--untrusted", "--keep-logs"),
    "latexmk": (
        "-norc",
        "-pdf",
        "-no-shell-escape",
        "-interaction=nonstopmode",
        "-halt-on-error",
    ),
    "pdflatex": ("-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error"),
}
MISSING = (
    "no TeX is installed. Install tectonic, or a TeX with latexmk or pdflatex"
    " (on Debian: apt install texlive-latex-extra lmodern), or leave out"
    " `--engine latex`: typst makes the PDF without TeX."
)
AGAIN = re.compile(r"Rerun to get|Rerun LaTeX|There were undefined references")
MOST_RUNS = 4
# The same bytes on every day; and a log whose lines are not broken.
ENVIRONMENT: Mapping[str, str] = {
    "SOURCE_DATE_EPOCH": "315532800",
    "FORCE_SOURCE_DATE": "1",
    "max_print_line": "2000",
}


def compile_latex(text: str, draw: Draw = dict) -> Made:
    """The PDF of a LaTeX page. Raises PublishingError with LaTeX's own first error."""
    program = next(filter(shutil.which, COMMANDS), None)
    if program is None:
        raise PublishingError(MISSING)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page.tex").write_text(text, "utf-8")
        log = _typeset(program, folder)
        pdf = folder / "page.pdf"
        if not pdf.is_file():
            raise PublishingError(f"LaTeX cannot typeset the page: {_first_error(log)}")
        return Made(pdf.read_bytes(), _remarks(log))


def _typeset(program: str, folder: Path) -> str:
    """Run LaTeX until the references are right; the last log."""
    command = (program, *COMMANDS[program], "page.tex")
    log = ""
    for _ in range(MOST_RUNS):
        done = run_program(command, {**os.environ, **ENVIRONMENT}, folder=folder)
        file = folder / "page.log"
        found = file.read_bytes() if file.is_file() else done.stdout + done.stderr
        log = found.decode("utf-8", "replace")
        if done.returncode:
            (folder / "page.pdf").unlink(missing_ok=True)
            break
        if program != "pdflatex" or not AGAIN.search(log):
            break
    return log


def _first_error(log: str) -> str:
    """The first error of a log, with the line of the page that it names."""
    lines = log.splitlines()
    for place, line in enumerate(lines):
        if line.startswith(("! ", "error:")):
            where = (after for after in lines[place:] if re.match(r"l\.\d+", after))
            return " ".join((line.removeprefix("! "), next(where, "").strip())).strip()
    return lines[-1] if lines else "it wrote no log"


def _remarks(log: str) -> tuple[str, ...]:
    wide = len(re.findall(r"^Overfull \\hbox", log, re.MULTILINE))
    if not wide:
        return ()
    lines = "line is" if wide == 1 else "lines are"
    return (f"LaTeX: {wide} {lines} wider than the page",)
