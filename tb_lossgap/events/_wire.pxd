"""Summaries in protocol buffers' wire format, taken only in their plainest form.

Every function takes something off the beginning of a span of bytes, and tells whether it was there in the form that
there is one way to understand: shortest numbers, each field once, none unknown. Bounds are checked at every step.
"""

from libc.stdint cimport uint8_t, uint64_t
from libc.string cimport memcpy, memset


cdef struct Span:
    const uint8_t* at
    const uint8_t* end


cdef enum Form:
    SIMPLE  # a simple_value
    NUMBER  # a tensor of a single float32 or float64
    TENSOR  # any other tensor
    HISTOGRAM  # a histo


cdef struct Row:
    Span tag
    Span metadata
    Form form
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


cdef inline bint is_ascii(Span text) noexcept nogil:
    while text.at < text.end:
        if text.at[0] >= 0x80:
            return False
        text.at += 1
    return True


cdef inline bint take_text(Span* span, Span* text) noexcept nogil:
    """Takes a field of ASCII characters, which are UTF-8 whatever they are."""
    return take_span(span, text) and is_ascii(text[0])


cdef inline bint take_new_field(Span* span, uint64_t* seen, int* field) noexcept nogil:
    """Takes the beginning of a field that was not there before, its number below 16."""
    cdef uint64_t bit
    field[0] = span.at[0]
    span.at += 1
    bit = <uint64_t>1 << (field[0] >> 3)
    if field[0] >= 0x80 or seen[0] & bit:
        return False
    seen[0] |= bit
    return True


cdef inline bint take_shape(Span shape, bint* is_single) noexcept nogil:
    """Takes the sizes of dimensions; tells whether together they are a single element's."""
    cdef Span dimension
    cdef uint64_t size
    is_single[0] = True
    while shape.at < shape.end:
        if shape.at[0] != 0x12:
            return False
        shape.at += 1
        if not take_span(&shape, &dimension) or dimension.at == dimension.end or dimension.at[0] != 0x08:
            return False
        dimension.at += 1
        if not take_varint(&dimension, &size) or dimension.at != dimension.end:
            return False
        is_single[0] &= size == 1
    return True


cdef inline bint take_tensor(Span tensor, Row* row) noexcept nogil:
    """Takes a tensor whose elements are bytes, float32, float64 or strings."""
    cdef uint64_t dtype = 0, seen = 0
    cdef Span shape, elements
    cdef Py_ssize_t size = 0
    cdef int field, kind = 0
    cdef bint is_single = True
    cdef const uint8_t* number = NULL
    cdef float single
    while tensor.at < tensor.end:
        if tensor.at[0] == 0x42 and kind == 0x42:
            seen &= ~(<uint64_t>1 << 8)
        if not take_new_field(&tensor, &seen, &field):
            return False
        if field == 0x08:
            if not take_varint(&tensor, &dtype):
                return False
        elif field == 0x12:
            if not take_span(&tensor, &shape) or not take_shape(shape, &is_single):
                return False
        elif field == 0x22 or field == 0x2A or field == 0x32 or field == 0x42:
            if (kind and kind != 0x42) or not take_span(&tensor, &elements):
                return False
            kind = field
            number = elements.at
            size = elements.end - elements.at
            if (field == 0x2A and size % 4) or (field == 0x32 and size % 8):
                return False
        else:
            return False
    row.form = TENSOR
    if is_single and dtype == 1 and (kind == 0x22 or kind == 0x2A) and size == 4:
        memcpy(&single, number, 4)
        row.value = single
        row.form = NUMBER
    elif is_single and dtype == 2 and (kind == 0x22 or kind == 0x32) and size == 8:
        memcpy(&row.value, number, 8)
        row.form = NUMBER
    return True


