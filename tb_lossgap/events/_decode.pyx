# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The native reader of event files: framing, checksums and scalars straight into columns, without the GIL.

It takes only records of the plainest form, in which every field occurs once and nothing is unknown; there is one way to
understand those. Every other record goes to the reference decoder, whole and in its turn, and so does the first of a
file unless it tells the file's version and nothing else. So both readers tell the same of any bytes.
"""

cimport cython
from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdint cimport int64_t, uint8_t, uint64_t
from libc.stdlib cimport free
from libc.string cimport memcpy

from tb_lossgap.events._checksum cimport Checksums, has_crc_instruction, is_sound, prepare
from tb_lossgap.events._rows cimport ALL, NO_ROOM, Rows, Taken, take_rows
from tb_lossgap.events._tags cimport (
    HPARAMS, NOWHERE, OTHERS, SCALARS, Role, Tag, Tags, add_point, add_tag, are_equal, find_tag, free_tags
)
from tb_lossgap.events._wire cimport (
    NUMBER, SIMPLE, TENSOR, Row, Span,
    take_bytes, take_new_field, take_plugin, take_scalar, take_span, take_text, take_varint,
)

import sys
from functools import partial

import numpy as np

from tb_lossgap.events import framing
from tb_lossgap.events import records
from tb_lossgap.events.columns import Columns
from tb_lossgap.events.errors import NotAnEventError

if sys.byteorder != "little":
    raise ImportError("the native reader knows little-endian machines only")

cdef enum:
    HEADER = 12
    OVERHEAD = 16
    LONGEST = 0x7FFFFFFF
    BEGINNING = 4096

cdef enum Outcome:
    DONE
    NOT_WHOLE
    BAD_LENGTH
    BAD_RECORD
    TOO_LONG
    UNUSUAL
    NEW_TAG
    NO_MEMORY

_INT64 = np.dtype(np.int64)
_FLOAT64 = np.dtype(np.float64)
_ROLES = {records.SCALARS: SCALARS, records.HPARAMS: HPARAMS}
_DAMAGE = {
    BAD_LENGTH: framing.BAD_LENGTH,
    BAD_RECORD: framing.BAD_RECORD,
    TOO_LONG: framing.TOO_LONG,
}

cdef Checksums CHECKSUMS
prepare(&CHECKSUMS)


def use_crc_instruction(*, bint use):
    """Has checksums computed by the processor's instruction for them, where it has one, or by tables."""
    CHECKSUMS.by_instruction = use and has_crc_instruction()


cdef object as_array(void** column, Py_ssize_t size, object dtype):
    """Moves what a column holds into an array that takes up no more than that."""
    numbers = PyBytes_FromStringAndSize(<const char*>column[0], size * 8)
    free(column[0])
    column[0] = NULL
    return np.frombuffer(numbers, dtype)


cdef inline Span span_of(bytes data):
    """Points at bytes that somebody else must keep alive."""
    cdef const uint8_t* at = data
    return Span(at, at + len(data))


cdef inline bytes bytes_of(Span span):
    return PyBytes_FromStringAndSize(<const char*>span.at, span.end - span.at)


