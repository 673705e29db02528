from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.events.records import FILE
from tests.events.records import scalars
from tests.events.records import version
from tests.events.records import write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import StartTensorBoard
    from tests.servers import Server

BASE = "/data/plugin/lossgap"
SECONDS = 60
CHUNK = b"10000\r\n" + b" " * (1 << 16) + b"\r\n"
# What tells a page of another origin, or of another name of this machine, that it may read an answer.
SHARING = ("access-control-", "cross-origin-", "vary", "x-frame-options", "x-content-type-options")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, tensorboard_server: StartTensorBoard) -> Server:
    logdir = tmp_path_factory.mktemp("logs")
    write(logdir / "a" / FILE, version(), scalars("loss", [2.0, 1.0]), scalars("val_loss", [2.0, 1.5]))
    return tensorboard_server(f"--logdir={logdir}", "--load_fast=false", "--reload_interval=0")


def answered(server: Server, *request: bytes) -> bytes:
    """What comes back when these bytes are sent, as far as anybody takes them."""
    where = urlsplit(server.url)
    with socket.create_connection((where.hostname, where.port), SECONDS) as connection:
        answer = b""
        try:
            for part in request:
                connection.sendall(part)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            # Refused before all was sent.
            pass
        try:
            while part := connection.recv(1 << 16):
                answer += part
        except ConnectionError:
            pass
    return answer


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""]).encode()


def post(path: str, *headers: str) -> bytes:
    return get(path, *headers).replace(b"GET", b"POST", 1)


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.fixture
def unharmed(server: Server) -> Iterator[Server]:
    """A server that answers after the test too, and has printed nothing of an error meanwhile."""
    before = len(server.output)
    yield server
    assert server.json("data/plugin/lossgap/progress")
    assert "Traceback" not in server.output[before:]


def test_a_query_of_ten_megabytes_is_refused(unharmed: Server) -> None:
    answer = answered(unharmed, get(f"{BASE}/trainings?metric=" + "x" * 10_000_000))
    assert not answer or status(answer) == 414


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("&".join(["patience=3"] * 5_000), 200),
        ("&".join(f"p{number}=1" for number in range(7_000)), 200),
        ("metric=" + "%00" * 1_000, 200),
        ("metric=" + "%ff%fe" * 500, 200),
        ("metric=" + "x" * 60_000, 400),
        ("patience=" + "9" * 60_000, 400),
        ("min_delta=nan", 400),
        ("tolerance=inf", 400),
        ("than=" + "[" * 60_000, 400),
        ("pairs=" + "[" * 60_000, 400),
        ("joined=%00", 400),
    ],
    ids=lambda value: str(value)[:20],
)
def test_any_query_is_answered(query: str, expected: int, unharmed: Server) -> None:
    answer = answered(unharmed, get(f"{BASE}/trainings?{query}"))
    assert status(answer) == expected
    told = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert ("error" in told) == (expected == 400)
    assert len(answer) < 50_000


def test_a_body_in_chunks_without_end_is_refused(unharmed: Server) -> None:
    answer = answered(unharmed, post(f"{BASE}/series", "Transfer-Encoding: chunked"), *[CHUNK] * 64)
    assert not answer or status(answer) == 400


@pytest.mark.parametrize(
    "body",
    [
        (b"Content-Length: 100", b'{"ids"'),
        (b"Transfer-Encoding: chunked", b'7\r\n{"ids"'),
        (b"Transfer-Encoding: chunked", b"moon\r\n"),
        (b"Content-Length: 99999999999999999999", b"{}"),
        (b"Content-Length: -1", b"{}"),
    ],
    ids=["cut off", "cut off in a chunk", "no chunk", "endless", "negative"],
)
def test_a_body_that_is_not_what_it_says_is_refused(body: tuple[bytes, bytes], unharmed: Server) -> None:
    header, content = body
    answer = answered(unharmed, post(f"{BASE}/series", header.decode()), content)
    assert not answer or status(answer) == 400


@pytest.mark.parametrize("headers", [[], ["Origin: https://elsewhere.example"], ["Origin: null"]])
@pytest.mark.parametrize("host", ["localhost", "elsewhere.example", "elsewhere.example:6006", "[::1]", ""])
def test_a_page_elsewhere_is_told_what_tensorboard_itself_tells_it(
    host: str, headers: list[str], unharmed: Server
) -> None:
    ours, theirs = (
        answered(unharmed, get(path, *headers).replace(b"Host: localhost", f"Host: {host}".encode()))
        for path in (f"{BASE}/progress", "/data/environment")
    )
    assert sharing(ours) == sharing(theirs)
    assert status(ours) == status(theirs)


def sharing(answer: bytes) -> list[str]:
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1").lower()
    return sorted(line for line in head.split("\r\n") if line.startswith(SHARING))
