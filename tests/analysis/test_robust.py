from __future__ import annotations

import statistics
from typing import Any
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tb_lossgap.analysis import _robust
from tb_lossgap.analysis import reference_robust as reference
from tb_lossgap.analysis import robust

FEW = st.lists(st.floats(-1e300, 1e300) | st.sampled_from([0.0, -0.0, 1.0, 5e-324]), min_size=1, max_size=40)
# Long ones by a seed: what parting does wrong shows in lengths that a list of drawn numbers never has.
MANY = st.builds(
    lambda seed, n, digits: np.around(np.random.default_rng(seed).normal(size=n), digits).tolist(),
    *(st.integers(0, 2**32 - 1), st.integers(20, 3000), st.integers(0, 15)),
)
VALUES = (FEW | MANY).map(np.array)

SPANS: dict[str, Any] = {"window": 3, "first": 3, "last": 3, "around": 10, "end": 20_000}


@given(VALUES)
def test_native_and_reference_find_the_same_median(values: np.ndarray) -> None:
    assert _robust.median(values.tobytes()) == reference.median(values)


@given(VALUES, st.sampled_from([3, 5]), *(st.integers(1, most) for most in (5, 60, 20, 60)))
def test_native_and_reference_find_the_same_outline(
    values: np.ndarray, window: Literal[3, 5], first: int, last: int, around: int, end: int
) -> None:
    spans = {"first": first, "last": last, "around": around, "end": end}
    with np.errstate(all="ignore"):
        native, expected = (module.outline(values, window=window, **spans) for module in (robust, reference))
    np.testing.assert_array_equal(native.smooth, expected.smooth)
    assert native[1:] == expected[1:]


@pytest.mark.parametrize("module", [robust, reference])
@given(FEW.map(np.array))
def test_the_median_is_that_of_the_standard_library(module: object, values: np.ndarray) -> None:
    found = module.median(values)  # type: ignore[attr-defined]
    assert found == pytest.approx(statistics.median(half / 2 for half in values.tolist()) * 2, rel=1e-15)


@given(st.permutations(range(200)))
def test_the_order_of_the_values_is_nothing_to_their_median(values: list[int]) -> None:
    assert robust.median(np.array(values, float)) == 99.5


def test_a_part_of_an_array_and_a_turned_one_will_do() -> None:
    values = np.array([5.0, 1.0, 4.0, 2.0, 3.0, 9.0])
    assert robust.median(values[::2]) == 4.0
    assert robust.outline(values[::-2], **SPANS).smooth.tolist() == [5.5, 2.0, 1.5]


def test_noise_is_the_standard_deviation_of_normal_noise_on_any_bend() -> None:
    x = np.linspace(0, 3, 20_000)
    values = np.exp(-x) + np.random.default_rng(1).normal(scale=0.01, size=len(x))
    assert robust.outline(values, **SPANS).noise_at_tail == pytest.approx(0.01, rel=0.05)


@given(st.lists(st.floats(), min_size=1, max_size=300).map(np.array))
def test_what_is_not_finite_ends_too(values: np.ndarray) -> None:
    data = values.tobytes()
    assert isinstance(_robust.median(data), float)
    smooth, *_ = _robust.outline(data, 5, 3, 3, 10, 20)
    assert len(smooth) == len(data)
