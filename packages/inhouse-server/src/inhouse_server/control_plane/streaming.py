"""An answer whose body is read from a file while it is sent."""

from collections.abc import AsyncIterator, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from inhouse_server.control_plane.protocol.encode import Stream

_CHUNK = 256 * 1024


class StreamedResponse(StreamingResponse):
    """Sends a stream of known length, and closes it whatever happens."""

    def __init__(self, stream: Stream, status: int, headers: Mapping[str, str], content_type: str | None) -> None:
        self._stream = stream
        super().__init__(self._chunks(), status, {**headers, "Content-Length": str(stream.size)}, content_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the bytes; see the ASGI specification."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._stream.body.close()

    async def _chunks(self) -> AsyncIterator[bytes]:
        while chunk := await run_in_threadpool(self._stream.body.read, _CHUNK):
            yield chunk
