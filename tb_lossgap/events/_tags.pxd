"""The tags that the native reader knows, found by name, and their points under construction."""

from libc.stdint cimport int64_t, uint64_t
from libc.stdlib cimport calloc, free, realloc
from libc.string cimport memcmp, memcpy, memset

from tb_lossgap.events._wire cimport Span


cdef enum Role:
    SCALARS
    HPARAMS
    OTHERS  # of no use here


cdef struct Tag:
    Span name
    Span metadata
    uint64_t hash
    Role role
    bint is_kept
    Py_ssize_t size
    Py_ssize_t room
    int64_t* steps
    double* wall_times
    double* values


cdef struct Tags:
    Tag* at
    int count
    int room
    int* slots  # by hash: an index into the tags + 1
    int slot_count


cdef enum:
    # Names that are made to collide are found in slower ways than by more probes.
    PROBES = 8
    NOWHERE = -1


cdef inline uint64_t hash_of(Span name) noexcept nogil:
    cdef uint64_t result = name.end - name.at, word
    while name.end - name.at >= 8:
        memcpy(&word, name.at, 8)
        result = (result ^ word) * <uint64_t>0x9E3779B97F4A7C15
        result ^= result >> 29
        name.at += 8
    word = 0
    memcpy(&word, name.at, name.end - name.at)
    result = (result ^ word) * <uint64_t>0x9E3779B97F4A7C15
    return result ^ result >> 29


cdef inline bint are_equal(Span one, Span other) noexcept nogil:
    return one.end - one.at == other.end - other.at and memcmp(one.at, other.at, one.end - one.at) == 0


cdef inline int find_tag(const Tags* tags, Span name, int guess) noexcept nogil:
    """Gives the index of a tag, or NOWHERE; that may also be said of a tag that is there."""
    cdef uint64_t hash
    cdef int probe, slot
    if guess < tags.count and are_equal(tags.at[guess].name, name):
        return guess
    hash = hash_of(name)
    for probe in range(PROBES if tags.slot_count else 0):
        slot = tags.slots[(hash + probe) & (tags.slot_count - 1)]
        if not slot:
            break
        if tags.at[slot - 1].hash == hash and are_equal(tags.at[slot - 1].name, name):
            return slot - 1
    return NOWHERE


cdef inline void give_slot(Tags* tags, int index) noexcept nogil:
    cdef int probe
    cdef int* slot
    for probe in range(PROBES):
        slot = &tags.slots[(tags.at[index].hash + probe) & (tags.slot_count - 1)]
        if not slot[0]:
            slot[0] = index + 1
            break


cdef inline int add_tag(Tags* tags, Span name) noexcept nogil:
    """Adds a tag; gives its index, or NOWHERE without memory."""
    cdef int index = tags.count
    cdef int room = tags.room * 2 if tags.room else 4
    cdef void* larger
    if index == tags.room:
        larger = realloc(tags.at, room * sizeof(Tag))
        if not larger:
            return NOWHERE
        tags.at = <Tag*>larger
        tags.room = room
    memset(&tags.at[index], 0, sizeof(Tag))
    tags.at[index].name = name
    tags.at[index].hash = hash_of(name)
    tags.count += 1
    if 2 * tags.count <= tags.slot_count:
        give_slot(tags, index)
        return index
    free(tags.slots)
    tags.slot_count = 0
    tags.slots = <int*>calloc(4 * room, sizeof(int))
    if not tags.slots:
        return NOWHERE
    tags.slot_count = 4 * room
    for index in range(tags.count):
        give_slot(tags, index)
    return tags.count - 1


cdef inline void free_tags(Tags* tags) noexcept nogil:
    cdef int index
    for index in range(tags.count):
        free(tags.at[index].steps)
        free(tags.at[index].wall_times)
        free(tags.at[index].values)
    free(tags.at)
    free(tags.slots)


cdef inline bint widen(void** column, Py_ssize_t room) noexcept nogil:
    cdef void* larger = realloc(column[0], room * 8)
    if larger:
        column[0] = larger
    return larger != NULL


cdef inline bint add_point(Tag* tag, int64_t step, double wall_time, double value) noexcept nogil:
    """Appends a point; False without memory."""
    cdef Py_ssize_t room
    if tag.size == tag.room:
        room = tag.room * 2 if tag.room else 256
        if not (
            widen(<void**>&tag.steps, room)
            and widen(<void**>&tag.wall_times, room)
            and widen(<void**>&tag.values, room)
        ):
            return False
        tag.room = room
    tag.steps[tag.size] = step
    tag.wall_times[tag.size] = wall_time
    tag.values[tag.size] = value
    tag.size += 1
    return True
