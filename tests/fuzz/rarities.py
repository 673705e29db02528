"""Events that no writer writes but somebody could, for a fuzzer to begin with."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING
from typing import Any

from tensorboard.compat.proto import types_pb2
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto

from tests.events.test_decoders import plugin

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS = (-1, -(2**63), 2**63 - 1, 2**53 + 1)
# Of a record that is announced and does not follow: the longest there may be and beyond, to where sums overflow.
LENGTHS = (2**31 - 1, 2**31, 2**63 - 17, 2**63 - 1, 2**63, 2**64 - 16, 2**64 - 1)
_ELEMENTS: dict[int, dict[str, Any]] = {
    types_pb2.DT_FLOAT: {"float_val": [1.5]},
    types_pb2.DT_DOUBLE: {"double_val": [float("nan")]},
    types_pb2.DT_INT8: {"int_val": [-1]},
    types_pb2.DT_INT16: {"int_val": [2**15]},
    types_pb2.DT_INT32: {"int_val": [-(2**31)]},
    types_pb2.DT_UINT8: {"int_val": [255]},
    types_pb2.DT_UINT16: {"int_val": [2**16]},
    types_pb2.DT_UINT32: {"uint32_val": [2**32 - 1]},
    types_pb2.DT_UINT64: {"uint64_val": [2**64 - 1]},
    types_pb2.DT_INT64: {"int64_val": [-(2**63)]},
    types_pb2.DT_BOOL: {"bool_val": [True]},
    types_pb2.DT_HALF: {"half_val": [0x7C00]},
    types_pb2.DT_BFLOAT16: {"half_val": [0xFFFF]},
}
_SIZES = ([1, 1, 1], [0], [-1], [2**62, 2**62])
# The second is deeper than protocol buffers go.
_DEPTHS = (3, 150)


def rarities() -> Iterator[bytes]:
    """Serialized events: steps at the ends of their range, each type of tensor, messages in messages, odd encodings."""
    for step in STEPS:
        yield _event(step, simple_value=0.5)
    for dtype, elements in _ELEMENTS.items():
        yield _event(1, tensor=TensorProto(dtype=dtype, **elements))
        yield _event(1, tensor=TensorProto(dtype=dtype, tensor_content=b"\1\0\0\0\0\0\0\0"))
    for sizes in _SIZES:
        shape = TensorShapeProto(dim=[TensorShapeProto.Dim(size=size) for size in sizes])
        yield _event(1, tensor=TensorProto(dtype=types_pb2.DT_FLOAT, float_val=[1.5], tensor_shape=shape))
    for depth in _DEPTHS:
        yield _raw_tensor(_nested(b"", 15, 3, depth=depth))
        yield _hparams(_nested(b"\x20\x01", 6, 1, depth=depth))
        yield b"\xfb\x01" * depth + b"\xfc\x01" * depth  # groups of an unknown field
    number = struct.pack("<f", 1.5)
    yield _raw_tensor(b"\x08\x01\x2d" + number)  # not packed
    yield _raw_tensor(b"\x08\x01" + _field(5, number) * 2)  # packed twice
    loss = _field(1, _field(1, b"loss") + b"\x15" + number)
    yield b"\x10\x80\x00" + _field(5, loss)  # a longer zero than need be
    yield _field(5, loss * 2) * 2  # summaries to be merged
    for name in (_field(1, b"\xff"), _field(1, b"t" * 3000), _field(7, b"a node's")):
        yield _field(5, _field(1, name + b"\x15" + number))
    # What ends too early: a wall time, a step, a summary, a type, numbers of a tensor and of a histogram.
    yield from (b"\x09\0", b"\x10\x80", b"\x2a\x7f", _raw_tensor(b"\x08\x80"), _raw_tensor(_field(5, b"\0" * 3)))
    yield _field(5, _field(1, _field(1, b"loss") + _field(5, _field(6, b"\0" * 3))))


def _event(step: int, **content: object) -> bytes:
    summary = Summary(value=[Summary.Value(tag="loss", metadata=plugin("scalars"), **content)])
    serialized: bytes = Event(step=step, summary=summary).SerializeToString()
    return serialized


def _raw_tensor(tensor: bytes) -> bytes:
    return _field(5, _field(1, _field(1, b"loss") + _field(8, tensor)))


def _hparams(value: bytes) -> bytes:
    session = _field(3, _field(1, _field(1, b"lr") + _field(2, value)))
    start = Summary.Value(tag="_hparams_/session_start_info", metadata=plugin("hparams", session))
    return _field(5, _field(1, start.SerializeToString()))


def _nested(innermost: bytes, *fields: int, depth: int) -> bytes:
    message = innermost
    for _ in range(depth):
        for field in reversed(fields):
            message = _field(field, message)
    return message


def _field(number: int, content: bytes) -> bytes:
    """A field of bytes, in wire format."""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    return bytes([number & 0x7F | 0x80]) + _varint(number >> 7) if number > 0x7F else bytes([number])
