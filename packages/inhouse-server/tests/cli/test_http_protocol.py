"""Over a socket: what comes before a request is complete must not grow without end."""

import contextlib
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlparse

import pytest
from live_server import serve
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from inhouse_server.compat import MAXIMUM_HEAD_BYTES

Address = tuple[str, int]


async def echo_length(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture(params=["httptools", "h11"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Address]:
    if request.param == "h11":
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with serve(Starlette(routes=[Route("/", echo_length, methods=["GET", "POST"])])) as url:
        parsed = urlparse(url)
        assert parsed.hostname
        assert parsed.port
        yield parsed.hostname, parsed.port


@pytest.fixture
def httptools_server() -> Iterator[Address]:
    with serve(Starlette(routes=[Route("/", echo_length, methods=["GET", "POST"])])) as url:
        parsed = urlparse(url)
        assert parsed.hostname
        assert parsed.port
        yield parsed.hostname, parsed.port


def talk(server: Address, *pieces: bytes) -> bytes:
    """Send the pieces; return all that comes back until the other end closes."""
    received = b""
    with socket.create_connection(server, timeout=10) as connection, contextlib.suppress(ConnectionError):
        for piece in pieces:
            connection.sendall(piece)
        while chunk := connection.recv(65536):
            received += chunk
    return received


def head(*lines: bytes, method: bytes = b"GET") -> bytes:
    return b"\r\n".join([method + b" / HTTP/1.1", b"Host: x", b"Connection: close", *lines, b"", b""])


def test_a_head_that_is_too_long_is_refused(httptools_server: Address) -> None:
    reply = talk(httptools_server, head(b"X: " + b"a" * MAXIMUM_HEAD_BYTES))
    assert reply.startswith(b"HTTP/1.1 431 ")
    assert b"longer than" in reply


@pytest.mark.parametrize("lines", [[b"X: " + b"a" * 50_000], [b"X: " + b"a" * 500] * 100])
def test_a_head_within_the_bound_is_answered(server: Address, lines: list[bytes]) -> None:
    assert talk(server, head(*lines)).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "endless",
    [
        b"GET / HTTP/1.1\r\nX: " + b"a" * 8_000_000,
        b"GET /" + b"a" * 8_000_000,
        b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 1_000_000,
        head(b"Transfer-Encoding: chunked", method=b"POST") + b"5;" + b"a" * 8_000_000,
        head(b"Transfer-Encoding: chunked", method=b"POST") + b"1\r\nx\r\n0\r\nX: " + b"a" * 8_000_000,
    ],
    ids=["header", "address", "headers", "chunk extension", "trailer"],
)
def test_what_never_ends_is_cut_off(server: Address, endless: bytes) -> None:
    start = time.monotonic()
    reply = talk(server, endless)
    assert time.monotonic() - start < 2.0
    assert b" 200 " not in reply


def test_bodies_may_be_long_whole_and_in_chunks(server: Address) -> None:
    body = b"x" * 1_000_000
    whole = talk(server, head(b"Content-Length: 1000000", method=b"POST"), body)
    assert whole.endswith(b"1000000")
    chunks = b"".join(b"3e8\r\n" + body[:1000] + b"\r\n" for _ in range(1000)) + b"0\r\n\r\n"
    assert talk(server, head(b"Transfer-Encoding: chunked", method=b"POST"), chunks).endswith(b"1000000")


def test_one_connection_has_many_requests(httptools_server: Address) -> None:
    request = b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 20_000 + b"\r\n\r\n"
    assert talk(httptools_server, *[request] * 10, head()).count(b"HTTP/1.1 200 ") == 11


def test_what_is_not_http_is_refused_once(httptools_server: Address) -> None:
    assert talk(httptools_server, b"\x16\x03\x01" * 30_000).count(b"HTTP/1.1 400 ") <= 1
