from __future__ import annotations

import time
import tracemalloc

import pytest

from tb_lossgap.model import Scalar
from tb_lossgap.model import SeriesKey
from tb_lossgap.pairing import could_pair
from tb_lossgap.pairing import pair_scalars

LONG = 4_096


@pytest.mark.parametrize("part", ["a_b/", "val/", "loss/", "1a", "e1", "%", "aB", "(", "\u202e", "a-"])
def test_time_grows_no_faster_than_a_name(part: str) -> None:
    began = time.perf_counter()
    could_pair((part * LONG)[: 8 * LONG])
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("part", ["a_b/", "val/", "aB", "\u202e", "\n", "[", "\\", "训练"])
def test_runs_and_tags_of_4096_characters_pair_as_short_ones_do(part: str) -> None:
    long = (part * LONG)[: LONG - 6]
    keys = [SeriesKey(long, f"{split}/loss") for split in ("train", "val")]
    (training,) = pair_scalars([Scalar(key, 10) for key in keys]).trainings
    assert [(pair.train, pair.val) for pair in training.pairs] == [tuple(keys)]


def test_long_names_are_not_remembered() -> None:
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for number in range(8):
        could_pair(("a_b/" * LONG)[:LONG] + str(number))
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 1_000_000
