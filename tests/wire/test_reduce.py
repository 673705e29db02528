from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tb_lossgap.wire.reduce import reduced

any_values = hnp.arrays(np.float64, st.integers(0, 3000), elements=st.floats(width=64))


def test_a_short_curve_is_sent_whole() -> None:
    assert reduced(np.arange(10.0), 10).tolist() == list(range(10))


def test_zero_points_means_all() -> None:
    assert len(reduced(np.zeros(5000), 0)) == 5000


def test_a_spike_of_one_point_in_a_million_survives() -> None:
    values = np.zeros(1_000_000)
    values[123_457] = -1.0
    values[654_321] = 1.0
    kept = reduced(values, 1000)
    assert {123_457, 654_321} <= set(kept.tolist())


@given(any_values, st.integers(1, 500))
def test_extremes_ends_and_order_survive(values: np.ndarray, points: int) -> None:
    kept = reduced(values, points)
    assert np.all(np.diff(kept) > 0)
    assert len(kept) <= max(2 * points + 2, 10)
    finite = values[np.isfinite(values)]
    if len(values):
        assert kept[0] == 0
        assert kept[-1] == len(values) - 1
    if len(finite):
        sent = values[kept]
        assert sent[np.isfinite(sent)].min() == finite.min()
        assert sent[np.isfinite(sent)].max() == finite.max()


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6))
def test_every_gap_of_missing_values_is_seen(lengths: list[int]) -> None:
    stretches = [np.full(length, np.nan if turn % 2 else 1.0) for turn, length in enumerate(lengths)]
    values = np.concatenate(stretches)
    sent = values[reduced(values, 50)]
    changes = np.count_nonzero(np.diff(np.isnan(sent).astype(int)))
    assert changes == len(lengths) - 1