cdef inline bint take_histogram(Span histogram) noexcept nogil:
    """Takes a histogram of TensorFlow 1: numbers in float64, one by one or in lists."""
    cdef uint64_t seen = 0
    cdef Span numbers
    cdef double number
    cdef int field
    while histogram.at < histogram.end:
        if not take_new_field(&histogram, &seen, &field):
            return False
        if field == 0x32 or field == 0x3A:
            if not take_span(&histogram, &numbers) or (numbers.end - numbers.at) % 8:
                return False
        elif field & 7 != 1 or field > 0x29 or not take_bytes(&histogram, &number, 8):
            return False
    return True


cdef inline bint take_value(Span value, Row* row) noexcept nogil:
    """Takes a summary's value with a tag."""
    cdef uint64_t seen = 0
    cdef int field, forms = 0
    cdef Span inner
    cdef float single
    memset(row, 0, sizeof(Row))
    while value.at < value.end:
        if not take_new_field(&value, &seen, &field):
            return False
        if field == 0x0A:
            if not take_span(&value, &row.tag):
                return False
        elif field == 0x4A:
            if not take_span(&value, &row.metadata):
                return False
        elif field == 0x15:
            if not take_bytes(&value, &single, 4):
                return False
            row.value = single
            row.form = SIMPLE
            forms += 1
        elif field == 0x42:
            if not take_span(&value, &inner) or not take_tensor(inner, row):
                return False
            forms += 1
        elif field == 0x2A:
            if not take_span(&value, &inner) or not take_histogram(inner):
                return False
            row.form = HISTOGRAM
            forms += 1
        else:
            return False
    return row.tag.at != row.tag.end and forms == 1


cdef inline bint take_short_span(Span* span, uint8_t field, Span* inner) noexcept nogil:
    """Takes a field of less than 128 bytes that begins with its length."""
    if span.end - span.at < 2 or span.at[0] != field or span.at[1] >= 0x80 or span.at[1] > span.end - span.at - 2:
        return False
    inner.at = span.at + 2
    inner.end = span.at = inner.at + span.at[1]
    return True


cdef inline bint take_scalar(Span event, double* wall_time, uint64_t* step, Row* row) noexcept nogil:
    """Takes an event of a single simple value without metadata, fields in their order: most events are no other."""
    cdef Span summary, value
    cdef float single
    if event.end - event.at < 11 or event.at[0] != 0x09 or event.at[9] != 0x10:
        return False
    memcpy(wall_time, event.at + 1, 8)
    event.at += 10
    if not (
        take_varint(&event, step)
        and take_short_span(&event, 0x2A, &summary)
        and event.at == event.end
        and take_short_span(&summary, 0x0A, &value)
        and summary.at == summary.end
        and take_short_span(&value, 0x0A, &row.tag)
        and row.tag.at != row.tag.end
        and value.end - value.at == 5
        and value.at[0] == 0x15
    ):
        return False
    memcpy(&single, value.at + 1, 4)
    row.value = single
    row.form = SIMPLE
    row.metadata.at = row.metadata.end = NULL
    return True


cdef inline bint take_plugin(Span metadata, Span* name) noexcept nogil:
    """Takes the name of the plugin, or nothing, out of a summary's metadata."""
    cdef uint64_t seen = 0, inner_seen = 0, data_class
    cdef Span plugin, other
    cdef int field
    name.at = name.end = NULL
    while metadata.at < metadata.end:
        if not take_new_field(&metadata, &seen, &field):
            return False
        if field == 0x0A:
            if not take_span(&metadata, &plugin):
                return False
            while plugin.at < plugin.end:
                if not take_new_field(&plugin, &inner_seen, &field):
                    return False
                if not (take_text(&plugin, name) if field == 0x0A else field == 0x12 and take_span(&plugin, &other)):
                    return False
        elif field == 0x12 or field == 0x1A:
            if not take_text(&metadata, &other):
                return False
        elif field != 0x20 or not take_varint(&metadata, &data_class):
            return False
    return True
