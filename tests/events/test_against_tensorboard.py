"""Nothing is lost against TensorBoard's own loader with sampling switched off, whatever and however was logged."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.summary_pb2 import SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.util import tensor_util

from tb_lossgap.events import LogReader
from tb_lossgap.events import _decode
from tb_lossgap.events import follower
from tb_lossgap.events import reference
from tests.events.records import append
from tests.events.records import scalar
from tests.events.records import scalars
from tests.events.records import valued
from tests.events.records import version
from tests.events.records import write

if TYPE_CHECKING:
    from collections.abc import Callable

    # By run and tag: step, wall time and value of each point; values as text, in which NaN equals itself.
    Points = dict[tuple[str, str], list[tuple[int, float, str]]]

# TensorBoard has yet to follow NumPy 2.5.
pytestmark = pytest.mark.filterwarnings("ignore:Setting the dtype on a NumPy array:DeprecationWarning")

RECORDED = sorted((Path(__file__).parent.parent / "fixtures").glob("*/logs"))
SCALARS = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="scalars"))


def tensorboards(multiplexer: EventMultiplexer) -> Points:
    points: Points = {}
    for run, kinds in multiplexer.Runs().items():
        for tag in kinds["tensors"]:
            if multiplexer.SummaryMetadata(run, tag).plugin_data.plugin_name == "scalars":
                points[run, tag] = [
                    (event.step, event.wall_time, repr(float(tensor_util.make_ndarray(event.tensor_proto).item())))
                    for event in multiplexer.Tensors(run, tag)
                ]
    return points


def ours(reader: LogReader) -> Points:
    return {
        (key.run, key.tag): [
            (step, wall_time, repr(value))
            for step, wall_time, value in zip(
                series.steps.tolist(), series.wall_times.tolist(), series.values.tolist(), strict=True
            )
        ]
        for key, series in reader.series().items()
    }


@pytest.fixture(params=[_decode.Decoder, reference.Decoder], ids=["native", "reference"])
def decoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follower, "Decoder", request.param)


class Both:
    """A logdir that both read."""

    def __init__(self, logdir: Path) -> None:
        self._logdir = logdir
        self._multiplexer = EventMultiplexer(
            size_guidance={"tensors": 0},
            tensor_size_guidance={"scalars": 0},
            purge_orphaned_data=False,
            # Every file is followed for good, as by --reload_multifile=true with no limit of age.
            event_file_active_filter=lambda _timestamp: True,
        )
        self._reader = LogReader({"": str(logdir)})

    def read(self) -> tuple[Points, Points]:
        """Reads what is new; gives TensorBoard's points and ours."""
        self._multiplexer.AddRunsFromDirectory(str(self._logdir))
        self._multiplexer.Reload()
        self._reader.refresh()
        assert self._reader.runs == tuple(sorted(self._multiplexer.Runs()))
        return tensorboards(self._multiplexer), ours(self._reader)


def tensor(tag: str, value: object, dtype: object = None) -> Summary.Value:
    return Summary.Value(tag=tag, metadata=SCALARS, tensor=tensor_util.make_tensor_proto(value, dtype=dtype))


def restart_in_a_second_file(run: Path) -> None:
    write(run / "events.out.tfevents.100.a", version(100.0), scalars("loss", [3, 2, 1, 0], wall_time=100))
    write(run / "events.out.tfevents.200.a", version(200.0), scalars("loss", [9, 8], first_step=2, wall_time=200))


def restart_in_the_same_file(run: Path) -> None:
    again = scalars("loss", [9, 8], first_step=2, wall_time=200)
    write(run / "events.out.tfevents.100.a", version(100.0), scalars("loss", [3, 2, 1, 0], wall_time=100), again)


def duplicate_steps(run: Path) -> None:
    write(run / "events.out.tfevents.1.a", version(), *(scalar("loss", 7, value, value) for value in (1.0, 2.0, 3.0)))


def several_values_in_an_event(run: Path) -> None:
    pairs = [[Summary.Value(tag=tag, simple_value=step) for tag in ("loss", "val_loss")] for step in range(4)]
    write(run / "events.out.tfevents.1.a", version(), *(valued(*pair, step=i) for i, pair in enumerate(pairs)))


