"""A short run of what `make fuzz` does for long."""

from __future__ import annotations

import random

import pytest

from tb_lossgap.events.framing import frame
from tests.events.mutation import mutated
from tests.fuzz.decoders import check
from tests.fuzz.decoders import seeds


@pytest.fixture(scope="module")
def corpus() -> list[bytes]:
    return list(seeds())


def test_both_readers_tell_the_same_of_every_seed(corpus: list[bytes]) -> None:
    for data in corpus:
        check(data)


@pytest.mark.parametrize("seed", range(2))
def test_both_readers_tell_the_same_of_mutated_seeds(corpus: list[bytes], seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(300):
        check(mutated(chance, chance.choice(corpus), corpus))


def test_records_get_past_their_checksums(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    monkeypatch.setattr("tests.fuzz.decoders.assert_same", lambda content, _block: seen.append(content))
    check(b"\0\x03\0abc\xff\xffd")
    (content,) = seen
    assert content.count(b"abc") == 1
    assert frame(content).damage is None
    assert len(frame(content).heads) == 4
