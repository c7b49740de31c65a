"""Answers that are read from a file while they are sent."""

from pathlib import Path

import pytest
from asgi_calls import ask
from starlette.testclient import TestClient

from inhouse_server.control_plane.protocol.encode import Stream
from inhouse_server.control_plane.streaming import StreamedResponse


@pytest.mark.parametrize("length", [0, 5, 700_000])
def test_the_file_is_sent_whole_and_closed(tmp_path: Path, length: int) -> None:
    path = tmp_path / "asset"
    path.write_bytes(b"x" * length)
    body = path.open("rb", buffering=0)
    app = StreamedResponse(Stream(body, length), 200, {"X-AssetName": "a"}, "text/plain")
    reply = TestClient(app).get("/")
    assert (reply.status_code, reply.content, reply.headers["content-length"]) == (200, b"x" * length, str(length))
    assert reply.headers["x-assetname"] == "a"
    assert body.closed


def test_the_file_is_closed_when_the_client_goes_away(tmp_path: Path) -> None:
    path = tmp_path / "asset"
    path.write_bytes(b"x" * 700_000)
    body = path.open("rb", buffering=0)
    reply = ask(StreamedResponse(Stream(body, 700_000), 200, {}, None), "GET", "/")
    assert len(reply.body) < 700_000
    assert body.closed
