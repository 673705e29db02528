"""The native decoder against the reference: the same of any bytes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING
from typing import NamedTuple

import numpy as np
import pytest
from google.protobuf.struct_pb2 import Value
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import HistogramProto
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.summary_pb2 import SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tensorboard.util.tensor_util import make_tensor_proto

from tb_lossgap.events import _decode
from tb_lossgap.events import reference
from tests.events.mutation import mutated
from tests.events.records import field
from tests.events.records import framed
from tests.events.records import version

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    Points = list[tuple[int, str, str]]

NATIVE = _decode.Decoder
REFERENCE = reference.Decoder


class Reading(NamedTuple):
    """All that can be told of a file's bytes; numbers as text, in which NaN equals itself."""

    points: dict[str, Points]
    offset: int
    damage: str | None
    hparams: str
    first_wall_time: str


def read(decoder_class: type[NATIVE | REFERENCE], data: bytes, block: int = 1 << 20) -> Reading:
    decoder = decoder_class(lambda tag: tag != "unwanted")
    points: dict[str, Points] = {}
    offset = 0
    while True:
        taken = decoder.feed(data[offset : offset + block])
        for tag, columns in decoder.take().items():
            rows = zip(*(column.tolist() for column in columns), strict=True)
            points.setdefault(tag, []).extend((step, repr(wall_time), repr(value)) for step, wall_time, value in rows)
        offset += taken
        if decoder.damage or (not taken and offset + block >= len(data)):
            hparams, first_wall_time = repr(decoder.records.hparams), repr(decoder.records.first_wall_time)
            return Reading(points, offset, decoder.damage, hparams, first_wall_time)
        block = block if taken else 2 * block


def assert_same(data: bytes, block: int = 1 << 20) -> None:
    assert read(NATIVE, data, block) == read(REFERENCE, data, block)


tags = st.sampled_from(["loss", "val_loss", "unwanted", "a/much/longer/tag/of/thirty/letters", "größe", "損失", ""])
floats = st.floats(width=32)
plugins = st.sampled_from(["scalars", "", "text", "histograms", "hparams"])
metadata = st.none() | st.builds(
    lambda name, content, display_name: SummaryMetadata(
        plugin_data=SummaryMetadata.PluginData(plugin_name=name, content=content), display_name=display_name
    ),
    plugins,
    st.binary(max_size=3),
    st.text(max_size=3),
)
shapes = st.sampled_from([[], [1], [1, 1], [2], [0]]).map(
    lambda shape: TensorShapeProto(dim=[TensorShapeProto.Dim(size=size) for size in shape])
)
tensors = st.builds(
    TensorProto,
    dtype=st.sampled_from([0, 1, 2, 3, 4, 7, 9, 10, 14, 19, 22, 23]),
    tensor_shape=st.none() | shapes,
    tensor_content=st.sampled_from([b"", b"\0\0\x80\x3f", b"\0" * 6 + b"\xf0\x3f", b"\x80\x3f", b"?"]),
    float_val=st.lists(floats, max_size=2),
    double_val=st.lists(st.floats(), max_size=2),
    int_val=st.lists(st.integers(-5, 70000), max_size=1),
    int64_val=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=1),
    half_val=st.lists(st.integers(-1, 70000), max_size=1),
    bool_val=st.lists(st.booleans(), max_size=1),
    string_val=st.lists(st.binary(max_size=2), max_size=1),
)
values = st.builds(Summary.Value, tag=tags, metadata=metadata, simple_value=floats) | st.builds(
    Summary.Value, tag=tags, metadata=metadata, tensor=tensors
)
values |= st.builds(
    Summary.Value,
    tag=tags,
    metadata=metadata,
    histo=st.builds(HistogramProto, min=st.floats(), num=st.floats(), bucket=st.lists(st.floats(), max_size=3)),
)
summaries = st.lists(values, max_size=4).map(lambda each: Summary(value=each))
steps = st.integers(-(2**63), 2**63 - 1) | st.integers(0, 300)
events = st.builds(Event, wall_time=st.floats(), step=steps, summary=summaries) | st.builds(
    Event, wall_time=st.floats(), file_version=st.just("brain.Event:2")
)
contents = events.map(lambda event: event.SerializeToString()) | st.binary(max_size=12)


@pytest.fixture(params=[True, False], ids=["instruction", "tables"])
def checksums_by(request: pytest.FixtureRequest) -> Iterator[bool]:
    _decode.use_crc_instruction(use=request.param)
    yield request.param
    _decode.use_crc_instruction(use=True)


@pytest.mark.usefixtures("checksums_by")
def test_records_of_any_length_are_verified() -> None:
    for length in range(70):
        record = framed(bytes(range(length)))
        assert read(NATIVE, record).damage != "record checksum does not match"
        for at in range(length):
            damaged = bytearray(record)
            damaged[12 + at] ^= 1 << at % 8
            assert read(NATIVE, bytes(damaged)).damage == "record checksum does not match"


