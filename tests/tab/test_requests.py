from __future__ import annotations

import io
import json
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from tb_lossgap.analysis import PATIENCES
from tb_lossgap.analysis import Parameters
from tb_lossgap.model import SeriesKey
from tb_lossgap.snapshot import Choice
from tb_lossgap.tab.requests import BadRequest
from tb_lossgap.tab.requests import Judging
from tb_lossgap.tab.requests import View
from tb_lossgap.tab.requests import groups
from tb_lossgap.tab.requests import judging
from tb_lossgap.tab.requests import patience
from tb_lossgap.tab.requests import series
from tb_lossgap.wire.columns import Window


def get(query: str) -> Request:
    return Request(EnvironBuilder(query_string=query).get_environ())


def post(body: Any) -> Request:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request(EnvironBuilder(method="POST", data=data, content_type="application/json").get_environ())


def test_a_body_of_unknown_length_is_read_no_further_than_a_body_may_be_long() -> None:
    class Endless(io.RawIOBase):
        read_bytes = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            self.read_bytes += len(buffer)
            if self.read_bytes > 1 << 24:
                pytest.fail("it would have gone on until there is no memory left")
            buffer[:] = b" " * len(buffer)
            return len(buffer)

    environ = EnvironBuilder(method="POST").get_environ()
    # As a server hands over a body that comes in chunks.
    environ |= {"wsgi.input": io.BufferedReader(Endless()), "wsgi.input_terminated": True}
    with pytest.raises(BadRequest, match="longer than"):
        series(Request(environ))


def test_no_parameters_mean_the_defaults() -> None:
    assert judging(get("")) == Judging()


def test_parameters_are_read() -> None:
    asked = judging(get("metric=box_loss&patience=3&min_delta=0.5&tolerance=10&criterion=pq&alpha=2"))
    assert asked.view == View("box_loss")
    assert asked.parameters == Parameters(patience=3, min_delta=0.5, tolerance=10.0, criterion="pq", alpha=2.0)


def test_what_to_compare_with_is_read() -> None:
    asked = judging(get('than={"patience":3,"criterion":"gl"}'))
    assert asked.than == Parameters(patience=3, criterion="gl")


def test_pairs_chosen_by_hand_are_read() -> None:
    asked = judging(get('pairs=[["a","a/t","loss","a/v","val"]]'))
    assert asked.view.choices == (Choice("a", SeriesKey("a/t", "loss"), SeriesKey("a/v", "val")),)


def test_boards_to_join_are_read() -> None:
    assert judging(get('joined=["a","b"]')).joined == {"a", "b"}


@pytest.mark.parametrize(
    "query",
    [
        *("patience=-1", "patience=many", "patience=1e9", "min_delta=nan", "tolerance=inf", "alpha=-1"),
        *("criterion=luck", "metric=" + "x" * 5000),
        *("pairs={}", "pairs=[1]", 'pairs=[["a","b","c","d"]]', "pairs=[", "pairs=" + "[" * 9999),
        "pairs=" + json.dumps([["a"] * 5] * 101),
        *("joined=1", "joined=[1]", "joined=" + json.dumps(["x"] * 51), "than=[]"),
    ],
)
def test_a_parameter_outside_its_limits_is_refused_by_name(query: str) -> None:
    with pytest.raises(BadRequest, match=query.partition("=")[0]):
        judging(get(query))


def test_ids_are_enough_for_a_series_request() -> None:
    wanted = series(post({"ids": ["b", "a", "b"]}))
    assert wanted.ids == ("b", "a")
    assert wanted.window == Window()


def test_a_window_is_read() -> None:
    wanted = series(
        post({"ids": [], "metric": "loss", "gap": "ratio", "points": 7, "from": 1, "to": 2.5, "smooth": 0.9})
    )
    assert wanted.view == View("loss")
    assert wanted.window == Window(gap="ratio", points=7, first=1.0, last=2.5, smooth=0.9)


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
        {"ids": [], "to": 10**400},
        {"ids": [], "metric": 3},
        {"ids": [], "smooth": 1},
        {"ids": [], "smooth": "much"},
        {"ids": [], "pairs": "a"},
    ],
)
def test_a_body_of_another_form_is_refused(body: Any) -> None:
    with pytest.raises(BadRequest):
        series(post(body))


def test_ids_are_enough_for_a_patience_request() -> None:
    asked = patience(post({"ids": ["a"]}))
    assert (asked.ids, asked.patiences, asked.min_delta) == (("a",), PATIENCES, 0.0)


@pytest.mark.parametrize("wanted", [[], [-1], [1.5], [True], "3", list(range(21)), [10**7]])
def test_patiences_outside_their_limits_are_refused(wanted: Any) -> None:
    with pytest.raises(BadRequest, match="patiences"):
        patience(post({"ids": [], "patiences": wanted}))


def test_groups_hold_ids_by_name() -> None:
    asked = groups(post({"groups": {"a": ["1", "2"], "b": []}, "x": "fraction"}))
    assert (asked.groups, asked.axis) == ({"a": ("1", "2"), "b": ()}, "fraction")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"groups": [["a"]]},
        {"groups": {"a": "1"}},
        {"groups": {"a": [1]}},
        {"groups": {str(at): [] for at in range(201)}},
        {"groups": {"a": [str(at) for at in range(1500)], "b": [str(at) for at in range(1500)]}},
        {"groups": {}, "x": "luck"},
    ],
)
def test_groups_of_another_form_are_refused(body: Any) -> None:
    with pytest.raises(BadRequest):
        groups(post(body))


def test_a_body_beyond_all_measure_is_refused_unread() -> None:
    with pytest.raises(BadRequest, match="longer"):
        series(post(b" " * (2 << 20)))
