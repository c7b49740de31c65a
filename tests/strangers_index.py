"""A second index, as a stranger has it: every name of ours at a higher version, and whoever asks is answered."""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from packaging.utils import canonicalize_name

from pytest_inhouse import make_wheel

STRANGERS: Final = "9.9.9"
"""The version of whatever the stranger wants people to install; none of ours is as high."""


@contextmanager
def strangers_index(targets: Mapping[str, str]) -> Iterator[str]:
    """Run the index while the block lasts; the address of its simple pages is given.

    Args:
        targets: Names of ours, each to the name of a package that requires it. The latter is there in the version that
            ours has, so that who takes it from here has not been told from the version alone.
    """
    wheels = [make_wheel(name, STRANGERS) for name in targets]
    wheels += [make_wheel(name, "1.0", requires=[target]) for target, name in targets.items()]
    pages: dict[str, dict[str, bytes]] = {}
    for wheel in wheels:
        name = canonicalize_name(wheel.filename.split("-")[0])
        pages.setdefault(f"/simple/{name}/", {})[wheel.filename] = wheel.content
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(pages))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/simple/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(pages: Mapping[str, Mapping[str, bytes]]) -> type[BaseHTTPRequestHandler]:
    files = {f"/files/{name}": content for page in pages.values() for name, content in page.items()}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path in files:
                self._answer(200, "application/octet-stream", files[self.path])
            elif self.path in pages:
                links = [
                    f'<a href="/files/{name}#sha256={hashlib.sha256(content).hexdigest()}">{name}</a>'
                    for name, content in pages[self.path].items()
                ]
                self._answer(200, "text/html", f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>".encode())
            else:
                self._answer(404, "text/plain", b"there is no such project")

        def do_HEAD(self) -> None:
            self.do_GET()

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Say nothing: pytest shows what is written."""

    return Handler
