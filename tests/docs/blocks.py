"""Reads a document's code blocks, and runs them as a reader would: in order, in one folder.

`python` blocks share their names. Of `console` blocks every line after `$ ` is run, and must print the lines that stand
below it, in this order, among others; `...` stands for anything. Other blocks are for the eye. Comments, unseen by
readers, say what a page needs:

    <!-- given: runs = tb_lossgap/demo_runs -->    a copy of this folder of the repository is there, under that name
    <!-- not run: why -->                          the next block is not run
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = re.compile(
    r"^(?P<fence>`{3,})(?P<kind>[\w-]*)[^\n]*\n(?P<text>.*?)^(?P=fence)[ ]*$"
    r"|^<!-- given: (?P<name>\S+) = (?P<source>.+?) -->$"
    r"|^<!-- not run: (?P<why>.+?) -->$",
    re.MULTILINE | re.DOTALL,
)
SECONDS = 120
# As wide as a page shows without scrolling.
WIDTH = "115"


@dataclass(frozen=True)
class Block:
    """A code block that is run: its kind, "python" or "console", its text, and the line on which the text begins."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True)
class Given:
    """A folder that a page relies on: its name for the reader, and where it lies in the repository."""

    name: str
    source: str


def parts(page: str) -> Iterator[Block | Given]:
    """Yields what a page relies on and what of it is run, in order."""
    skip = False
    for found in TOKEN.finditer(page):
        if found["why"]:
            skip = True
        elif found["name"]:
            yield Given(found["name"], found["source"])
        else:
            if found["kind"] in ("python", "console") and not skip:
                yield Block(found["kind"], found["text"], page[: found.start("text")].count("\n") + 1)
            skip = False


def run_page(page: Path, root: Path, folder: Path) -> None:
    """Runs all blocks of a page in a folder, which is the working directory.

    Raises:
        AssertionError: A command failed, or printed something else.
        Exception: What Python code raised; its traceback names the page and its line.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    for part in parts(page.read_text(encoding="utf-8")):
        if isinstance(part, Given):
            shutil.copytree(root / part.source, folder / part.name, dirs_exist_ok=True)
        elif part.kind == "python":
            code = compile("\n" * (part.line - 1) + part.text, str(page), "exec")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what frameworks warn of is not ours to mend
                exec(code, names)  # noqa: S102  our own documents
        else:
            run_console(part, page, folder)


def run_console(block: Block, page: Path, folder: Path) -> None:
    """Runs each command of a console block and compares what it prints.

    Raises:
        AssertionError: A command ended by a traceback, or printed something else.
    """
    scripts = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    environment = {**os.environ, "PATH": scripts, "COLUMNS": WIDTH, "NO_COLOR": "1"}
    line = block.line
    for session in re.split(r"^(?=\$ )", block.text, flags=re.MULTILINE):
        command, _, wanted = session.removeprefix("$ ").partition("\n")
        if command:
            run = subprocess.run(  # noqa: S602  our own documents
                command,
                shell=True,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                timeout=SECONDS,
                check=False,
            )
            missing = next(missing_lines(wanted, run.stdout), None)
            place = f"{page}:{line}: $ {command}\n{run.stdout}"
            assert "Traceback" not in run.stdout, place
            assert missing is None, f"{place}has no line, or not here\n{missing}"
        line += session.count("\n")


def missing_lines(wanted: str, got: str) -> Iterator[str]:
    """Yields the lines that are not in an output in their order; how much white space there is makes no difference."""
    printed = (" ".join(line.split()) for line in got.splitlines())
    for line in wanted.splitlines():
        pattern = re.compile(".*".join(re.escape(" ".join(part.split())) for part in line.split("...")))
        if not any(pattern.search(text) for text in printed):
            yield line
