from __future__ import annotations

import gzip
import json
import math
import struct
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

import pytest
from werkzeug.test import Client

from tb_lossgap.analysis import Parameters
from tb_lossgap.library import Library
from tb_lossgap.model import Progress
from tb_lossgap.pairing import parse_rule
from tb_lossgap.tab.routes import Routes
from tb_lossgap.wire import documents
from tests.sources import FakeSource

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable

    from werkzeug.test import TestResponse


@pytest.fixture
def library() -> Library:
    source = FakeSource()
    for name, last in (("better", 0.2), ("worse", 0.4)):
        source.add(f"{name}/train", "epoch_loss", [1.0, 0.8, 0.6, 0.5, 0.4, 0.3])
        source.add(f"{name}/validation", "epoch_loss", [1.0, 0.9, 0.8, 0.7, 0.6, last])
    library = Library(source, "logs", reload_interval=0)
    library.refresh()
    return library


def client(library: Library, name: str) -> Client:
    from werkzeug.wrappers import Request

    routes = Routes(library)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return routes.answer(name, Request(environ))(environ, start_response)

    return Client(application)


def get(library: Library, name: str, path: str = "/", **headers: str) -> TestResponse:
    return client(library, name).get(path, headers=headers)


def post(library: Library, body: object, name: str = "series") -> TestResponse:
    return client(library, name).post("/", json=body)


def header_of(answer: TestResponse) -> Any:
    (length,) = struct.unpack_from("<I", answer.data)
    return json.loads(answer.data[4 : 4 + length])


