"""Tensors that hold a single number."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING
from typing import NamedTuple

from tensorboard.compat.proto import types_pb2

if TYPE_CHECKING:
    from tensorboard.compat.proto.tensor_pb2 import TensorProto


class _Form(NamedTuple):
    """How a type's numbers lie in a TensorProto: in a list of its own, or as bytes of a struct format."""

    field: str
    bytes: str


_FORMS = {
    types_pb2.DT_FLOAT: _Form("float_val", "<f"),
    types_pb2.DT_DOUBLE: _Form("double_val", "<d"),
    types_pb2.DT_INT8: _Form("int_val", "<b"),
    types_pb2.DT_INT16: _Form("int_val", "<h"),
    types_pb2.DT_INT32: _Form("int_val", "<i"),
    types_pb2.DT_INT64: _Form("int64_val", "<q"),
    types_pb2.DT_UINT8: _Form("int_val", "<B"),
    types_pb2.DT_UINT16: _Form("int_val", "<H"),
    types_pb2.DT_UINT32: _Form("uint32_val", "<I"),
    types_pb2.DT_UINT64: _Form("uint64_val", "<Q"),
    types_pb2.DT_BOOL: _Form("bool_val", "<?"),
    types_pb2.DT_HALF: _Form("half_val", "<e"),
    types_pb2.DT_BFLOAT16: _Form("half_val", "<f"),
}


def scalar_of(tensor: TensorProto) -> float | None:
    """Gives the one number of a tensor of rank 0, or of any rank with a single element; None for every other tensor.

    Strings, complex and quantised numbers are no scalars. Integers above 2**53 are rounded to the nearest float64.
    """
    form = _FORMS.get(tensor.dtype)
    if form is None or any(dimension.size != 1 for dimension in tensor.tensor_shape.dim):
        return None
    content: bytes = tensor.tensor_content
    if not content:
        numbers = getattr(tensor, form.field)
        if len(numbers) != 1:
            return None
        if form.field != "half_val":
            return float(numbers[0])
        content = struct.pack("<H", numbers[0] & 0xFFFF)
    if tensor.dtype == types_pb2.DT_BFLOAT16:
        # The upper half of a float32.
        content = b"\0\0" + content
    if len(content) != struct.calcsize(form.bytes):
        return None
    return float(struct.unpack(form.bytes, content)[0])
