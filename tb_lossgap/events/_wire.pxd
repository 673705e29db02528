"""Summaries in protocol buffers' wire format, taken only in their plainest form.

Every function takes something off the beginning of a span of bytes, and tells whether it was there in the form that
there is one way to understand: shortest numbers, each field once, none unknown. Bounds are checked at every step.
"""

from libc.stdint cimport uint8_t, uint64_t
from libc.string cimport memcmp, memcpy, memset


cdef struct Span:
    const uint8_t* at
    const uint8_t* end


cdef struct Row:
    Span tag
    Span metadata
    bint has_tensor
    double value
    int index


cdef inline bint take_varint(Span* span, uint64_t* number) noexcept nogil:
    """Takes a number in its shortest form."""
    cdef int shift = 0
    cdef uint64_t byte
    number[0] = 0
    while span.at < span.end and shift < 70:
        byte = span.at[0]
        span.at += 1
        number[0] |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (byte != 0 or shift == 0) and (shift < 63 or byte == 1)
        shift += 7
    return False


cdef inline bint take_span(Span* span, Span* inner) noexcept nogil:
    """Takes a field that begins with its length."""
    cdef uint64_t size
    if not take_varint(span, &size) or size > <uint64_t>(span.end - span.at):
        return False
    inner.at = span.at
    inner.end = span.at = span.at + size
    return True


cdef inline bint take_bytes(Span* span, void* target, int size) noexcept nogil:
    if span.end - span.at < size:
        return False
    memcpy(target, span.at, size)
    span.at += size
    return True


cdef inline bint take_tensor(Span tensor, double* value) noexcept nogil:
    """Takes the number of a float32 or float64 tensor of shape [] or [1] that is written in the usual way."""
    cdef uint64_t dtype = 0
    cdef Span shape, numbers = Span(NULL, NULL)
    cdef int seen = 0, field, kind = 0
    cdef float single
    while tensor.at < tensor.end:
        field = tensor.at[0]
        tensor.at += 1
        if field >> 3 > 6 or seen & (1 << (field >> 3)):
            return False
        seen |= 1 << (field >> 3)
        if field == 0x08:
            if not take_varint(&tensor, &dtype):
                return False
        elif field == 0x12:
            if not take_span(&tensor, &shape):
                return False
            if shape.end != shape.at and (shape.end - shape.at != 4 or memcmp(shape.at, b"\x12\x02\x08\x01", 4) != 0):
                return False
        elif field == 0x22 or field == 0x2A or field == 0x32:
            if kind or not take_span(&tensor, &numbers):
                return False
            kind = field
        else:
            return False
    if dtype == 1 and (kind == 0x22 or kind == 0x2A) and numbers.end - numbers.at == 4:
        memcpy(&single, numbers.at, 4)
        value[0] = single
        return True
    if dtype == 2 and (kind == 0x22 or kind == 0x32) and numbers.end - numbers.at == 8:
        memcpy(value, numbers.at, 8)
        return True
    return False


cdef inline bint take_value(Span value, Row* row) noexcept nogil:
    """Takes a summary's value with a tag and a number."""
    cdef int seen = 0, field
    cdef Span tensor
    cdef float single
    memset(row, 0, sizeof(Row))
    while value.at < value.end:
        field = value.at[0]
        value.at += 1
        if field >> 3 > 9 or seen & (1 << (field >> 3)):
            return False
        seen |= 1 << (field >> 3)
        if field == 0x0A:
            if not take_span(&value, &row.tag):
                return False
        elif field == 0x15:
            if not take_bytes(&value, &single, 4):
                return False
            row.value = single
        elif field == 0x42:
            if not take_span(&value, &tensor) or not take_tensor(tensor, &row.value):
                return False
            row.has_tensor = True
        elif field == 0x4A:
            if not take_span(&value, &row.metadata):
                return False
        else:
            return False
    return row.tag.at != row.tag.end and ((seen >> 2 & 1) + (seen >> 8 & 1)) == 1
