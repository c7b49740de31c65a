"""Lets a repository be reached under AWS's own form of its address, and brings it to the path form."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from inhouse_server.rules.endpoints import canonical_path


class RepositoryHosts:
    """An ASGI application in front of another."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; see the ASGI specification."""
        if scope["type"] == "http":
            host = Headers(scope=scope).get("host", "")
            path = canonical_path(host, scope["path"])
            if path != scope["path"]:
                raw_path = canonical_path(host, scope["raw_path"].decode("latin-1")).encode("latin-1")
                scope = {**scope, "path": path, "raw_path": raw_path}
        await self._app(scope, receive, send)
