"""A public source that lies, hangs or never ends: it is unavailable, and costs neither time nor memory."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from packaging.utils import NormalizedName
from pytest_httpserver import HTTPServer

from inhouse_server import compat
from inhouse_server.errors import RemoteUnavailableError
from inhouse_server.model import Digests, File, Sha256
from inhouse_server.remotes import Patience, SimpleIndex

PROJECT = NormalizedName("acme")
JSON = "application/vnd.pypi.simple.v1+json"
A = "a" * 64
CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"


def entry(filename: str = "acme-1.0.tar.gz", /, **more: object) -> dict[str, object]:
    return {"filename": filename, "url": f"/files/{filename}", "hashes": {"sha256": A}, **more}


def page(*files: object) -> str:
    return json.dumps({"meta": {"api-version": "1.1"}, "name": "acme", "versions": [], "files": files})


@pytest.fixture
def index(httpserver: HTTPServer) -> Iterator[SimpleIndex]:
    with closing(SimpleIndex(httpserver.url_for("/simple/"), patience=Patience(pause=0.0))) as made:
        yield made


def serve(server: HTTPServer, body: str | bytes, content_type: str = JSON) -> None:
    server.expect_request("/simple/acme/").respond_with_data(body, content_type=content_type)


def names(index: SimpleIndex) -> list[str]:
    return [file.filename for files in index.list_files(PROJECT).by_version.values() for file in files]


@dataclass
class Endless:
    """A server that answers every request with a body that never ends."""

    url: str
    sent: list[int] = field(default_factory=list)


@pytest.fixture(params=[200, 302, 403, 404, 500])
def status(request: pytest.FixtureRequest) -> int:
    found: int = request.param
    return found


@pytest.fixture
def endless(status: int) -> Iterator[Endless]:
    made = Endless("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            mine = len(made.sent)
            made.sent.append(0)  # before the first byte: the client may be gone as soon as it has the head
            self.send_response(status)
            self.send_header("Content-Type", JSON)
            self.send_header("Location", "/again")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.close_connection = True
            try:
                while made.sent[mine] < 4000:
                    self.wfile.write(CHUNK)
                    made.sent[mine] += 1
            except OSError:
                pass

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        made.url = f"http://127.0.0.1:{server.server_address[1]}/"
        yield made
        server.shutdown()
        thread.join()


def test_an_endless_answer_is_closed_and_not_read(
    endless: Endless, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inhouse_server.remotes.simple_index._MAXIMUM_PAGE_BYTES", 1000)
    with closing(SimpleIndex(endless.url, patience=Patience(pause=0.0))) as index:
        if status == 404:
            assert index.list_files(PROJECT).by_version == {}
        else:
            with pytest.raises(RemoteUnavailableError):
                index.list_files(PROJECT)
    assert max(endless.sent) < 1000, "of 250 MB"


@pytest.mark.parametrize("status", [200])
@pytest.mark.parametrize("size", [100_000, None])
def test_an_endless_file_is_stopped_at_its_size(
    endless: Endless, size: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compat, "MAXIMUM_ASSET_BYTES", 300_000)
    file = File("acme-1.0.tar.gz", "1.0", Digests(Sha256(A)), size=size, url=endless.url + "x")
    got: list[bytes] = []
    with (
        closing(SimpleIndex(endless.url)) as index,
        pytest.raises(RemoteUnavailableError, match=r"more than [13]00000 bytes"),
    ):
        _read_into(got, index, file)
    assert sum(map(len, got)) <= (size or 300_000)
    assert max(endless.sent) < 1000


def _read_into(got: list[bytes], index: SimpleIndex, file: File) -> None:
    with index.open(file) as chunks:
        got.extend(chunks)


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


def test_a_source_that_never_answers_is_given_up_then_left_alone(silent: str) -> None:
    with closing(SimpleIndex(silent, patience=Patience(whole=0.2, rest=60.0, quick=0.1))) as index:
        start = time.monotonic()
        with pytest.raises(RemoteUnavailableError, match="cannot be reached"):
            index.list_files(PROJECT)
        assert 0.15 < time.monotonic() - start < 2.0
        start = time.monotonic()
        with pytest.raises(RemoteUnavailableError, match="a moment ago"):
            index.list_files(NormalizedName("other"))
        assert time.monotonic() - start < 0.1


@pytest.fixture
def dripping() -> Iterator[str]:
    """The address of a server that sends a byte now and then."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", JSON)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            try:
                while not over.wait(0.02):
                    self.wfile.write(b" ")
            except OSError:
                pass

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        over.set()
        server.shutdown()
        thread.join()


def test_a_page_that_comes_drop_by_drop_is_given_up(dripping: str) -> None:
    start = time.monotonic()
    with (
        closing(SimpleIndex(dripping, patience=Patience(whole=0.3))) as index,
        pytest.raises(RemoteUnavailableError, match="too long"),
    ):
        index.list_files(PROJECT)
    assert time.monotonic() - start < 2.0


