"""Clients that go away in the middle, as the ASGI server tells of them."""

import asyncio
from base64 import b64encode
from collections.abc import MutableMapping
from typing import Any

import pytest
from small_world import DOMAIN, OWNER, SmallWorld
from starlette.applications import Starlette

from inhouse_server.data_plane import create_routes
from inhouse_server.data_plane.file_bodies import CHUNK
from inhouse_server.model import Repository

Message = MutableMapping[str, Any]


def scope(world: SmallWorld, method: str, path: str) -> Message:
    credentials = b64encode(f"aws:{world.token()}".encode())
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [
            (b"authorization", b"Basic " + credentials),
            (b"content-type", b"multipart/form-data; boundary=b"),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


@pytest.fixture
def application(world: SmallWorld) -> Starlette:
    return Starlette(routes=create_routes(world.data_plane_services()))


@pytest.mark.usefixtures("team")
def test_an_upload_that_breaks_off_leaves_nothing(application: Starlette, world: SmallWorld) -> None:
    incoming: list[Message] = [
        {"type": "http.request", "body": b'--b\r\nContent-Disposition: form-data; name="na', "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return incoming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(application(scope(world, "POST", f"/pypi/d/{DOMAIN}-{OWNER}/team/"), receive, send))
    assert sent[0]["status"] == 400
    assert world.stored() == set()
    assert set(world.rows().values()) == {0}


@pytest.mark.parametrize("length", [CHUNK * 8])
def test_a_download_that_nobody_reads_any_more_ends_and_closes_its_file(
    application: Starlette, world: SmallWorld, team: Repository, length: int
) -> None:
    world.remote.add("big", "big-1.0.tar.gz", bytes(length))
    world.get(team, "big", "1.0", "big-1.0.tar.gz")
    gone = asyncio.Event()
    sent: list[Message] = []
    requests: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if requests:
            return requests.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == 3:
            gone.set()
            await asyncio.sleep(0.05)

    address = f"/pypi/d/{DOMAIN}-{OWNER}/team/simple/big/1.0/big-1.0.tar.gz"
    asyncio.run(application(scope(world, "GET", address), receive, send))
    assert 3 <= len(sent) < 9, "not all of the file was read"
