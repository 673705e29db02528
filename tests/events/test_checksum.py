from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c as tensorboards

from tb_lossgap.events.checksum import masked_crc32c


def checksums(*stretches: bytes) -> list[int]:
    lengths = np.array([len(stretch) for stretch in stretches], np.int64)
    octets = np.frombuffer(b"".join(stretches), np.uint8)
    return [int(checksum) for checksum in masked_crc32c(octets, np.cumsum(lengths) - lengths, lengths)]


@given(st.lists(st.binary(max_size=70), min_size=1))
def test_checksums_are_those_of_tensorboard(stretches: list[bytes]) -> None:
    assert checksums(*stretches) == [tensorboards(stretch) for stretch in stretches]


@pytest.mark.parametrize("length", [511, 512, 513, 1023, 1024, 1025, 5000])
def test_long_stretches_have_the_checksums_of_tensorboard(length: int) -> None:
    stretch = bytes(number * number % 251 for number in range(length))
    assert checksums(stretch, b"short") == [tensorboards(stretch), tensorboards(b"short")]


def test_no_stretches_have_no_checksums() -> None:
    assert checksums() == []
