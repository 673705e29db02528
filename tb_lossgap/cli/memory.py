"""What a watch has told, kept in a file that outlives it."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

from tb_lossgap.cli.errors import BadInput
from tb_lossgap.cli.output import write_text
from tb_lossgap.wire import documents


class Memory:
    """The last word on each training: its verdict, and the step of its stop.

    Args:
        path: The file; it need not exist.

    Raises:
        BadInput: The file is none of ours.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._told: dict[str, dict[str, Any]] = {}
        self.is_new = not os.path.exists(path)
        self._is_saved = not self.is_new
        if not self.is_new:
            self._told = _read(path)

    def told(self, known: str, event: str) -> Any:
        """What was last told of an event of a training, by its id; None for nothing."""
        return self._told.get(known, {}).get(event)

    def remember(self, known: str, event: str, what: Any) -> None:
        """Takes note of what was told."""
        self._told.setdefault(known, {})[event] = what
        self._is_saved = False

    def save(self) -> None:
        """Writes the file where anything changed; from now on, news is told.

        Raises:
            BadInput: It cannot be written.
        """
        if not self._is_saved:
            os.makedirs(os.path.dirname(os.path.abspath(self._path)), exist_ok=True)
            write_text(documents.dumps({"told": self._told}, indent=1) + "\n", self._path)
        self.is_new, self._is_saved = False, True


def _read(path: str) -> dict[str, dict[str, Any]]:
    try:
        with open(path, encoding="utf-8") as stream:
            told = json.load(stream)["told"]
        if all(isinstance(one, dict) for one in told.values()):
            return dict(told)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{path}: is no state file of tb-lossgap watch ({error}); name another by --state") from error
    raise BadInput(f"{path}: is no state file of tb-lossgap watch; name another by --state")


def default_path(logdir: str) -> str:
    """A file in the user's state folder, another one for each logdir; nothing is ever written into a logdir."""
    home = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/.local/state")
    place = logdir if "://" in logdir else os.path.realpath(os.path.expanduser(logdir))
    name = hashlib.blake2s(place.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return os.path.join(home, "tb-lossgap", f"watch-{name}.json")
