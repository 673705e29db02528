from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal

import fsspec
import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.serving import make_server

from tb_lossgap.events import LogReader
from tb_lossgap.events import remote
from tb_lossgap.library import Library
from tests.events.records import FILE
from tests.events.records import scalars
from tests.events.records import version

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator

    from tb_lossgap.snapshot import Snapshot

SECONDS = 30
LOGS = version(1.0) + scalars("loss", [3.0, 2.0]) + scalars("val_loss", [3.0, 2.0])


class Store:
    """A real S3 endpoint on this machine, which may be busy or never answer."""

    def __init__(self) -> None:
        self.mood: Literal["well", "busy", "silent"] = "well"
        self.speak = threading.Event()
        self._store = DomainDispatcherApplication(create_backend_app)
        self.server = make_server("127.0.0.1", 0, self, threaded=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if self.mood == "silent":
            self.speak.wait(SECONDS)
        if self.mood != "well":
            start_response("503 Slow Down", [("Content-Length", "0")])
            return [b""]
        answer: Iterable[bytes] = self._store(environ, start_response)
        return answer


@pytest.fixture
def bucket(request: pytest.FixtureRequest) -> str:
    return f"faults-{abs(hash(request.node.name))}"


@pytest.fixture
def store(bucket: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    store = Store()
    monkeypatch.setattr(remote, "_PAUSES", (0.0, 0.0))
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{store.server.port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    filesystem = fsspec.filesystem("s3", skip_instance_cache=True)
    filesystem.mkdir(bucket)
    filesystem.pipe_file(f"{bucket}/a/{FILE}", LOGS)
    yield store
    store.mood = "well"
    store.speak.set()
    store.server.shutdown()
    fsspec.get_filesystem_class("s3").clear_instance_cache()


def eventually(library: Library, is_there: Callable[[Snapshot], object]) -> Snapshot:
    deadline = time.monotonic() + SECONDS
    while not is_there(snapshot := library.snapshot()):
        assert time.monotonic() < deadline, snapshot
        time.sleep(0.02)
    return snapshot


def test_a_busy_store_is_said_and_what_is_known_stays(store: Store, bucket: str) -> None:
    library = Library(LogReader({"": f"s3://{bucket}"}), "logs", reload_interval=0.1)
    eventually(library, lambda snapshot: snapshot.state == "ready")
    store.mood = "busy"
    snapshot = eventually(library, lambda snapshot: snapshot.state == "error")
    assert snapshot.error.startswith(f"s3://{bucket}: cannot be listed")
    assert list(snapshot.fits) == ["a"]
    store.mood = "well"
    eventually(library, lambda snapshot: snapshot.state == "ready" and not snapshot.error)
    library.close()


def test_a_silent_store_keeps_nobody_waiting(store: Store, bucket: str) -> None:
    store.mood = "silent"
    library = Library(LogReader({"": f"s3://{bucket}"}), "logs", reload_interval=0.1)
    library.snapshot()
    time.sleep(0.5)
    began = time.monotonic()
    assert library.snapshot().state == "loading"
    assert time.monotonic() - began < 0.2
    store.mood = "well"
    store.speak.set()
    assert list(eventually(library, lambda snapshot: snapshot.state == "ready").fits) == ["a"]
    library.close()
