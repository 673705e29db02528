from __future__ import annotations

import pytest
from hypothesis import given
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.tensor_pb2 import TensorProto

from tb_lossgap.events import messages
from tb_lossgap.events.errors import NotAnEventError
from tb_lossgap.events.messages import event_of
from tests.events.test_decoders import events

LOSS = Event(step=3, wall_time=2.0, summary=Summary(value=[Summary.Value(tag="loss", simple_value=0.5)]))
RECORD = LOSS.SerializeToString()


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes every record a long one."""
    monkeypatch.setattr(messages, "_LONG", 0)


@given(events)
def test_a_long_event_is_what_protocol_buffers_read_of_it_but_for_tensors(event: Event) -> None:
    record = event.SerializeToString()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(messages, "_LONG", 0)
        parsed, values = event_of(record)
        found = [value.SerializeToString(deterministic=True) for value in values]
    # Not `event` itself: protocol buffers in Python forget the sign of NaN when they read.
    known = Event.FromString(record)
    for value in known.summary.value:
        if value.HasField("tensor"):
            value.tensor.Clear()
            value.tensor.SetInParent()
    assert found == [value.SerializeToString(deterministic=True) for value in known.summary.value]
    assert (parsed.step, repr(parsed.wall_time)) == (known.step, repr(known.wall_time))


@pytest.mark.usefixtures("long")
@pytest.mark.parametrize(
    "record",
    [RECORD, RECORD + RECORD, RECORD + Event(file_version="2").SerializeToString(), b"\xa2\x06\x03new" + RECORD],
    ids=["one", "several summaries", "something else in its place", "unknown fields"],
)
def test_what_is_said_twice_counts_as_protocol_buffers_have_it(record: bytes) -> None:
    parsed, values = event_of(record)
    known = Event.FromString(record)
    assert parsed.step == known.step
    assert list(values) == list(known.summary.value)


@pytest.mark.usefixtures("long")
@pytest.mark.parametrize("cut", range(1, len(RECORD)))
def test_a_long_event_that_is_cut_off_is_none(cut: int) -> None:
    try:
        known = Event.FromString(RECORD[:cut])
    except messages.UNPARSABLE:
        with pytest.raises(NotAnEventError):
            event_of(RECORD[:cut])
    else:
        assert list(event_of(RECORD[:cut])[1]) == list(known.summary.value)


@pytest.mark.usefixtures("long")
@pytest.mark.parametrize(
    "ending", [b"\x2b", b"\x2a\x7f", b"\x10" + b"\xff" * 10, b"\xff", b"\x09\0", b"\x2a\x02\x0a\x01"]
)
def test_what_is_no_message_is_no_event(ending: bytes) -> None:
    with pytest.raises(NotAnEventError):
        event_of(RECORD + ending)


def test_a_short_value_in_a_long_record_keeps_its_tensor(monkeypatch: pytest.MonkeyPatch) -> None:
    short = Summary.Value(tag="loss", tensor=TensorProto(dtype=1, float_val=[2.5]))
    large = Summary.Value(tag="image", tensor=TensorProto(dtype=7, string_val=[b"x" * 100]))
    monkeypatch.setattr(messages, "_LONG", 60)
    _, values = event_of(Event(summary=Summary(value=[large, short])).SerializeToString())
    image, loss = values
    assert (image.tag, image.WhichOneof("value"), image.tensor) == ("image", "tensor", TensorProto())
    assert loss == short


@pytest.mark.usefixtures("long")
def test_more_values_than_any_writer_logs_are_no_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_MOST_FIELDS", 10)
    values = [Summary.Value(tag="loss", simple_value=0.5)]
    _, found = event_of(Event(summary=Summary(value=values * 10)).SerializeToString())
    assert len(list(found)) == 10
    with pytest.raises(NotAnEventError):
        event_of(Event(summary=Summary(value=values * 11)).SerializeToString())
