"""Stands in front of both planes and makes requests go wrong as tests ask for it."""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from typing import Final, cast

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from inhouse_server.control_plane.protocol import answers, models
from inhouse_server.data_plane.answers import refusal
from inhouse_server.errors import (
    AccessDeniedError,
    InternalError,
    NotFoundError,
    RequestError,
    ResourceType,
    ThrottledError,
    UnavailableError,
    UnknownAccessKeyError,
)
from inhouse_server.faults import Fault, Faults

_DATA_PLANE: Final[Mapping[str, str]] = {
    "GET": "ReadFromRepository",
    "HEAD": "ReadFromRepository",
    "POST": "PublishPackageVersion",
}
_MESSAGE: Final = "This request was made to fail."
_ERRORS: Final[Mapping[int, Callable[[Fault], RequestError]]] = {
    401: lambda _: UnknownAccessKeyError(_MESSAGE),
    403: lambda _: AccessDeniedError(_MESSAGE),
    404: lambda fault: NotFoundError(_MESSAGE, ResourceType.REPOSITORY, fault.target),
    429: lambda fault: ThrottledError(_MESSAGE, fault.retry_after),
    500: lambda _: InternalError(_MESSAGE),
    503: lambda fault: UnavailableError(_MESSAGE, fault.retry_after),
}
"""How each of `faults.STATUSES` is answered. AWS's API has no 401 and no 503: there, the former is a key that nobody
knows, and the latter an internal error."""


class FaultInjection:
    """An ASGI application in front of another.

    Args:
        app: What answers requests that go well.
        faults: What goes wrong.
    """

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults
        self._operations = {route: operation.name for route, operation in models.routes("codeartifact").items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; see the ASGI specification."""
        target = self._target(scope) if scope["type"] == "http" else None
        fault = None if target is None else self._faults.take(target)
        if fault is None:
            await self._app(scope, receive, send)
            return
        await asyncio.sleep(fault.delay)
        if fault.status is None:
            await self._app(scope, receive, send)
        else:
            await _answer(scope["path"], _ERRORS[fault.status](fault))(scope, receive, send)

    def _target(self, scope: Scope) -> str | None:
        method, path = cast("str", scope["method"]), cast("str", scope["path"])
        if path.startswith("/pypi/"):
            return _DATA_PLANE.get(method)
        return self._operations.get((method, path))


def _answer(path: str, error: RequestError) -> Response:
    if path.startswith("/pypi/"):
        response = refusal(error)
    else:
        wire = answers.in_json(error)
        response = Response(wire.body, wire.status, wire.headers, wire.content_type)
    response.headers["x-amzn-RequestId"] = str(uuid.uuid4())
    return response
