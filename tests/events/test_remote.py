from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING
from typing import Any
from unittest.mock import Mock

import fsspec
import pytest
from fsspec.registry import _registry
from moto.server import ThreadedMotoServer

from tb_lossgap.events import LogdirError
from tb_lossgap.events import LogReader
from tb_lossgap.events import remote
from tb_lossgap.model import ReadWarning
from tb_lossgap.model import SeriesKey
from tests.events.records import scalars
from tests.events.records import version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "events.out.tfevents.1.host"
START = version(1.0) + scalars("loss", [3.0, 2.0])
MORE = scalars("loss", [1.0, 0.5], first_step=2)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A real S3 endpoint on this machine."""
    server = ThreadedMotoServer(port=0)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def s3(endpoint: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    bucket = f"logs-{abs(hash(request.node.name))}"
    fsspec.filesystem("s3", skip_instance_cache=True).mkdir(bucket)
    yield f"s3://{bucket}"
    fsspec.get_filesystem_class("s3").clear_instance_cache()


@pytest.fixture
def memory() -> str:
    return "memory://logs"


@pytest.fixture(params=["s3", "memory"])
def bucket(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(request.param)
    return url


def put(url: str, data: bytes) -> None:
    with fsspec.open(url, "wb") as file:
        file.write(data)


def reader_of(url: str) -> LogReader:
    reader = LogReader({"": url})
    reader.refresh()
    return reader


def values(reader: LogReader, run: str) -> list[float]:
    return [float(value) for value in reader.series()[SeriesKey(run, "loss")].values]


def test_runs_of_a_store_are_named_as_those_of_a_folder(bucket: str) -> None:
    put(f"{bucket}/{FILE}", START)
    put(f"{bucket}/a/train/{FILE}", START)
    put(f"{bucket}/a/notes.txt", b"no events")
    reader = reader_of(bucket)
    assert reader.runs == (".", "a/train")
    assert values(reader, "a/train") == [3.0, 2.0]


def test_only_what_is_new_of_a_grown_object_is_fetched(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(f"{bucket}/{FILE}", START)
    reader = reader_of(bucket)
    put(f"{bucket}/{FILE}", START + MORE)
    sizes = []
    read = remote.RemoteFile.read

    def counted(self: remote.RemoteFile, offset: int, size: int) -> bytes:
        sizes.append(size)
        return read(self, offset, size)

    monkeypatch.setattr(remote.RemoteFile, "read", counted)
    assert reader.refresh()
    assert values(reader, ".") == [3.0, 2.0, 1.0, 0.5]
    assert sum(sizes) < len(MORE) + 130


def test_a_replaced_object_is_read_again(bucket: str) -> None:
    put(f"{bucket}/{FILE}", START)
    reader = reader_of(bucket)
    put(f"{bucket}/{FILE}", version(2.0) + scalars("loss", [9.0, 8.0, 7.0]))
    reader.refresh()
    assert values(reader, ".") == [9.0, 8.0, 7.0]


def test_a_deleted_object_goes(bucket: str) -> None:
    put(f"{bucket}/{FILE}", START)
    put(f"{bucket}/a/{FILE}", START)
    reader = reader_of(bucket)
    filesystem, path = fsspec.core.url_to_fs(f"{bucket}/a/{FILE}")
    filesystem.rm(path)
    assert reader.refresh()
    assert reader.runs == (".",)


def test_nothing_new_is_no_change(bucket: str) -> None:
    put(f"{bucket}/{FILE}", START)
    assert not reader_of(bucket).refresh()


def test_a_file_url_is_a_folder_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / FILE).write_bytes(START)
    assert values(reader_of(tmp_path.as_uri()), "a b") == [3.0, 2.0]


def test_an_empty_place_is_named(memory: str) -> None:
    with pytest.raises(LogdirError, match="memory://logs/none: nothing is there"):
        reader_of(f"{memory}/none")


def test_a_missing_bucket_is_named(s3: str) -> None:
    with pytest.raises(LogdirError, match=r"s3://other.*/none: "):
        reader_of(s3.replace("logs", "other") + "/none")


def test_a_file_is_no_logdir(memory: str) -> None:
    put(f"{memory}/{FILE}", START)
    with pytest.raises(LogdirError, match="not a folder"):
        reader_of(f"{memory}/{FILE}")


@pytest.mark.parametrize(
    ("url", "package", "advice"),
    [
        ("s3://b/logs", "s3fs", r"pip install 'tb-lossgap\[s3\]'"),
        ("gs://b/logs", "gcsfs", r"pip install 'tb-lossgap\[gcs\]'"),
        ("az://b/logs", "adlfs", r"pip install 'tb-lossgap\[azure\]'"),
        ("hf://b/logs", "huggingface_hub", "huggingface_hub"),
    ],
)
def test_a_missing_package_is_named(url: str, package: str, advice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(_registry, url.partition(":")[0], raising=False)
    with pytest.raises(LogdirError, match=advice):
        reader_of(url)


def test_missing_credentials_are_named(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(LogdirError, match=r"Unable to locate credentials.*AWS_ACCESS_KEY_ID"):
        reader_of(s3)


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("gs://b/logs", "GOOGLE_APPLICATION_CREDENTIALS"),
        ("az://b/logs", "AZURE_STORAGE_ACCOUNT_NAME"),
        ("abfs://b/logs", "AZURE_STORAGE_ACCOUNT_NAME"),
    ],
)
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("moment", ["opened", "listed"])
def test_stores_that_let_nobody_in_say_where_they_look_for_credentials(
    url: str, advice: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = Mock(**{"find.side_effect": ValueError("no credentials")})

    def open_url(_url: str) -> tuple[Mock, str]:
        if moment == "opened":
            raise ValueError("no credentials")
        return closed, "b/logs"

    monkeypatch.setattr(fsspec.core, "url_to_fs", open_url)
    with pytest.raises(LogdirError, match=rf"{url}: cannot be {moment} \(no credentials\); .*{advice}"):
        reader_of(url)


def test_an_unknown_kind_of_url_is_named() -> None:
    with pytest.raises(LogdirError, match="nowhere://x: cannot be opened"):
        reader_of("nowhere://x")


class Failing:
    """Makes every request fail a number of times."""

    def __init__(self, method: Any, times: int) -> None:
        self._method = method
        self._left = times
        self._lock = threading.Lock()

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        with self._lock:
            self._left -= 1
            if self._left >= 0:
                raise TimeoutError("the store is busy")
        return self._method(*arguments, **options)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_PAUSES", (0.0, 0.0))


@pytest.mark.usefixtures("quick")
def test_a_request_that_fails_for_a_moment_is_repeated(memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(f"{memory}/{FILE}", START)
    filesystem = fsspec.filesystem("memory")
    monkeypatch.setattr(filesystem, "find", Failing(filesystem.find, 2))
    monkeypatch.setattr(filesystem, "cat_file", Failing(filesystem.cat_file, 2))
    assert values(reader_of(memory), ".") == [3.0, 2.0]


@pytest.mark.usefixtures("quick")
def test_a_store_that_stays_out_of_reach_is_a_warning_and_tried_again(
    memory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(f"{memory}/{FILE}", START)
    filesystem = fsspec.filesystem("memory")
    with monkeypatch.context() as patch:
        patch.setattr(filesystem, "cat_file", Failing(filesystem.cat_file, 100))
        reader = reader_of(memory)
        assert reader.warnings == (ReadWarning(FILE, 0, "file cannot be read: the store is busy"),)
    assert reader.refresh()
    assert values(reader, ".") == [3.0, 2.0]
    assert not reader.warnings


@pytest.mark.usefixtures("quick")
def test_a_store_that_cannot_be_listed_is_named(memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    filesystem = fsspec.filesystem("memory")
    monkeypatch.setattr(filesystem, "find", Failing(filesystem.find, 100))
    with pytest.raises(LogdirError, match=r"cannot be listed \(the store is busy\); check the address and credentials"):
        reader_of(memory)
