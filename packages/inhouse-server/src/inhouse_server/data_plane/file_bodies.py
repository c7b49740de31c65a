"""Answers with the bytes of a file: small ones whole, large ones in chunks, or the range that was asked for."""

from collections.abc import AsyncIterator, Mapping
from email.utils import format_datetime
from functools import partial
from typing import BinaryIO, Final

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from inhouse_server.data_plane import conditional
from inhouse_server.data_plane.threads import Threads
from inhouse_server.model import File
from inhouse_server.rules import ranges
from inhouse_server.services.files import OpenFile

CHUNK: Final = 256 * 1024
"""Bytes that are read and sent at once; a file that is not longer is one body."""

CACHE_CONTROL: Final = "private, max-age=31536000, immutable"
"""Of files: what is published never changes. Private: not everybody may read it."""


def etag_of(sha256: str) -> str:
    """Return the strong entity tag of bytes."""
    return f'"{sha256}"'


def file_headers(file: File) -> dict[str, str]:
    """Return the headers that every answer about a file has."""
    headers = {
        "ETag": etag_of(file.digests.sha256),
        "Cache-Control": CACHE_CONTROL,
        "Accept-Ranges": "bytes",
        "Content-Type": "application/octet-stream",
    }
    if file.upload_time is not None:
        headers["Last-Modified"] = format_datetime(file.upload_time, usegmt=True)
    return headers


def file_response(opened: OpenFile, request_headers: Mapping[str, str], threads: Threads) -> Response:
    """Return the answer to a GET; the file is closed by it, or is closed already when it is returned.

    Called in a thread: it reads what is short.
    """
    headers, size, body = file_headers(opened.file), opened.size, opened.body
    wanted = None
    if conditional.range_holds(request_headers, headers["ETag"], headers.get("Last-Modified")):
        try:
            wanted = ranges.parse(request_headers.get("range"), size)
        except ranges.UnsatisfiableRangeError:
            body.close()
            refused = {"Content-Range": f"bytes */{size}", "Cache-Control": "no-store"}  # the file is kept, not this
            return Response(status_code=416, headers={**headers, **refused})
    status, start, stop = (200, 0, size) if wanted is None else (206, wanted.start, wanted.stop)
    if wanted is not None:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    headers["Content-Length"] = str(stop - start)
    body.seek(start)
    if stop - start <= CHUNK:
        with body:
            return Response(_read_exactly(body, stop - start), status, headers)
    return FileStream(body, stop - start, threads, status, headers)


class FileStream(StreamingResponse):
    """The next `length` bytes of an open file, chunk by chunk; closes it whatever happens."""

    def __init__(
        self, body: BinaryIO, length: int, threads: Threads, status_code: int, headers: Mapping[str, str]
    ) -> None:
        self._body = body
        self._length = length
        self._threads = threads
        super().__init__(self._chunks(), status_code, headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the bytes; see the ASGI specification."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._body.close()

    async def _chunks(self) -> AsyncIterator[bytes]:
        left = self._length
        while left:
            chunk = await self._threads.run(partial(_read_exactly, self._body, min(left, CHUNK)))
            left -= len(chunk)
            yield chunk


def _read_exactly(body: BinaryIO, length: int) -> bytes:
    """Return `length` bytes; an unbuffered file may give fewer at a time."""
    found = b""
    while len(found) < length:
        chunk = body.read(length - len(found))
        if not chunk:
            raise EOFError(f"{length - len(found)} bytes are missing")
        found = found + chunk if found else chunk
    return found
