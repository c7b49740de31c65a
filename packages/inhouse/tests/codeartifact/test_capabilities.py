"""What a repository does beyond AWS, asked of the embedded one and of others."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from botocore.credentials import Credentials

from inhouse.codeartifact.capabilities import ADDRESS, Capabilities, CapabilitiesDoor
from pytest_inhouse import RunningServer, running

KEYS = Credentials("AKIAMADEUP", "made-up")


def door(url: str, credentials: Credentials | None = KEYS) -> CapabilitiesDoor:
    return CapabilitiesDoor(url, "us-east-1", lambda: credentials, (2.0, 2.0))


def asked(server: RunningServer) -> Capabilities:
    keys = Credentials(server.environment["AWS_ACCESS_KEY_ID"], server.environment["AWS_SECRET_ACCESS_KEY"])
    told = door(server.url, keys).ask()
    assert told is not None
    return told


def test_the_embedded_repository_tells() -> None:
    with running(compat="superset") as server:
        told = asked(server)
    assert told.version
    assert {"capabilities", "own-names-closed"} <= told.features


def test_the_embedded_repository_is_like_aws_where_it_is_told_to_be() -> None:
    with running(compat="aws") as server:
        assert asked(server) == Capabilities()


Answering = Callable[[int, bytes], str]


@pytest.fixture
def answering() -> Iterator[Answering]:
    """Starts a server that answers everything alike, and returns its address."""
    started: list[ThreadingHTTPServer] = []

    def start(status: int, body: bytes) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                assert self.path == ADDRESS
                assert "/us-east-1/codeartifact/aws4_request" in self.headers["Authorization"]
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, daemon=True).start()
        started.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("status", [403, 404, 400])
def test_whoever_does_not_know_the_address_is_like_aws(answering: Answering, status: int) -> None:
    assert door(answering(status, b"{}")).ask() == Capabilities()


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"version": "1", "features": 3}'])
def test_an_answer_of_another_form_is_nothing_of_ours(answering: Answering, body: bytes) -> None:
    assert door(answering(200, body)).ask() == Capabilities()


def test_features_are_read(answering: Answering) -> None:
    body = json.dumps({"version": "1.2", "features": ["one", "two"], "more": 1}).encode()
    assert door(answering(200, body)).ask() == Capabilities("1.2", frozenset({"one", "two"}))


def test_a_repository_that_fails_has_said_nothing(answering: Answering) -> None:
    assert door(answering(503, b"")).ask() is None
    assert door("http://127.0.0.1:9").ask() is None


def test_without_credentials_nobody_is_asked() -> None:
    assert door("http://127.0.0.1:9", None).ask() is None
