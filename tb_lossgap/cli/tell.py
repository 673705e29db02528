"""News of trainings, and the ways to tell it: a line, a command, a URL."""

from __future__ import annotations

import os
import subprocess
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal
from typing import NamedTuple

from tb_lossgap.cli import words
from tb_lossgap.cli.output import write_text
from tb_lossgap.wire import documents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    from tb_lossgap.cli.memory import Memory
    from tb_lossgap.model import Row
    from tb_lossgap.snapshot import Snapshot

_SECONDS = 30


class TellingError(Exception):
    """A command or a URL did not take the news; the message says which and why."""


class News(NamedTuple):
    """One change of one training.

    Attributes:
        id: The attempt's id.
        event: "verdict" where the verdict changed, "stop" where the stopping rule would have stopped.
        row: The judgement now.
        was: The verdict before, None for a training not seen before and for a stop.
    """

    id: str
    event: Literal["verdict", "stop"]
    row: Row
    was: str | None = None

    @property
    def what(self) -> Any:
        """What is remembered as told: the verdict, or the step of the stop."""
        stop = self.row.judgement.stop
        return self.row.judgement.verdict if self.event == "verdict" else stop and stop.step

    @property
    def message(self) -> str:
        """One sentence."""
        judged = self.row.judgement
        if self.event == "verdict":
            change = f"{self.was} -> {judged.verdict}" if self.was else judged.verdict
            return f"{change}: {judged.reason}"
        stop = judged.stop
        assert stop is not None  # noqa: S101  there is no news of a stop without one
        return f"stop reached at step {stop.step}: keep the weights of step {stop.best_step}"

    def document(self, snapshot: Snapshot) -> dict[str, Any]:
        """The news as JSON: the training as in `report --format json`, and what happened to it."""
        (training,) = documents.report(snapshot, [self.row])["trainings"]
        return {"event": self.event, "was": self.was, "message": self.message, "logdir": snapshot.logdir, **training}


def news(rows: Mapping[str, Row], memory: Memory) -> Iterator[News]:
    """What is other than was told. A training too short to judge has no verdict yet."""
    for known, row in rows.items():
        was = memory.told(known, "verdict")
        if row.judgement.verdict not in {was, "too-short"}:
            yield News(known, "verdict", row, was)
        if row.judgement.stop is not None and memory.told(known, "stop") is None:
            yield News(known, "stop", row)


class Teller:
    """Tells news on standard output and, where they are given, to a shell command and to a URL."""

    def __init__(self, command: str | None, url: str | None) -> None:
        """Takes the command and the address, each or None."""
        self._command = command
        self._url = url

    def tell(self, one: News, snapshot: Snapshot) -> None:
        """Tells one piece of news everywhere.

        Raises:
            TellingError: The command or the URL did not take it; then nothing was printed either.
        """
        body = documents.dumps(one.document(snapshot))
        if self._command:
            _run(self._command, one, body)
        if self._url:
            _post(self._url, body)
        write_text(f"{words.text(one.row.training.name)}: {one.message}\n", None)


def _run(command: str, one: News, body: str) -> None:
    judged = one.row.judgement
    last = judged.stop if one.event == "stop" else judged.final
    told = {
        "LOSSGAP_EVENT": one.event,
        "LOSSGAP_TRAINING": one.row.training.name,
        "LOSSGAP_VERDICT": judged.verdict,
        "LOSSGAP_WAS": one.was or "",
        "LOSSGAP_STEP": str(last.step if last else ""),
        "LOSSGAP_MESSAGE": one.message,
    }
    try:
        subprocess.run(  # noqa: S602  the user's own command line; the news is in its environment, never in its text
            command, shell=True, input=f"{body}\n".encode(), env=os.environ | told, check=True, timeout=_SECONDS
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise TellingError(f"the command failed: {error}") from error


def _post(url: str, body: str) -> None:
    request = urllib.request.Request(  # noqa: S310  http or https, as the option's type has checked
        url, body.encode(), {"Content-Type": "application/json", "User-Agent": "tb-lossgap"}
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS):  # noqa: S310
            pass
    except (OSError, ValueError, HTTPException) as error:
        raise TellingError(f"{url} did not take it: {error}") from error
