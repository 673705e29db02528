from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest
from werkzeug.test import Client

import tb_lossgap
from tb_lossgap.tab.routes import METHODS
from tb_lossgap.wire import columns
from tests.inprocess import BASE
from tests.inprocess import read_out
from tests.inprocess import tensorboard_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

PACKAGE = Path(tb_lossgap.__file__).parent
HIDDEN = "the content of a file outside the logdir"
BODIES: dict[str, Any] = {"series": {"ids": []}, "groups": {"groups": {}}, "patience": {"ids": []}}
TRAVERSALS = [
    "../plugin.py",
    "../../plugin.py",
    "%2e%2e/plugin.py",
    "..%2fplugin.py",
    "%2e%2e%2fplugin.py",
    "..%5cplugin.py",
    "....//plugin.py",
    "%252e%252e%252fplugin.py",
    "/etc/passwd",
    "//etc/passwd",
    "index.js/../../plugin.py",
    "x/static/index.js",
    "index.js%00.css",
    "index.js/",
    "INDEX.JS",
    "index.map",
    "",
]


def every_answer(app: Any, **headers: str) -> Iterator[tuple[str, TestResponse]]:
    client = Client(app)
    known = client.get(f"{BASE}/trainings").get_json()["trainings"][0]["id"]
    for name, (method, *_) in METHODS.items():
        path = {"static": "static/index.js", "tags": f"tags?id={known}"}.get(name, name)
        yield name, client.open(f"{BASE}/{path}", method=method, json=BODIES.get(name), headers=headers)


def state_of(folder: Path) -> dict[str, Any]:
    """Content and times of everything in a folder."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder",
            path.stat().st_mtime_ns if "__pycache__" not in path.parts and path.name != "__pycache__" else 0,
        )
        for path in sorted(folder.rglob("*"))
        if "__pycache__" not in path.parts
    }


def test_no_route_writes_anything(app: Any, trainings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = state_of(trainings), state_of(PACKAGE), state_of(tmp_path)
    for name, answer in every_answer(app):
        assert answer.status_code == 200, name
    assert (state_of(trainings), state_of(PACKAGE), state_of(tmp_path)) == before


def test_no_file_is_opened_for_writing(trainings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    real = os.open

    def watched(path: Any, flags: int, *arguments: Any, **named: Any) -> int:
        opened.append((path, flags))
        return real(path, flags, *arguments, **named)

    monkeypatch.setattr(os, "open", watched)
    app = tensorboard_app(trainings)
    read_out(app)
    list(every_answer(app))
    assert not [path for path, flags in opened if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)]


@pytest.mark.parametrize("path", TRAVERSALS)
def test_static_files_are_two(app: Any, path: str) -> None:
    answer = Client(app).get(f"{BASE}/static/{path}")
    assert answer.status_code == 404
    assert b"import" not in answer.data
    assert b"root:" not in answer.data


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "MOON"])
def test_a_route_knows_its_own_method_only(app: Any, method: str) -> None:
    client = Client(app)
    for name, allowed in METHODS.items():
        answer = client.open(f"{BASE}/{'static/index.js' if name == 'static' else name}", method=method)
        assert (answer.status_code == 405) == (method not in allowed), name
        if method not in allowed:
            assert answer.headers["Allow"] == ", ".join(allowed)


def test_other_origins_are_allowed_nothing(app: Any) -> None:
    for name, answer in every_answer(app, Origin="https://elsewhere.example"):
        shared = [key for key in answer.headers.keys() if key.lower().startswith("access-control-")]  # noqa: SIM118
        assert shared == [], name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name
        assert answer.mimetype in ("application/json", "application/octet-stream", "text/javascript"), name


def test_nothing_outside_the_logdir_is_read_or_named(trainings: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(HIDDEN)
    logdir = tmp_path / "logs"
    logdir.mkdir()
    (logdir / "a").symlink_to(trainings / "falls")
    (logdir / "events.out.tfevents.1.host").symlink_to(tmp_path / "secret.txt")
    (logdir / "lossgap.toml").symlink_to(tmp_path / "secret.txt")
    app = tensorboard_app(logdir)
    read_out(app)
    for name, answer in every_answer(app):
        assert HIDDEN.encode() not in answer.data, name
        assert b"secret.txt" not in answer.data, name


def test_an_answer_has_a_largest_size(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "MOST_BYTES", 1_000)
    client = Client(app)
    ids = [one["id"] for one in client.get(f"{BASE}/trainings").get_json()["trainings"]]
    for path, body in (("series", {"ids": ids, "points": 0}), ("groups", {"groups": {"all": ids}})):
        answer = client.post(f"{BASE}/{path}", json=body)
        assert answer.status_code == 400
        assert "fewer" in answer.get_json()["error"]


def test_a_body_has_a_largest_size(app: Any) -> None:
    body = {"ids": [], "metric": "x" * (1 << 20)}
    assert Client(app).post(f"{BASE}/series", json=body).status_code == 400


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b"1e999", b"NaN", b'{"ids": NaN}']
)
def test_what_is_no_json_object_is_refused(app: Any, body: bytes) -> None:
    for name in BODIES:
        answer = Client(app).post(f"{BASE}/{name}", data=body)
        assert answer.status_code == 400
        assert answer.get_json()["error"]


@pytest.mark.parametrize("name", ["patience", "min_delta", "tolerance", "alpha"])
@pytest.mark.parametrize("value", ["-1", "nan", "inf", "-inf", "1e999", "0x1", "", "1;2", "[]", "9" * 5_000])
def test_a_number_is_a_number(app: Any, name: str, value: str) -> None:
    answer = Client(app).get(f"{BASE}/trainings", query_string={name: value})
    assert answer.status_code == 400
    assert len(answer.data) < 300
