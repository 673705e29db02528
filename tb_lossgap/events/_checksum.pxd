"""Masked CRC-32C, eight bytes at a time (Kounavis and Berry, 2005); `checksum.py` says what it is."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy


cdef struct Remainders:
    uint32_t[8][256] of  # by distance from the end, and byte


cdef inline void fill_remainders(Remainders* remainders) noexcept:
    cdef uint32_t value
    cdef int byte, bit, distance
    for byte in range(256):
        value = byte
        for bit in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        remainders.of[0][byte] = value
    for distance in range(1, 8):
        for byte in range(256):
            value = remainders.of[distance - 1][byte]
            remainders.of[distance][byte] = (value >> 8) ^ remainders.of[0][value & 0xFF]


cdef inline uint32_t masked_crc32c(const Remainders* remainders, const uint8_t* data, uint64_t size) noexcept nogil:
    cdef uint32_t crc = 0xFFFFFFFF, before
    cdef uint64_t word
    while size >= 8:
        memcpy(&word, data, 8)
        word ^= crc
        crc = (
            remainders.of[7][word & 0xFF] ^ remainders.of[6][word >> 8 & 0xFF]
            ^ remainders.of[5][word >> 16 & 0xFF] ^ remainders.of[4][word >> 24 & 0xFF]
            ^ remainders.of[3][word >> 32 & 0xFF] ^ remainders.of[2][word >> 40 & 0xFF]
            ^ remainders.of[1][word >> 48 & 0xFF] ^ remainders.of[0][word >> 56]
        )
        data += 8
        size -= 8
    # The rest, byte by byte, but so that no step waits for the one before it.
    before = crc
    crc = crc >> 8 * size if size < 4 else 0
    while size:
        size -= 1
        crc ^= remainders.of[size][(before ^ data[0]) & 0xFF]
        before >>= 8
        data += 1
    crc = ~crc
    return ((crc >> 15) | (crc << 17)) + <uint32_t>0xA282EAD8


cdef inline bint is_sound(const Remainders* remainders, const uint8_t* data, uint64_t size) noexcept nogil:
    """Compares the checksum that follows some bytes with theirs."""
    cdef uint32_t told
    memcpy(&told, data + size, 4)
    return told == masked_crc32c(remainders, data, size)