def test_passing_trouble_is_tried_again(httpserver: HTTPServer, index: SimpleIndex) -> None:
    for _ in range(2):
        httpserver.expect_ordered_request("/simple/acme/").respond_with_data("busy", status=503)
    httpserver.expect_ordered_request("/simple/acme/").respond_with_data(page(entry()), content_type=JSON)
    assert names(index) == ["acme-1.0.tar.gz"]


def test_trouble_that_does_not_pass_is_told(httpserver: HTTPServer, index: SimpleIndex) -> None:
    httpserver.expect_request("/simple/acme/").respond_with_data("busy", status=503)
    with pytest.raises(RemoteUnavailableError, match="503"):
        index.list_files(PROJECT)
    assert len(httpserver.log) == 3


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("file:///etc/passwd", "not one of HTTP"),
        ("ftp://example.com/acme/", "not one of HTTP"),
        ("/simple/acme/", "redirects more than 5 times"),
    ],
)
def test_redirects_lead_to_http_and_end(httpserver: HTTPServer, index: SimpleIndex, location: str, told: str) -> None:
    httpserver.expect_request("/simple/acme/").respond_with_data(status=302, headers={"Location": location})
    with pytest.raises(RemoteUnavailableError, match=told):
        index.list_files(PROJECT)
    assert len(httpserver.log) <= 6


@pytest.mark.parametrize("location", ["http://[broken/", "http://a b:c/"])
def test_a_redirect_to_nowhere(location: str) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", location)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        with (
            closing(SimpleIndex(f"http://127.0.0.1:{server.server_address[1]}/")) as index,
            pytest.raises(RemoteUnavailableError, match="address that is none"),
        ):
            index.list_files(PROJECT)
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<html><body><h1>Log in to the network</h1><form></form></body></html>", "text/html"),
        ('<html><body><a href="/terms">Terms</a> <a href="/login">Log in</a></body></html>', "text/html"),
        (page(entry()), "text/html"),
        (page(entry()), "text/plain"),
        ("", "text/html"),
        ('{"error": "quota"}', JSON),
        ("null", JSON),
    ],
)
def test_a_page_that_is_no_index_is_not_taken_for_no_such_project(
    httpserver: HTTPServer, index: SimpleIndex, body: str, content_type: str
) -> None:
    serve(httpserver, body, content_type)
    with pytest.raises(RemoteUnavailableError):
        index.list_files(PROJECT)


def test_an_index_in_html_may_have_no_files(httpserver: HTTPServer, index: SimpleIndex) -> None:
    serve(httpserver, '<meta name="pypi:repository-version" content="1.0"><h1>Links for acme</h1>', "text/html")
    assert names(index) == []


@pytest.mark.parametrize("body", ["[" * 200_000, page().replace("[]", "[" * 200_000, 1)])
def test_json_without_a_bottom_is_unavailable(httpserver: HTTPServer, index: SimpleIndex, body: str) -> None:
    serve(httpserver, body)
    with pytest.raises(RemoteUnavailableError, match="cannot be read"):
        index.list_files(PROJECT)


GOOD = entry("acme-2.0.tar.gz")


@pytest.mark.parametrize(
    "bad",
    [
        entry(**{"upload-time": "0009-01-01T00:00:00Z"}),
        entry(**{"upload-time": "0001-01-01T00:00:00+23:00"}),
        entry(**{"upload-time": "9999-12-31T23:59:59-23:00"}),
        entry(**{"upload-time": "yesterday"}),
        entry(size=10**30),
        entry(size=-5),
        entry(size="long"),
        entry(f"acme-{'9' * 5000}.tar.gz"),
        entry(f"acme-{'9' * 5000}-py3-none-any.whl"),
        entry(f"acme-{'9' * 300}.tar.gz"),
        entry("acme-1.0-py3-none-any/../../x.whl"),
        entry("acme-1.0-py3-none-\r\nX: y.whl"),
        entry(**{"requires-python": "\ud800"}),
        entry(**{"requires-python": "x" * 20_000}),
        entry(yanked="\udfff"),
        entry(yanked=7),
        entry(url="http://[broken/x"),
        {**GOOD, "hashes": {"sha256": "b" * 64}},
        "a file",
        None,
    ],
)
def test_a_file_that_cannot_be_is_dropped_and_hides_no_other(
    httpserver: HTTPServer, index: SimpleIndex, bad: object
) -> None:
    serve(httpserver, page(GOOD, bad))
    (files,) = index.list_files(PROJECT).by_version.values()
    assert [(file.filename, file.digests.sha256) for file in files] == [("acme-2.0.tar.gz", A)]


def test_a_digest_that_is_none_is_left_out(httpserver: HTTPServer, index: SimpleIndex) -> None:
    serve(httpserver, page(entry(hashes={"sha256": A, "md5": "<script>"})))
    (files,) = index.list_files(PROJECT).by_version.values()
    assert [file.digests.md5 for file in files] == [None]
