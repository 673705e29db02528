from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.console import unmeasured
from tests.events.records import FILE
from tests.events.records import field
from tests.events.records import framed
from tests.events.records import scalars
from tests.events.records import version
from tests.events.records import write

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 16 << 20
# An Event's summary, a Summary's value, a Value's tensor.
SUMMARY, VALUE, TENSOR = 5, 1, 8
# What takes two bytes each, and was made for a hundred.
CROWDS = {
    "values": [SUMMARY, VALUE],
    "dimensions": [SUMMARY, VALUE, TENSOR, 2, 2],
    "strings": [SUMMARY, VALUE, TENSOR, 8],
    "resources": [SUMMARY, VALUE, TENSOR, 14],
    "variants": [SUMMARY, VALUE, TENSOR, 15],
    "messages": [6],
}
# Beyond so many times its length there is no memory for a record.
MOST = 8
READ = """
import json, resource, sys
from pathlib import Path
from tb_lossgap.events import LogReader
from tb_lossgap.events import follower, reference

logdir, decoder, more = sys.argv[1:]
if decoder == "reference":
    follower.Decoder = reference.Decoder
pages = int(Path("/proc/self/statm").read_text().split()[0])
most = pages * resource.getpagesize() + int(more)
resource.setrlimit(resource.RLIMIT_AS, (most, most))
reader = LogReader({"": logdir}, workers=1)
reader.refresh()
found = {name: sorted(key.tag for key in reader.series() if key.run == name) for name in reader.runs}
print(json.dumps([found, [one.what for one in reader.warnings]]))
"""


@pytest.mark.parametrize("decoder", ["chosen", "reference"])
def test_a_record_takes_up_a_few_times_its_length(decoder: str, tmp_path: Path) -> None:
    for name, (*path, innermost) in CROWDS.items():
        record = field(innermost, b"") * (SIZE // 2)
        for number in reversed(path):
            record = field(number, record)
        write(tmp_path / name / FILE, version(), scalars("loss", [2.0]), framed(record), scalars("val_loss", [1.0]))
    run = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path), decoder, str(MOST * SIZE)],
        capture_output=True,
        text=True,
        check=False,
        env=unmeasured(),
    )
    assert run.returncode == 0, run.stderr
    found, warnings = json.loads(run.stdout)
    ended = {"values", "messages"}
    assert found == {name: ["loss"] if name in ended else ["loss", "val_loss"] for name in CROWDS}
    assert warnings == ["record is not an event"] * len(ended)
