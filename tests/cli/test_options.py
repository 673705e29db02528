"""Every option of every command, by the installed console script, with what it makes of it."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

import pytest

from tb_lossgap.cli import COMMANDS
from tb_lossgap.cli import make_parser
from tests.cli.console import command
from tests.writing import write_events

if TYPE_CHECKING:
    from pathlib import Path

PAIR = "--pair train=(?P<name>.+)/fitting_cost,val=(?P<name>.+)/heldout_cost --memory 100"
CHOICE = f"{PAIR} --filter ^seed --metric fitting_cost"
KERAS = "--stop keras --patience 3 --min-delta 0.01 --stop-baseline 0.9 --start-from-epoch 2 --tolerance 5"
LIGHTNING = "--stop lightning --no-check-finite --stopping-threshold 0.2 --divergence-threshold 9"

# A command line, and what stands in what it writes.
LINES = (
    (f"report {CHOICE} --format csv {KERAS} --sort=-best --top 1 --output out", "seed-2,.*still-improving"),
    (f"report {CHOICE} --format csv {LIGHTNING} --baseline seed-1", "best_difference.*seed-1,"),
    (f"report {PAIR} --group-by ^seed --stop pq --alpha 0.5 --fail-on overfit", "seed .* 2 still-improving"),
    (f"pairs {PAIR} --format json --output out", '"metric":"fitting_cost"'),
    (
        f"export {CHOICE} --format jsonl --output out",
        '"name":"seed-1","attempt":1,"metric":"fitting_cost","series":"gap"',
    ),
    (f"plot out.svg {CHOICE} --top 1 --gap ratio --log {KERAS}", "validation / training"),
    (f"plot out.svg {CHOICE} {LIGHTNING}", "Lightning, p=10, stop at 0.2"),
    (f"plot out.svg {CHOICE} --stop pq --alpha 0.5", "fitting_cost"),
    (f"watch {CHOICE} {KERAS} --once --state out --every 1 --run false --post http://localhost:9", '"told"'),
    (f"watch {CHOICE} {LIGHTNING} --once --state out", '"told"'),
    (f"watch {CHOICE} --stop pq --alpha 0.5 --once --state out", '"told"'),
    (f"doctor {PAIR}", "2 with a training and a validation series"),
    ("completion bash", "complete"),
)
# Those that start a server, or many processes, have tests of their own that start the script too.
ELSEWHERE = {
    "report": {"--workers", "--dask", "--resume"},  # tests/fleet
    "serve": {"--port", "--no-browser"},
    "demo": {"--port", "--no-browser"},
}


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two trainings whose scalars only a rule pairs."""
    logdir = tmp_path_factory.mktemp("logs")
    for seed in (1, 2):
        points = [(step, 1_700_000_000.0 + step, seed / (1 + step)) for step in range(12)]
        write_events(logdir / f"seed-{seed}", {"fitting_cost": points, "heldout_cost": points})
    return logdir


@pytest.mark.parametrize(("line", "written"), LINES, ids=[line.split()[0] for line, _ in LINES])
def test_every_option_does_what_it_says(
    line: str, written: str, logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name, *arguments = line.split()
    finished = command(name, *([] if name == "completion" else [logs]), *arguments)
    # The doctor also says what is not paired, and is right to.
    assert finished.returncode == 0 or name == "doctor", finished.stderr
    files = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())
    assert re.search(written, finished.stdout + files, re.DOTALL), finished.stdout + finished.stderr + files


def test_no_option_is_left_out() -> None:
    parser = make_parser(COMMANDS)
    commands = next(one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    for name in COMMANDS:
        known = {flag for action in commands.choices[name]._actions for flag in action.option_strings}
        tried = {word.partition("=")[0] for line, _ in LINES if line.split()[0] == name for word in line.split()}
        assert known - tried - ELSEWHERE.get(name, set()) == {"-h", "--help"}, name
