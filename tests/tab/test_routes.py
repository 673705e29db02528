from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING
from typing import Any

import pytest
from werkzeug.test import Client

from tb_lossgap.library import Library
from tb_lossgap.tab.routes import Routes
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


def post(library: Library, body: object) -> TestResponse:
    return client(library, "series").post("/", json=body)


def ids(library: Library) -> dict[str, str]:
    answer = json.loads(get(library, "trainings").data)
    return {one["name"]: one["id"] for one in answer["trainings"]}


def test_trainings_come_best_first(library: Library) -> None:
    answer = json.loads(get(library, "trainings").data)
    assert [(one["name"], one["rank"]) for one in answer["trainings"]] == [("better", 1), ("worse", 2)]
    assert answer["state"] == "ready"


def test_an_unchanged_answer_is_not_sent_twice(library: Library) -> None:
    first = get(library, "trainings")
    again = get(library, "trainings", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = get(library, "trainings", "/?patience=1", **{"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_a_bad_parameter_is_answered_by_400_and_json(library: Library) -> None:
    answer = get(library, "trainings", "/?patience=soon")
    assert answer.status_code == 400
    assert "patience" in json.loads(answer.data)["error"]


def test_series_holds_the_curves_asked_for_and_lists_the_others(library: Library) -> None:
    known = ids(library)["better"]
    answer = post(library, {"ids": [known, "ffffffffff"]})
    assert answer.mimetype == "application/octet-stream"
    (length,) = struct.unpack_from("<I", answer.data)
    header = json.loads(answer.data[4 : 4 + length])
    assert [one["id"] for one in header["series"]] == [known]
    assert header["missing"] == ["ffffffffff"]


def test_a_training_without_the_metric_is_missing(library: Library) -> None:
    known = ids(library)["better"]
    answer = post(library, {"ids": [known], "metric": "accuracy"})
    (length,) = struct.unpack_from("<I", answer.data)
    assert json.loads(answer.data[4 : 4 + length])["missing"] == [known]


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
