"""Changes bytes by chance, for tests of what reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random


def mutated(chance: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Changes some bytes, takes some out, doubles some, or puts a piece of another input in."""
    octets = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(octets) + 1)
        match chance.randrange(5):
            case 0:
                octets[at : at + 1] = chance.randbytes(1)
            case 1:
                octets[at:at] = chance.choice([b"\0", b"\x08", b"\x0a", b"\x15", b"\x2a", b"\x42", b"\x4a", b"\xff"])
            case 2:
                del octets[at : at + chance.randint(1, 8)]
            case 3:
                octets[at:at] = octets[at : at + chance.randint(1, 40)]
            case _:
                other = chance.choice(others)
                start = chance.randrange(len(other))
                octets[at:at] = other[start : start + chance.randint(1, 40)]
    return bytes(octets)
