from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tb_lossgap.wire.smooth import smoothed


def one_by_one(values: list[float], weight: float) -> list[float]:
    """TensorBoard's own loop."""
    average, debias, result = 0.0, 1.0, []
    for value in values:
        if not np.isfinite(value):
            result.append(value)
            continue
        average = average * weight + (1 - weight) * value
        debias *= weight
        result.append(average / (1 - debias))
    return result


values = st.lists(st.floats(-100, 100) | st.sampled_from([np.nan, np.inf]), min_size=2, max_size=300)


@given(values, st.floats(0.001, 0.999))
def test_the_average_is_that_of_tensorboards_loop(found: list[float], weight: float) -> None:
    if len(set(found)) > 1:
        np.testing.assert_allclose(smoothed(np.array(found), weight), one_by_one(found, weight), rtol=1e-9, atol=1e-9)


def test_a_long_series_is_averaged_as_a_short_one_is() -> None:
    found = np.sin(np.arange(20_000) / 50)
    assert smoothed(found, 0.99) == pytest.approx(np.array(one_by_one(found.tolist(), 0.99)))


@pytest.mark.parametrize("found", [[], [2.0], [2.0, 2.0, 2.0], [np.nan, np.nan]])
def test_what_does_not_change_is_left_as_it_is(found: list[float]) -> None:
    assert np.array_equal(smoothed(np.array(found), 0.9), np.array(found), equal_nan=True)


def test_no_weight_is_no_smoothing() -> None:
    found = np.array([1.0, 2.0])
    assert smoothed(found, 0.0) is found