@given(st.lists(contents, max_size=12), st.sampled_from([20, 64, 200, 1 << 20]))
def test_both_tell_the_same_of_any_events(contents: list[bytes], block: int) -> None:
    assert_same(version(3.0) + b"".join(map(framed, contents)), block)


@given(st.lists(contents, min_size=1, max_size=4), st.data())
def test_both_tell_the_same_of_damaged_files(contents: list[bytes], data: st.DataObject) -> None:
    octets = bytearray(b"".join(map(framed, contents)))
    at = data.draw(st.integers(0, len(octets) - 1))
    octets[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(octets)))
    assert_same(bytes(octets[:cut]))


@given(st.binary(max_size=200))
def test_both_tell_the_same_of_any_bytes(data: bytes) -> None:
    assert_same(data)
    assert_same(framed(data))


def plugin(name: str, content: bytes = b"") -> SummaryMetadata:
    return SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name=name, content=content))


def seeds() -> list[bytes]:
    """Serialized events of every form that writers write."""
    scalar_plugin = plugin("scalars")
    settings = HParamsPluginData(session_start_info={"hparams": {"lr": Value(number_value=0.1)}})
    hparams = plugin("hparams", settings.SerializeToString())
    one = TensorShapeProto(dim=[TensorShapeProto.Dim(size=1)])
    forms = [
        [Summary.Value(tag="loss", simple_value=0.5)],
        [Summary.Value(tag="loss", simple_value=0.5), Summary.Value(tag="val_loss", simple_value=-0.0)],
        [Summary.Value(tag="epoch_loss", metadata=scalar_plugin, tensor=TensorProto(dtype=1, float_val=[2.5]))],
        [
            Summary.Value(
                tag="t", metadata=scalar_plugin, tensor=TensorProto(dtype=2, double_val=[0.1], tensor_shape=one)
            )
        ],
        [Summary.Value(tag="c", metadata=scalar_plugin, tensor=TensorProto(dtype=1, tensor_content=b"\0\0\x80\x3f"))],
        [Summary.Value(tag="i", metadata=scalar_plugin, tensor=TensorProto(dtype=9, int64_val=[7]))],
        [Summary.Value(tag="h", histo=HistogramProto(min=-1.0, num=2.0, bucket_limit=[1.0, 2.0], bucket=[3.0, 4.0]))],
        [Summary.Value(tag="h2", metadata=plugin("histograms"), tensor=make_tensor_proto(np.ones((2, 3))))],
        [Summary.Value(tag="note", metadata=plugin("text"), tensor=make_tensor_proto(["told", "again"]))],
        [Summary.Value(tag="_hparams_/session_start_info", metadata=hparams, tensor=TensorProto(dtype=1))],
    ]
    whole = [Event(wall_time=1.5e9, step=300, summary=Summary(value=form)) for form in forms]
    return [event.SerializeToString() for event in [*whole, Event(file_version="brain.Event:2"), Event(graph_def=b"g")]]


@pytest.mark.parametrize("seed", range(8))
def test_both_tell_the_same_of_mutated_events(seed: int) -> None:
    chance = random.Random(seed)
    forms = seeds()
    for _ in range(250):
        file = [version(), *map(framed, chance.sample(forms, 4))]
        file.append(framed(mutated(chance, chance.choice(forms), forms)))
        file += map(framed, chance.choices(forms, k=2))
        assert_same(b"".join(file))


@pytest.mark.parametrize("decoder_class", [NATIVE, REFERENCE])
def test_a_length_beyond_any_event_is_damage_not_waited_for(decoder_class: type[NATIVE | REFERENCE]) -> None:
    header = framed(b"")[:12]
    for length in (2**31, 2**63 - 1, 2**64 - 1):
        octets = length.to_bytes(8, "little")
        reading = read(decoder_class, framed(b"") + octets + framed(octets)[-4:] + header)
        assert (reading.offset, reading.damage) == (16, "record is longer than an event can be")


def test_names_that_collide_are_told_apart() -> None:
    many = [Summary.Value(tag=f"layer{number % 400:08d}/loss", simple_value=number) for number in range(2000)]
    assert_same(
        version() + b"".join(framed(Event(summary=Summary(value=[value])).SerializeToString()) for value in many)
    )


def test_columns_are_those_of_numpy() -> None:
    decoder: Callable[..., NATIVE | REFERENCE]
    for decoder in (NATIVE, REFERENCE):
        built = decoder(bool)
        built.feed(b"".join(map(framed, seeds())))
        columns = built.take()["loss"]
        assert [column.dtype for column in columns] == [np.int64, np.float64, np.float64]
        assert not built.take()


@pytest.mark.parametrize("values", [100_000, 100_001])
def test_both_take_a_record_of_as_many_values_as_any_writer_logs_and_of_no_more(values: int) -> None:
    value = field(1, field(1, b"val_loss") + b"\x15\0\0\x80\x3f")
    assert_same(version() + framed(field(5, value * values)))