@cython.final
cdef class Decoder:
    """Turns the bytes of one event file, given block by block, into columns by tag; see `reference.Decoder`."""

    cdef public object damage
    cdef readonly object records
    cdef object _wanted
    cdef bint _is_started
    cdef double _first_wall_time
    cdef Tags _tags
    # The tags point into these: names as bytes with their index, names in the tags' order, metadata by index.
    cdef dict _indices
    cdef list _names
    cdef dict _metadata
    cdef int _last
    # The record at hand.
    cdef Rows _rows
    cdef int64_t _step
    cdef double _wall_time

    def __init__(self, wanted):
        self.damage = None
        self.records = records.RecordDecoder()
        self._wanted = wanted
        self._indices = {}
        self._names = []
        self._metadata = {}

    def __dealloc__(self):
        free_tags(&self._tags)
        free(self._rows.at)

    def feed(self, bytes data not None):
        """Decodes the whole records at the beginning of `data`; gives the number of bytes that they take."""
        cdef const uint8_t* start = data
        cdef const uint8_t* end = start + len(data)
        cdef const uint8_t* head = start
        # The first records bring the tags, for which the GIL is needed again at once.
        cdef const uint8_t* until = start + BEGINNING if len(data) > BEGINNING else end
        cdef Span record
        cdef Outcome outcome
        while True:
            if until < end:
                outcome = self._scan(&head, until, &record)
                if outcome == NOT_WHOLE:
                    until = end
                    continue
            else:
                with nogil:
                    outcome = self._scan(&head, end, &record)
            if outcome == NO_MEMORY:
                raise MemoryError
            if outcome == NEW_TAG and self._learn():
                if self._add_rows() == NO_MEMORY:
                    raise MemoryError
            elif outcome == NEW_TAG or outcome == UNUSUAL:
                try:
                    self._refer(bytes_of(record))
                except NotAnEventError:
                    self.damage = framing.NOT_AN_EVENT
                    break
            else:
                self.damage = _DAMAGE.get(outcome)
                break
            head = record.end + 4
        self._tell_first()
        return head - start

    def take(self):
        """Hands over the points decoded since the last time, by tag in the order of first appearance."""
        cdef Tag* tag
        cdef int index
        cdef Py_ssize_t size
        taken = {}
        for index in range(self._tags.count):
            tag = &self._tags.at[index]
            size = tag.size
            if not size:
                continue
            tag.size = tag.room = 0
            taken[self._names[index]] = Columns(
                as_array(<void**>&tag.steps, size, _INT64),
                as_array(<void**>&tag.wall_times, size, _FLOAT64),
                as_array(<void**>&tag.values, size, _FLOAT64),
            )
        return taken

    cdef Outcome _scan(self, const uint8_t** head, const uint8_t* end, Span* record) noexcept nogil:
        """Decodes records from `head` on, up to the first that needs more than this."""
        cdef uint64_t length
        cdef Outcome outcome
        while end - head[0] >= HEADER:
            memcpy(&length, head[0], 8)
            if not is_sound(&CHECKSUMS, head[0], 8):
                return BAD_LENGTH
            if length > LONGEST:
                return TOO_LONG
            if <uint64_t>(end - head[0]) < length + OVERHEAD:
                return NOT_WHOLE
            record.at = head[0] + HEADER
            record.end = record.at + length
            if not is_sound(&CHECKSUMS, record.at, length):
                return BAD_RECORD
            outcome = self._decode(record[0])
            if outcome != DONE:
                return outcome
            head[0] = record.end + 4
        return NOT_WHOLE

    cdef Outcome _decode(self, Span event) noexcept nogil:
        """Decodes one record; its scalars are in the rows, and in the columns when it is DONE."""
        cdef Span summary, version
        cdef uint64_t step = 0, seen = 0
        cdef int field, position
        cdef Row* row
        cdef Taken taken
        cdef Outcome outcome = DONE
        if self._is_started and self._rows.room and take_scalar(event, &self._wall_time, &step, self._rows.at):
            event.at = event.end
            self._rows.count = 1
        else:
            step = 0
            self._wall_time = 0
            self._rows.count = 0
        while event.at < event.end:
            if not take_new_field(&event, &seen, &field):
                return UNUSUAL
            if field == 0x09:
                if not take_bytes(&event, &self._wall_time, 8):
                    return UNUSUAL
            elif field == 0x10:
                if not take_varint(&event, &step):
                    return UNUSUAL
            elif field == 0x1A and not self._is_started:
                if not take_text(&event, &version):
                    return UNUSUAL
            elif field == 0x2A and self._is_started:
                if not take_span(&event, &summary):
                    return UNUSUAL
                taken = take_rows(&self._rows, summary)
                if taken != ALL:
                    return NO_MEMORY if taken == NO_ROOM else UNUSUAL
            else:
                return UNUSUAL
        if not self._is_started:
            self._is_started = True
            self._first_wall_time = self._wall_time
        self._step = <int64_t>step
        for position in range(self._rows.count):
            row = &self._rows.at[position]
            if not self._recognise(row):
                outcome = NEW_TAG
            elif not self._is_plain(row):
                return UNUSUAL
        return self._add_rows() if outcome == DONE else outcome

    cdef bint _recognise(self, Row* row) noexcept nogil:
        """Finds the row's tag, if it is known with this metadata."""
        # Most trainings log their tags again and again in the same order.
        self._last = find_tag(&self._tags, row.tag, self._last + 1 if self._last + 1 < self._tags.count else 0)
        row.index = self._last
        if row.index == NOWHERE:
            return False
        return row.metadata.at == row.metadata.end or are_equal(row.metadata, self._tags.at[row.index].metadata)

    cdef inline bint _is_plain(self, Row* row) noexcept nogil:
        """Tells whether a row of a known tag needs nobody else."""
        cdef Role role = self._tags.at[row.index].role
        return role == OTHERS or (role == SCALARS and row.form != TENSOR)

    cdef Outcome _add_rows(self) noexcept nogil:
        cdef Row* row
        cdef int position
        for position in range(self._rows.count):
            row = &self._rows.at[position]
            if row.form == SIMPLE or row.form == NUMBER:
                if not self._add_point(row.index, row.value):
                    return NO_MEMORY
        return DONE

    cdef inline bint _add_point(self, int index, double value) noexcept nogil:
        cdef Tag* tag = &self._tags.at[index]
        return not tag.is_kept or add_point(tag, self._step, self._wall_time, value)

    cdef bint _learn(self) except -1:
        """Gets to know the tags of the rows; tells whether the record needs nobody else."""
        cdef Row* row
        cdef Span plugin
        cdef int position
        for position in range(self._rows.count):
            row = &self._rows.at[position]
            name = bytes_of(row.tag)
            metadata = bytes_of(row.metadata)
            index = self._indices.get(name)
            if index is None or metadata:
                if not take_plugin(row.metadata, &plugin):
                    return False
                try:
                    tag = name.decode()
                except ValueError:
                    return False
                owner = self.records.owner(tag, bytes_of(plugin).decode(), simple=row.form == SIMPLE)
                if index is None:
                    index = self._enter(tag, name, _ROLES.get(owner, OTHERS))
                self._metadata[index] = metadata
                self._tags.at[<int>index].metadata = span_of(metadata)
            row.index = index
            if not self._is_plain(row):
                return False
        return True

    cdef int _tell_first(self) except -1:
        """Lets the reference know of a first record that it has not seen."""
        if self._is_started and self.records.first_wall_time is None:
            self.records.first_wall_time = self._first_wall_time
        return 0

    cdef int _refer(self, bytes record) except -1:
        """Lets the reference decode a record."""
        self._tell_first()
        self.records.decode(record, self._columns_of)
        self._is_started = True
        return 0

    def _columns_of(self, str tag not None):
        """Gives what the reference appends the points of a tag to."""
        name = tag.encode()
        index = self._indices.get(name)
        if index is None:
            index = self._enter(tag, name, SCALARS)
        return self._append_step, self._append_wall_time, partial(self._append_value, index)

    def _append_step(self, int64_t step):
        self._step = step

    def _append_wall_time(self, double wall_time):
        self._wall_time = wall_time

    def _append_value(self, int index, double value):
        if not self._add_point(index, value):
            raise MemoryError

    cdef int _enter(self, str name, bytes data, Role role) except -1:
        """Adds a tag; gives its index."""
        cdef bint is_kept = role == SCALARS and self._wanted(name)
        cdef int index = add_tag(&self._tags, span_of(data))
        if index == NOWHERE:
            raise MemoryError
        self._tags.at[index].role = role
        self._tags.at[index].is_kept = is_kept
        self._indices[data] = index
        self._names.append(name)
        return index
