"""Word from Markdown whose formulas are Word's own, by pandoc."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from explainer.page.publishing.making import (
    Draw,
    Made,
    PublishingError,
    run_program,
)

MISSING = (
    "Word files are made by pandoc, which is not installed. Run:\n"
    "  pip install 'backprop-explainer[docx]'"
)
# The first heading is the title. The page is read as GitHub reads it, so that the links
# to the steps arrive.
OPTIONS = (
    "--from=gfm+raw_attribute",
    "--to=docx",
    "--shift-heading-level-by=-1",
    "--output=-",
)
# Zip files know no time before 1980.
EPOCH = "315532800"
# A picture, and its caption in the paragraph after it.
PICTURE = re.compile(r"^!\[[^\]]*\]\([^)\s]+\.svg\)\n\n[^\n]*\n", re.MULTILINE)


def convert_to_word(text: str, draw: Draw = dict) -> Made:
    """The Word file of a Markdown page, the same bytes on every day.

    Pandoc needs rsvg-convert for pictures; without it they are left out.
    """
    remarks = []
    pictures = draw() if shutil.which("rsvg-convert") else {}
    if not pictures:
        text, count = PICTURE.subn("", text)
        counted = "1 picture is" if count == 1 else f"{count} pictures are"
        if count:
            remarks.append(f"Word: {counted} left out: rsvg-convert is not installed")
    with tempfile.TemporaryDirectory() as name:
        for file, picture in pictures.items():
            (Path(name) / file).write_text(picture, "utf-8")
        done = run_program(
            (find_pandoc(), *OPTIONS),
            {**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
            text,
            Path(name),
        )
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode:
        raise PublishingError(f"pandoc cannot convert the page: {said}")
    return Made(done.stdout, (*remarks, *said.splitlines()))


def find_pandoc() -> str:
    """The pandoc that is installed, or the one that pypandoc_binary brings."""
    found = shutil.which("pandoc")
    if found:
        return found
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    except (ImportError, OSError) as error:
        raise PublishingError(MISSING) from error
