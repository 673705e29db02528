from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from tb_lossgap.analysis import Parameters
from tb_lossgap.tab.requests import BadRequest
from tb_lossgap.tab.requests import judging
from tb_lossgap.tab.requests import series
from tb_lossgap.wire.columns import Window


def get(query: str) -> Request:
    return Request(EnvironBuilder(query_string=query).get_environ())


def post(body: Any) -> Request:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request(EnvironBuilder(method="POST", data=data, content_type="application/json").get_environ())


def test_no_parameters_mean_the_defaults() -> None:
    assert judging(get("")) == ("", Parameters())


def test_parameters_are_read() -> None:
    metric, parameters = judging(get("metric=box_loss&patience=3&min_delta=0.5&tolerance=10"))
    assert metric == "box_loss"
    assert (parameters.patience, parameters.min_delta, parameters.tolerance) == (3, 0.5, 10.0)


@pytest.mark.parametrize(
    "query", ["patience=-1", "patience=many", "patience=1e9", "min_delta=nan", "tolerance=inf", "metric=" + "x" * 5000]
)
def test_a_parameter_outside_its_limits_is_refused_by_name(query: str) -> None:
    with pytest.raises(BadRequest, match=query.partition("=")[0]):
        judging(get(query))


def test_ids_are_enough_for_a_series_request() -> None:
    wanted = series(post({"ids": ["b", "a", "b"]}))
    assert wanted.ids == ("b", "a")
    assert wanted.window == Window()


def test_a_window_is_read() -> None:
    wanted = series(post({"ids": [], "metric": "loss", "gap": "ratio", "points": 7, "from": 1, "to": 2.5}))
    assert wanted.metric == "loss"
    assert wanted.window == Window(gap="ratio", points=7, first=1.0, last=2.5)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"[" * 100_000,
        {},
        {"ids": "a"},
        {"ids": [1]},
        {"ids": ["a"] * 2001},
        {"ids": [], "gap": "wide"},
        {"ids": [], "points": -1},
        {"ids": [], "points": True},
        {"ids": [], "points": 1.5},
        {"ids": [], "from": "start"},
        {"ids": [], "to": True},
        {"ids": [], "metric": 3},
    ],
)
def test_a_body_of_another_form_is_refused(body: Any) -> None:
    with pytest.raises(BadRequest):
        series(post(body))


def test_a_body_beyond_all_measure_is_refused_unread() -> None:
    with pytest.raises(BadRequest, match="longer"):
        series(post(b" " * (2 << 20)))
