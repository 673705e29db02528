# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The statistics of `reference_robust`, to the same last bit, without NumPy's time for each of its calls.

Values come as the bytes of a float64 array: one short copy costs less than asking the array where they are.
"""

from cpython.bytes cimport PyBytes_AsString, PyBytes_FromStringAndSize
from libc.math cimport fabs
from libc.stdint cimport uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

from tb_lossgap.analysis.reference_robust import BENDS as _BENDS
from tb_lossgap.analysis.reference_robust import STICKS_OUT as _STICKS_OUT

cdef double BENDS = _BENDS
cdef double STICKS_OUT = _STICKS_OUT

cdef enum:
    # So few values are sorted in less time than they are parted.
    FEW = 24


cdef inline double least(double a, double b) noexcept nogil:
    return a if a < b else b


cdef inline double most(double a, double b) noexcept nogil:
    return a if a > b else b


cdef inline double middle_of_three(double a, double b, double c) noexcept nogil:
    return most(least(a, b), least(most(a, b), c))


cdef inline double middle_of_five(double a, double b, double c, double d, double e) noexcept nogil:
    return middle_of_three(most(least(a, b), least(c, d)), least(most(a, b), most(c, d)), e)


cdef inline void sort(double* values, Py_ssize_t n) noexcept nogil:
    cdef Py_ssize_t i, at
    cdef double value
    for i in range(1, n):
        value, at = values[i], i
        while at > 0 and values[at - 1] > value:
            values[at] = values[at - 1]
            at -= 1
        values[at] = value


cdef double select(double* values, Py_ssize_t n, Py_ssize_t wanted) noexcept nogil:
    """Brings the value of a rank to its place, smaller ones before it and larger ones after it (Hoare's Find)."""
    cdef Py_ssize_t low = 0, high = n - 1, i, j
    cdef double pivot
    while high - low >= FEW:
        pivot = middle_of_three(values[low], values[(low + high) // 2], values[high])
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if wanted <= j:
            high = j
        elif wanted >= i:
            low = i
        else:
            return values[wanted]
    sort(values + low, high - low + 1)
    return values[wanted]


cdef double middle(double* values, Py_ssize_t n) noexcept nogil:
    """The median of values that may be moved, none of which is NaN."""
    cdef double high = select(values, n, n // 2), low = high
    cdef Py_ssize_t i
    if n % 2 == 0:
        low = values[0]
        for i in range(1, n // 2):
            low = most(low, values[i])
    return low if low == high else low / 2 + high / 2


cdef double middle_of(const double* values, Py_ssize_t n, double* room) noexcept nogil:
    """The median of n values, with room for as many."""
    memcpy(room, values, n * sizeof(double))
    return middle(room, n)


cdef double noise(const double* values, Py_ssize_t n, double* room) noexcept nogil:
    """See `reference_robust.noise`; with room for as many values."""
    cdef double left, here, right, outside = 0.0
    cdef Py_ssize_t i
    if n < 3:
        return 0.0
    for i in range(n - 2):
        left, here, right = values[i], values[i + 1], values[i + 2]
        outside += most(most(here - most(left, right), least(left, right) - here), 0.0)
        room[i] = fabs((left - here) + (right - here))
    return least(outside / (n - 2) / STICKS_OUT, middle(room, n - 2) / BENDS)


cdef void running_median(const double* values, Py_ssize_t n, Py_ssize_t window, double* medians) noexcept nogil:
    """See `reference_robust.running_median`."""
    cdef Py_ssize_t half = window // 2, i, start, end
    cdef double few[5]
    for i in range(n):
        start, end = i - half, i + half + 1
        if start < 0 or end > n:
            start, end = start if start > 0 else 0, end if end < n else n
            medians[i] = middle_of(values + start, end - start, few)
        elif window == 3:
            medians[i] = middle_of_three(values[i - 1], values[i], values[i + 1])
        else:
            medians[i] = middle_of_five(values[i - 2], values[i - 1], values[i], values[i + 1], values[i + 2])


cdef Py_ssize_t first_least(const double* values, Py_ssize_t n) noexcept nogil:
    """The index of the first minimum."""
    cdef Py_ssize_t i, found = 0
    for i in range(1, n):
        if values[i] < values[found]:
            found = i
    return found


cdef double* room_for(Py_ssize_t n) except NULL:
    cdef double* room = <double*>malloc(n * sizeof(double))
    if room == NULL:
        raise MemoryError
    return room


def median(bytes data not None):
    """See `reference_robust.median`."""
    cdef Py_ssize_t n = len(data) // 8
    cdef double* room = room_for(n)
    cdef double found = middle_of(<const double*>PyBytes_AsString(data), n, room)
    free(room)
    return found


def outline(
    bytes data not None, Py_ssize_t window, Py_ssize_t first, Py_ssize_t last, Py_ssize_t around, Py_ssize_t end
):
    """See `reference_robust.outline`; gives its fields, of which the first is the bytes of an array."""
    cdef Py_ssize_t n = len(data) // 8, best, lowest, begin, i
    cdef const double* values = <const double*>PyBytes_AsString(data)
    smooth = PyBytes_FromStringAndSize(NULL, n * sizeof(double))
    cdef double* medians = <double*>PyBytes_AsString(smooth)
    cdef double* room = room_for(n)
    cdef double high = values[0], start, tail, noise_at_best, noise_at_tail
    running_median(values, n, window, medians)
    best, lowest = first_least(medians, n), first_least(values, n)
    for i in range(1, n):
        high = most(high, values[i])
    first, last, end = min(first, n), min(last, n), min(end, n)
    begin = max(best - around, 0)
    start, tail = middle_of(values, first, room), middle_of(values + n - last, last, room)
    noise_at_best = noise(values + begin, min(best + around + 1, n) - begin, room)
    noise_at_tail = noise(values + n - end, end, room)
    free(room)
    return smooth, best, lowest, high, start, tail, noise_at_best, noise_at_tail
