"""The values of one record: rows that are used again for the next."""

from libc.stdlib cimport realloc

from tb_lossgap.events._wire cimport Row, Span, take_span, take_value


cdef enum:
    # A record with more values goes to the reference, which takes no more of them in.
    MOST_VALUES = 100000


cdef enum Taken:
    ALL
    NOT_PLAIN
    NO_ROOM


cdef struct Rows:
    Row* at
    int count
    int room


cdef inline Taken take_rows(Rows* rows, Span summary) noexcept nogil:
    """Takes every value of a summary."""
    cdef Span value
    cdef void* larger
    rows.count = 0
    while summary.at < summary.end:
        if rows.count == MOST_VALUES:
            return NOT_PLAIN
        if rows.count == rows.room:
            larger = realloc(rows.at, (2 * rows.room + 4) * sizeof(Row))
            if not larger:
                return NO_ROOM
            rows.at = <Row*>larger
            rows.room = 2 * rows.room + 4
        if summary.at[0] != 0x0A:
            return NOT_PLAIN
        summary.at += 1
        if not take_span(&summary, &value) or not take_value(value, &rows.at[rows.count]):
            return NOT_PLAIN
        rows.count += 1
    return ALL
