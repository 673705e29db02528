from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from typing import Any

import pytest

from tb_lossgap.fleet import Crew
from tb_lossgap.fleet import FleetError
from tb_lossgap.fleet import Job
from tb_lossgap.fleet import fleet
from tb_lossgap.fleet.crew import Done
from tb_lossgap.fleet.files import level
from tb_lossgap.fleet.fleet import Fleet

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator


class Listers(Crew):
    """Workers that say at once that so many runs lie in one folder, and have no files."""

    def __init__(self, runs: int) -> None:
        self.names = [f"cnn-{number:06d}/" for number in range(runs)]
        self.asked: Counter[str] = Counter()

    def run(self, function: Any, tasks: Iterable[Any], **_: Any) -> Iterator[Done[Any, Any]]:
        for task in tasks:
            self.asked[function.func.__name__] += 1
            yield Done(task, self.names if function.func is level else ([], []), None)


def test_a_very_long_folder_is_not_gone_through_ever_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleet, "_MOST_LISTINGS", 4)
    listers = Listers(10_000)
    Fleet(Job("/logs"), listers).find()
    assert listers.asked["files_within"] == 4


class Broken(Crew):
    """Workers of which none can list anything."""

    def __init__(self) -> None:
        """Needs nobody."""

    def run(self, function: Callable[..., Any], tasks: Iterable[Any], **_: Any) -> Iterator[Done[Any, Any]]:
        del function
        return (Done(task, None, MemoryError("no room")) for task in tasks)


def test_workers_that_cannot_list_end_the_job() -> None:
    with pytest.raises(FleetError, match=r"/logs: cannot be listed \(no room\)"):
        Fleet(Job("/logs"), Broken()).find()
