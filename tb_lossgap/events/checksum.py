"""Masked CRC-32C, the checksum of TensorFlow's record files, over many records at once with NumPy.

A CRC is linear: up to a constant that depends on the length alone, the checksum of a record is the exclusive or of one
table entry a byte, chosen by the byte and by its distance from the end. So the records are walked side by side, one
distance at a time, instead of one record after the other.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

_POLYNOMIAL = 0x82F63B78  # Castagnoli, bits reversed (RFC 3720, appendix B.4)
_MASK_DELTA = 0xA282EAD8  # tensorflow/core/lib/hash/crc32c.h
_ALL_ONES = 0xFFFFFFFF
# Longer records are folded from pieces of this many bytes.
_PIECE = 512


def masked_crc32c(
    data: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint32]:
    """Gives the masked CRC-32C of every stretch of bytes, uint32, shape (n,).

    Args:
        data: The bytes that the stretches lie in.
        starts: Index of the first byte of every stretch, shape (n,).
        lengths: Number of bytes of every stretch, shape (n,); each must end within `data`.
    """
    crc = np.empty(len(starts), np.uint32)
    short = lengths <= _PIECE
    crc[short] = _remainders(data, starts[short], lengths[short]) ^ _tables()[1][lengths[short]]
    for index in np.flatnonzero(~short):
        crc[index] = _long(data[starts[index] : starts[index] + lengths[index]])
    rotated: npt.NDArray[np.uint32] = (crc >> np.uint32(15)) | (crc << np.uint32(17))
    return rotated + np.uint32(_MASK_DELTA)


@lru_cache(maxsize=1)
def _tables() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Makes the tables: entry [distance, byte], and the constant of every length, both up to `_PIECE`."""
    one = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        one = (one >> np.uint32(1)) ^ np.where(one & np.uint32(1), np.uint32(_POLYNOMIAL), np.uint32(0))
    table = np.empty((_PIECE, 256), np.uint32)
    constants = np.empty(_PIECE + 1, np.uint32)
    table[0] = one
    state = _ALL_ONES
    constants[0] = state ^ _ALL_ONES
    for distance in range(1, _PIECE + 1):
        if distance < _PIECE:
            table[distance] = (table[distance - 1] >> np.uint32(8)) ^ one[table[distance - 1] & np.uint32(0xFF)]
        state = (state >> 8) ^ int(one[state & 0xFF])
        constants[distance] = state ^ _ALL_ONES
    return table, constants


def _remainders(
    data: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint32]:
    """Divides every stretch of at most `_PIECE` bytes by the polynomial, starting from zero."""
    if not len(starts):
        return np.empty(0, np.uint32)
    table, _ = _tables()
    # The longest first: those that still have a byte at some distance from the end are then a prefix.
    order = np.argsort(-lengths, kind="stable")
    falling = -lengths[order]
    last = starts[order] + lengths[order] - 1
    longest = -int(falling[0])
    alive = np.searchsorted(falling, -np.arange(1, longest + 1), side="right")
    state = np.zeros(len(starts), np.uint32)
    for distance, count in enumerate(alive.tolist()):
        state[:count] ^= table[distance].take(data.take(last[:count] - distance))
    result = np.empty_like(state)
    result[order] = state
    return result


def _long(record: npt.NDArray[np.uint8]) -> int:
    """Computes the CRC-32C of one stretch of at least four bytes from its pieces."""
    padding = -len(record) % _PIECE
    # Zeros in front leave a division that starts from zero as it is; CRC-32C's start is an inverted first word.
    padded = np.concatenate([np.zeros(padding, np.uint8), record])
    padded[padding : padding + 4] ^= np.uint8(0xFF)
    starts = np.arange(0, len(padded), _PIECE)
    pieces = _remainders(padded, starts, np.full(len(starts), _PIECE))
    shift = _tables()[0][:-5:-1].tolist()
    state = 0
    for piece in pieces.tolist():
        moved = shift[0][state & 0xFF] ^ shift[1][state >> 8 & 0xFF] ^ shift[2][state >> 16 & 0xFF]
        state = moved ^ shift[3][state >> 24] ^ piece
    return state ^ _ALL_ONES
