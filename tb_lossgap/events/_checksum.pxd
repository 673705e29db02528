"""Masked CRC-32C, by the processor's own instruction where there is one; `checksum.py` says what it is."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy


cdef extern from *:
    """
    #include <stdint.h>
    #include <string.h>

    #if defined(__x86_64__) && defined(__GNUC__)
    #include <nmmintrin.h>
    #define CRC_TARGET __attribute__((target("sse4.2")))
    #define CRC_WORD(crc, word) ((uint32_t)_mm_crc32_u64(crc, word))
    #define CRC_BYTE(crc, byte) _mm_crc32_u8(crc, byte)
    static int has_crc_instruction(void) { return __builtin_cpu_supports("sse4.2"); }
    #elif defined(__ARM_FEATURE_CRC32)
    #include <arm_acle.h>
    #define CRC_TARGET
    #define CRC_WORD(crc, word) __crc32cd(crc, word)
    #define CRC_BYTE(crc, byte) __crc32cb(crc, byte)
    static int has_crc_instruction(void) { return 1; }
    #else
    #define CRC_TARGET
    #define CRC_WORD(crc, word) (crc)
    #define CRC_BYTE(crc, byte) (crc)
    static int has_crc_instruction(void) { return 0; }
    #endif

    CRC_TARGET static uint32_t crc_by_instruction(const uint8_t* data, uint64_t size) {
        uint32_t crc = 0xFFFFFFFF;
        uint64_t word;
        for (; size >= 8; data += 8, size -= 8) {
            memcpy(&word, data, 8);
            crc = CRC_WORD(crc, word);
        }
        for (; size; data++, size--) crc = CRC_BYTE(crc, *data);
        return ~crc;
    }
    """
    bint has_crc_instruction() noexcept nogil
    uint32_t crc_by_instruction(const uint8_t* data, uint64_t size) noexcept nogil


cdef struct Checksums:
    bint by_instruction
    uint32_t[8][256] remainders  # by distance from the end, and byte


cdef inline void prepare(Checksums* checksums) noexcept:
    cdef uint32_t value
    cdef int byte, bit, distance
    checksums.by_instruction = has_crc_instruction()
    for byte in range(256):
        value = byte
        for bit in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        checksums.remainders[0][byte] = value
    for distance in range(1, 8):
        for byte in range(256):
            value = checksums.remainders[distance - 1][byte]
            checksums.remainders[distance][byte] = (value >> 8) ^ checksums.remainders[0][value & 0xFF]


cdef inline uint32_t crc_by_table(const Checksums* checksums, const uint8_t* data, uint64_t size) noexcept nogil:
    """Takes eight bytes at a time (Kounavis and Berry, 2005)."""
    cdef uint32_t crc = 0xFFFFFFFF, before
    cdef uint64_t word
    while size >= 8:
        memcpy(&word, data, 8)
        word ^= crc
        crc = (
            checksums.remainders[7][word & 0xFF] ^ checksums.remainders[6][word >> 8 & 0xFF]
            ^ checksums.remainders[5][word >> 16 & 0xFF] ^ checksums.remainders[4][word >> 24 & 0xFF]
            ^ checksums.remainders[3][word >> 32 & 0xFF] ^ checksums.remainders[2][word >> 40 & 0xFF]
            ^ checksums.remainders[1][word >> 48 & 0xFF] ^ checksums.remainders[0][word >> 56]
        )
        data += 8
        size -= 8
    # The rest, byte by byte, but so that no step waits for the one before it.
    before = crc
    crc = crc >> 8 * size if size < 4 else 0
    while size:
        size -= 1
        crc ^= checksums.remainders[size][(before ^ data[0]) & 0xFF]
        before >>= 8
        data += 1
    return ~crc


cdef inline bint is_sound(const Checksums* checksums, const uint8_t* data, uint64_t size) noexcept nogil:
    """Compares the masked checksum that follows some bytes with theirs."""
    cdef uint32_t told, crc
    if checksums.by_instruction:
        crc = crc_by_instruction(data, size)
    else:
        crc = crc_by_table(checksums, data, size)
    memcpy(&told, data + size, 4)
    return told == ((crc >> 15) | (crc << 17)) + <uint32_t>0xA282EAD8
