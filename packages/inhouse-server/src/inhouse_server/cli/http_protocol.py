"""HTTP as uvicorn speaks it, with an end to how long a request's head may be.

uvicorn's parser collects a head of any length, in time that grows with its square, before anybody asks who sends it.
"""

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from inhouse_server.compat import MAXIMUM_HEAD_BYTES

_MESSAGE: Final = b'{"message":"The head of the request is longer than %d bytes."}' % MAXIMUM_HEAD_BYTES
_REFUSAL: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: application/json\r\n"
    b"content-length: %d\r\n"
    b"connection: close\r\n\r\n%s" % (len(_MESSAGE), _MESSAGE)
)


class BoundedHttpToolsProtocol(HttpToolsProtocol):
    """A connection that ends with 431 when more than `MAXIMUM_HEAD_BYTES` come and nothing is complete."""

    _unfinished_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Take what came over the connection."""
        start = 0
        while start < len(data) and not self.transport.is_closing():
            room = MAXIMUM_HEAD_BYTES - self._unfinished_bytes
            if room <= 0:
                self._refuse()
                return
            piece = data[start : start + room]
            start += len(piece)
            self._unfinished_bytes += len(piece)
            super().data_received(piece)  # the callbacks below set the number back

    def on_headers_complete(self) -> None:
        """Take note that a head is complete."""
        self._unfinished_bytes = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._unfinished_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Take note that a request is complete."""
        self._unfinished_bytes = 0
        super().on_message_complete()

    def _refuse(self) -> None:
        # Not in the middle of another answer; there is no cycle before the first request.
        if getattr(self.cycle, "response_complete", True):
            self.transport.write(_REFUSAL)
        self.transport.close()