def every_type_of_number(run: Path) -> None:
    types = ["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "bool"]
    each = [valued(tensor(name, True if name == "bool" else 3, name), step=1) for name in types]
    write(run / "events.out.tfevents.1.a", version(), *each, valued(tensor("tenth", 0.1, "float64")))


def shapes_of_one_element(run: Path) -> None:
    each = [valued(tensor(tag, value)) for tag, value in (("scalar", 0.5), ("vector", [0.5]), ("matrix", [[0.5]]))]
    write(run / "events.out.tfevents.1.a", version(), *each)


def values_that_are_not_finite(run: Path) -> None:
    numbers = [1.0, math.nan, math.inf, -math.inf, -0.0, 1e-45]
    write(run / "events.out.tfevents.1.a", version(), scalars("loss", numbers))


def a_truncated_tail(run: Path) -> None:
    write(run / "events.out.tfevents.1.a", (version() + scalars("loss", [3, 2, 1]))[:-3])


def a_damaged_middle(run: Path) -> None:
    octets = bytearray(version() + scalars("loss", range(10)))
    octets[len(octets) // 2] ^= 0x10
    write(run / "events.out.tfevents.1.a", bytes(octets))


def metadata_named_once(run: Path) -> None:
    bare = [Summary.Value(tag="loss", tensor=tensor_util.make_tensor_proto(value)) for value in (2.0, 1.0)]
    rest = [valued(value, step=1 + step) for step, value in enumerate(bare)]
    write(run / "events.out.tfevents.1.a", version(), valued(tensor("loss", 3.0)), *rest)


def steps_beyond_32_bits_and_below_zero(run: Path) -> None:
    write(run / "events.out.tfevents.1.a", version(), *(scalar("loss", s, 1.0, 0.0) for s in (-5, 2**40, 2**62)))


def a_run_within_a_run_and_a_marker(run: Path) -> None:
    write(run / "events.out.tfevents.1.a.v2", version(), scalars("loss", [1.0]))
    write(run / "deeper" / "copy of tfevents (2)", version(), scalars("loss", [2.0]))
    write(run / "profiled" / "events.out.tfevents.1.profile-empty", version(), scalars("loss", [3.0]))


CASES = [
    restart_in_a_second_file,
    restart_in_the_same_file,
    duplicate_steps,
    several_values_in_an_event,
    every_type_of_number,
    shapes_of_one_element,
    values_that_are_not_finite,
    a_truncated_tail,
    a_damaged_middle,
    metadata_named_once,
    steps_beyond_32_bits_and_below_zero,
    a_run_within_a_run_and_a_marker,
]


@pytest.mark.usefixtures("decoder")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_both_have_the_same_points_in_the_same_order(case: Callable[[Path], None], tmp_path: Path) -> None:
    case(tmp_path / "run")
    theirs, mine = Both(tmp_path).read()
    assert mine == theirs
    assert any(mine.values())


@pytest.mark.parametrize("logdir", RECORDED, ids=lambda logdir: logdir.parent.name)
def test_both_have_the_same_points_of_what_frameworks_write(logdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs, mine = Both(logdir).read()
    assert mine == theirs
    assert any(mine.values())
    monkeypatch.setattr(follower, "Decoder", reference.Decoder)
    reader = LogReader({"": str(logdir)})
    reader.refresh()
    assert ours(reader) == theirs


@pytest.mark.usefixtures("decoder")
def test_two_files_that_grow_in_turns_are_both_followed(tmp_path: Path) -> None:
    files = [write(tmp_path / f"events.out.tfevents.{i}.host", version(i)) for i in (1, 2)]
    both = Both(tmp_path)
    for step in range(0, 12, 3):
        for file, tag in zip(files, ("loss", "val_loss"), strict=True):
            append(file, scalars(tag, [0.5, 0.4, 0.3], first_step=step, wall_time=10 + step))
        theirs, mine = both.read()
        assert mine == theirs
        assert {len(points) for points in mine.values()} == {step + 3}


@pytest.mark.usefixtures("decoder")
def test_points_of_one_tag_from_two_live_files_are_all_there(tmp_path: Path) -> None:
    files = [write(tmp_path / f"events.out.tfevents.{i}.host", version(i)) for i in (1, 2)]
    both = Both(tmp_path)
    both.read()
    for step in range(3):
        for file in files:
            append(file, scalar("loss", step, step))
        theirs, mine = both.read()
        assert Counter(mine[".", "loss"]) == Counter(theirs[".", "loss"])


@pytest.mark.parametrize(
    ("form", "number"),
    [
        (TensorProto(dtype="DT_UINT32", uint32_val=[2**32 - 1]), 2.0**32 - 1),
        (TensorProto(dtype="DT_UINT64", uint64_val=[2**53]), 2.0**53),
        (TensorProto(dtype="DT_BFLOAT16", half_val=[0x3F00]), 0.5),
        (TensorProto(dtype="DT_BFLOAT16", tensor_content=b"\x00\x3f"), 0.5),
    ],
)
def test_numbers_that_numpy_does_not_know_are_read(form: TensorProto, number: float, tmp_path: Path) -> None:
    value = Summary.Value(tag="loss", metadata=SCALARS, tensor=form)
    write(tmp_path / "events.out.tfevents.1", version(), valued(value))
    reader = LogReader({"": str(tmp_path)})
    reader.refresh()
    assert ours(reader)[".", "loss"] == [(0, 0.0, repr(number))]
