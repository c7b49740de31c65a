"""One request to an ASGI application, without a network."""

import asyncio
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp


@dataclass(frozen=True)
class Reply:
    """What an application answered."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(
    app: ASGIApp,
    method: str,
    path: str,
    *,
    query: str = "",
    headers: Mapping[str, str] | None = None,
    body: Iterable[bytes | None] = (),
    address: str = "127.0.0.1",
) -> Reply:
    """Send a request and return the reply.

    Args:
        app: The application.
        method: For example `POST`.
        path: Decoded; its latin-1 form is what came over the wire.
        query: Behind the `?`.
        headers: By name.
        body: Its chunks, none of them empty, asked for one by one; None is a client that goes away.
        address: Of the client.
    """
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("latin-1", "replace"),
        "root_path": "",
        "query_string": query.encode("latin-1", "replace"),
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in (headers or {}).items()
        ],
        "client": (address, 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[MutableMapping[str, Any]] = []
    chunks = iter(body)
    ended = False

    async def receive() -> MutableMapping[str, Any]:
        nonlocal ended
        chunk = next(chunks, b"")
        if chunk is None or ended:
            return {"type": "http.disconnect"}
        ended = not chunk
        return {"type": "http.request", "body": chunk, "more_body": bool(chunk)}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]  # an ASGI application is a coroutine function
    start = sent[0]
    return Reply(
        start["status"],
        {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]},
        b"".join(message.get("body", b"") for message in sent[1:]),
    )
