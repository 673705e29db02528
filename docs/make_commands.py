"""Writes docs/commands.md from the parser of the command line, which `--help` shows too."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from tb_lossgap.cli import COMMANDS
from tb_lossgap.cli import make_parser

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = Path(__file__).parent / "commands.md"

_START = """\
# Commands

Every command and option of `tb-lossgap`. This page is written by `docs/make_commands.py`; `tb-lossgap COMMAND --help`
says the same. Results go to standard output, messages and progress to standard error. Colours and width are the
terminal's; `NO_COLOR` is obeyed. In a pipeline: see [In CI](ci.md).

| exit status | meaning |
|---|---|
| 0 | fine |
| 1 | the condition that was given is met: `report --fail-on`; or `doctor` found something wrong |
| 2 | bad input: a message says what, and what to do |
| 130 | Ctrl+C |
"""


def page() -> str:
    """Returns the whole page."""
    parser = make_parser(COMMANDS)
    commands = next(one for one in parser._actions if isinstance(one, argparse._SubParsersAction))  # noqa: SLF001
    return _START + "".join(f"{line}\n" for name in COMMANDS for line in section(name, commands.choices[name]))


def section(name: str, parser: argparse.ArgumentParser) -> Iterable[str]:
    """Yields the lines on one command."""
    groups = [(one, [action for action in one._group_actions if action.help]) for one in parser._action_groups]  # noqa: SLF001
    places = [action for _, actions in groups for action in actions if not action.option_strings]
    yield ""
    yield f"## `tb-lossgap {' '.join((name, *map(_shown, places)))} [OPTIONS]`"
    yield ""
    yield parser.description or ""
    for group, actions in groups:
        rows = [action for action in actions if action.dest != "help"]
        if not rows:
            continue
        arguments = not rows[0].option_strings
        titled = group.title and group.title not in {"positional arguments", "options", "optional arguments"}
        yield ""
        yield f"| {group.title if titled else 'argument' if arguments else 'option'} | |"
        yield "|---|---|"
        for action in rows:
            yield f"| `{_cell(_shown(action))}` | {_cell((action.help or '') % _values(action))} |"
    yield ""
    yield "```text"
    yield (parser.epilog or "").strip()
    yield "```"


def _shown(action: argparse.Action) -> str:
    """An option or argument as one writes it."""
    value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest.upper())
    if not action.option_strings:
        return f"[{value}]" if action.nargs == "?" else str(value)
    return action.option_strings[-1] + ("" if action.nargs == 0 else f" {value}")


def _values(action: argparse.Action) -> dict[str, object]:
    return {"default": action.default, "prog": "tb-lossgap"}


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