def column_of(answer: TestResponse, described: Any, name: str) -> list[float]:
    (length,) = struct.unpack_from("<I", answer.data)
    begin = -(-(4 + length) // 8) * 8 + described[name]
    return list(struct.unpack_from(f"<{described['points']}d", answer.data, begin))


def ids(library: Library) -> dict[str, str]:
    answer = json.loads(get(library, "trainings").data)
    return {one["name"]: one["id"] for one in answer["trainings"]}


def test_trainings_come_best_first(library: Library) -> None:
    answer = json.loads(get(library, "trainings").data)
    assert [(one["name"], one["rank"]) for one in answer["trainings"]] == [("better", 1), ("worse", 2)]
    assert answer["state"] == "ready"


@pytest.mark.parametrize("time", [math.nan, math.inf])
def test_a_clock_that_gave_no_number_is_no_reason_for_an_answer_without_one(time: float) -> None:
    source = FakeSource()
    for run in ("train", "validation"):
        source.add(f"x/{run}", "epoch_loss", [1.0, 0.9, 0.8], start=time)
    library = Library(source, "logs", reload_interval=0)
    library.refresh()
    (one,) = json.loads(get(library, "trainings").data)["trainings"]
    assert (one["start_time"], one["duration"]) == (0.0, 0.0)


def test_an_unchanged_answer_is_not_sent_twice(library: Library) -> None:
    first = get(library, "trainings")
    again = get(library, "trainings", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = get(library, "trainings", "/?patience=1", **{"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_an_unchanged_answer_is_not_even_made(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    first = get(library, "trainings")
    monkeypatch.setattr(documents, "trainings", None)
    assert get(library, "trainings", **{"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_progress_alone_makes_another_answer(library: Library) -> None:
    first = get(library, "trainings")
    library._snapshot = replace(library._snapshot, progress=Progress(files=1, files_total=2))
    assert get(library, "trainings", **{"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("address", "encoding"), [("127.0.0.1", None), ("::ffff:127.0.0.1", None), ("::1", None), ("192.0.2.1", "gzip")]
)
def test_columns_are_compressed_for_other_machines(library: Library, address: str, encoding: str | None) -> None:
    answer = client(library, "series").post(
        "/",
        json={"ids": [*ids(library).values()]},
        headers={"Accept-Encoding": "gzip"},
        environ_base={"REMOTE_ADDR": address},
    )
    assert answer.headers.get("Content-Encoding") == encoding
    content = gzip.decompress(answer.data) if encoding else answer.data
    assert len(content) > int.from_bytes(content[:4], "little")


def test_a_bad_parameter_is_answered_by_400_and_json(library: Library) -> None:
    answer = get(library, "trainings", "/?patience=soon")
    assert answer.status_code == 400
    assert "patience" in json.loads(answer.data)["error"]


def test_series_holds_the_curves_asked_for_and_lists_the_others(library: Library) -> None:
    known = ids(library)["better"]
    answer = post(library, {"ids": [known, "ffffffffff"]})
    assert answer.mimetype == "application/octet-stream"
    header = header_of(answer)
    assert [one["id"] for one in header["series"]] == [known]
    assert header["missing"] == ["ffffffffff"]


def test_a_training_without_the_metric_is_missing(library: Library) -> None:
    known = ids(library)["better"]
    answer = post(library, {"ids": [known], "metric": "accuracy"})
    assert header_of(answer)["missing"] == [known]


def test_a_smoothed_curve_is_smoothed_over_every_point_whatever_is_sent(library: Library) -> None:
    body = {"ids": [ids(library)["better"]], "points": 0, "smooth": 0.5, "from": 4}
    answer = post(library, body)
    val = header_of(answer)["series"][0]["val"]
    assert column_of(answer, val, "step") == [3, 4, 5]
    weights = [0.5**lag for lag in range(6)]
    whole = sum(w * v for w, v in zip(weights, [0.2, 0.6, 0.7, 0.8, 0.9, 1.0], strict=True)) / sum(weights)
    assert column_of(answer, val, "smooth")[-1] == pytest.approx(whole)


def query(library: Library, name: str, **parameters: Any) -> Any:
    texts = {key: one if isinstance(one, str) else json.dumps(one) for key, one in parameters.items()}
    return json.loads(client(library, name).get("/", query_string=texts).data)


def test_a_pair_chosen_by_hand_is_judged_in_place_of_the_primary_one(library: Library) -> None:
    choice = ["better", "better/train", "epoch_loss", "worse/validation", "epoch_loss"]
    answer = query(library, "trainings", pairs=[choice])
    (row,) = (one for one in answer["trainings"] if one["name"] == "better")
    assert (row["val"]["run"], row["best"]["value"], row["convention"]) == ("worse/validation", 0.4, "hand")
    assert answer["refused"] == []
    curves = post(library, {"ids": [row["id"]], "pairs": [choice], "points": 0})
    assert column_of(curves, header_of(curves)["series"][0]["val"], "value")[-1] == 0.4


def test_the_rule_that_comes_with_a_choice_pairs_the_same_series() -> None:
    source = FakeSource()
    for tag in ("loss (a+b)", "val_loss (a+b)", "mse"):
        source.add("odd[1], x", tag, [3.0, 2.0, 1.0])
    library = Library(source, "logs", reload_interval=0)
    library.refresh()
    choice = ["odd[1], x", "odd[1], x", "loss (a+b)", "odd[1], x", "mse"]
    (row,) = query(library, "trainings", pairs=[choice])["trainings"]
    rule = parse_rule("train={train},val={val}".format(**row["hand_rule"]))
    source.changed = True
    ruled = Library(source, "logs", rules=[rule]).refresh()
    (known,) = ruled.rows(Parameters()).values()
    assert (known.pair.train.tag, known.pair.val.tag, known.training.name) == ("loss (a+b)", "mse", row["name"])


def test_a_choice_of_scalars_that_are_not_there_is_refused_by_name_and_the_rest_is_answered(library: Library) -> None:
    answer = query(library, "trainings", pairs=[["better", "better/train", "moon", "better/validation", "epoch_loss"]])
    assert answer["refused"] == [{"name": "better", "reason": "there is no scalar moon in better/train"}]
    assert len(answer["trainings"]) == 2


def test_two_scalars_that_names_do_not_pair_become_a_training_by_hand(library: Library) -> None:
    choice = ["mine", "better/train", "epoch_loss", "worse/train", "epoch_loss"]
    answer = query(library, "trainings", pairs=[choice])
    assert {one["name"] for one in answer["trainings"]} == {"better", "worse", "mine"}


def test_the_scalars_to_choose_from_are_those_of_the_trainings_runs(library: Library) -> None:
    answer = query(library, "tags", id=ids(library)["better"])
    assert [(one["run"], one["tag"], one["points"]) for one in answer["tags"]] == [
        ("better/train", "epoch_loss", 6),
        ("better/validation", "epoch_loss", 6),
    ]


def test_the_scalars_of_nothing_are_refused(library: Library) -> None:
    assert get(library, "tags", "/?id=moon").status_code == 404


def test_joined_boards_are_ranked_as_one() -> None:
    source = FakeSource()
    source.add("a", "train_loss", [3.0, 2.0])
    source.add("a", "val_loss", [3.0, 2.0])
    source.add("b", "train/loss", [3.0, 1.0])
    source.add("b", "val/loss", [3.0, 1.0])
    library = Library(source, "logs", reload_interval=0)
    library.refresh()
    apart = query(library, "trainings")["trainings"]
    assert [one["rank"] for one in apart] == [1, 1]
    joined = query(library, "trainings", joined=["val_loss", "val/loss"])["trainings"]
    assert [(one["name"], one["rank"], one["board"]) for one in joined] == [
        ("b", 1, "val/loss + val_loss"),
        ("a", 2, "val/loss + val_loss"),
    ]


def test_judgements_are_what_the_parameters_change(library: Library) -> None:
    known = ids(library)["worse"]
    answer = query(library, "judgements", criterion="gl", tolerance=0, than={"tolerance": 4})
    before, after = query(library, "trainings"), query(library, "trainings", criterion="gl", tolerance=0)
    merged = [{**one, **answer["changed"].get(one["id"], {})} for one in before["trainings"]]
    assert merged == after["trainings"]
    assert answer["version"] == before["version"]
    assert query(library, "judgements")["changed"] == {}
    assert known not in query(library, "judgements", patience=9)["changed"]


def test_the_patience_table_says_what_each_patience_keeps_costs_and_saves(library: Library) -> None:
    known = ids(library)
    answer = json.loads(post(library, {"ids": [*known.values(), "moon"], "patiences": [5, 1]}, "patience").data)
    assert [row["patience"] for row in answer["rows"]] == [1, 5]
    assert answer["rows"][0] == {"patience": 1, "stopped": 0, "kept": 1.0, "regret": 0.0, "saved": 0.0}
    assert (answer["trainings"], answer["missing"]) == (2, ["moon"])


def test_a_group_is_the_mean_of_its_trainings_with_its_interval(library: Library) -> None:
    body = {"groups": {"all": [*ids(library).values(), "moon"]}, "points": 0}
    answer = post(library, body, "groups")
    header = header_of(answer)
    (group,) = header["groups"]
    assert (group["name"], group["trainings"], header["missing"]) == ("all", 2, ["moon"])
    assert column_of(answer, group["val"], "mean")[-1] == pytest.approx(0.3)
    assert column_of(answer, group["val"], "high")[-1] == pytest.approx(0.3 + 12.706 * 0.1, rel=1e-3)
    assert column_of(answer, group["gap"], "count") == [2.0] * 6


@pytest.mark.parametrize(("axis", "last"), [("step", 5.0), ("relative", 5.0), ("wall", 1005.0), ("fraction", 1.0)])
def test_a_group_is_averaged_over_the_axis_asked_for(library: Library, axis: str, last: float) -> None:
    answer = post(library, {"groups": {"all": [*ids(library).values()]}, "x": axis}, "groups")
    assert column_of(answer, header_of(answer)["groups"][0]["train"], "x")[-1] == last


def test_progress_is_small_and_never_cached(library: Library) -> None:
    answer = get(library, "progress")
    assert set(json.loads(answer.data)) == {"version", "state", "progress"}
    assert "no-cache" in answer.headers["Cache-Control"]


def test_a_failure_of_ours_is_answered_by_500_and_said_in_the_log(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(library, "snapshot", lambda: 1 / 0)
    answer = get(library, "trainings")
    assert answer.status_code == 500
    assert "ZeroDivisionError" in json.loads(answer.data)["error"]
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("path", ["/static/../plugin.py", "/static/", "/static/index.js.map", "/static/%2e%2e/x"])
def test_only_the_two_built_files_are_served(library: Library, path: str) -> None:
    assert get(library, "static", path).status_code == 404


def test_a_static_file_is_kept_for_a_year_under_its_own_fingerprint_only(library: Library) -> None:
    from tb_lossgap.tab import static_files

    named = get(library, "static", f"/static/index.js?v={static_files.fingerprint()}")
    assert "max-age=31536000" in named.headers["Cache-Control"]
    assert named.mimetype == "text/javascript"
    stale = get(library, "static", "/static/index.js?v=older")
    assert "no-cache" in stale.headers["Cache-Control"]


def test_a_browser_without_gzip_gets_the_same_script(library: Library) -> None:
    from tb_lossgap.tab import static_files

    plain = get(library, "static", "/static/index.css")
    assert plain.data == static_files.contents("index.css")
