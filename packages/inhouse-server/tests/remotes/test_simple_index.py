import gzip
import json
import logging
import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from packaging.utils import NormalizedName
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from inhouse_server.errors import RemoteUnavailableError, SettingError
from inhouse_server.model import Digests, File, Sha256
from inhouse_server.remotes import Patience, SimpleIndex

PROJECT = NormalizedName("acme")
JSON = "application/vnd.pypi.simple.v1+json"
A, B = "a" * 64, "b" * 64


class Ticks:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def page(*files: dict[str, object]) -> str:
    return json.dumps({"meta": {"api-version": "1.1"}, "name": "acme", "versions": [], "files": files})


def entry(filename: str = "acme-1.0.tar.gz", /, **more: object) -> dict[str, object]:
    return {"filename": filename, "url": f"/files/{filename}", "hashes": {"sha256": A}, **more}


def only(index: SimpleIndex) -> File:
    (file,) = (file for files in index.list_files(PROJECT).by_version.values() for file in files)
    return file


MakeIndex = Callable[..., SimpleIndex]


@pytest.fixture
def make_index() -> Iterator[MakeIndex]:
    made: list[SimpleIndex] = []

    def make(url: str, **how: Any) -> SimpleIndex:  # noqa: ANN401 - as SimpleIndex has them
        made.append(SimpleIndex(url, **{"patience": Patience(pause=0.0), **how}))
        return made[-1]

    yield make
    for index in made:
        index.close()


@pytest.fixture
def index(httpserver: HTTPServer, make_index: MakeIndex) -> SimpleIndex:
    return make_index(httpserver.url_for("/simple"), monotonic=Ticks())


@pytest.fixture
def broken_server() -> Iterator[str]:
    """A server that promises fifty bytes of a page, and ends after one."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            head = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: 50\r\n\r\n{{"
            self.wfile.write(head.encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def serve(server: HTTPServer, body: str | bytes, content_type: str = JSON, **headers: str) -> None:
    server.expect_request("/simple/acme/").respond_with_data(body, content_type=content_type, headers=headers)


def test_everything_that_json_says_is_kept(httpserver: HTTPServer, index: SimpleIndex) -> None:
    more = {
        "size": 12,
        "requires-python": ">=3.9",
        "upload-time": "2024-05-29T15:37:49.123456Z",
        "yanked": "broken",
        "core-metadata": {"sha256": B},
    }
    serve(
        httpserver,
        page({**entry("acme-1.0-py3-none-any.whl"), "hashes": {"sha256": A.upper(), "md5": "c" * 32}, **more}),
    )
    assert only(index) == File(
        filename="acme-1.0-py3-none-any.whl",
        version="1.0",
        digests=Digests(Sha256(A), md5="c" * 32),
        size=12,
        requires_python=">=3.9",
        upload_time=datetime(2024, 5, 29, 15, 37, 49, 123456, tzinfo=UTC),
        yanked="broken",
        metadata_sha256=Sha256(B),
        url=httpserver.url_for("/files/acme-1.0-py3-none-any.whl"),
    )


def test_json_is_asked_for_first(httpserver: HTTPServer, index: SimpleIndex) -> None:
    serve(httpserver, page())
    index.list_files(PROJECT)
    request, _ = httpserver.log[0]
    assert request.headers["Accept"].startswith(JSON)
    assert "html" in request.headers["Accept"]


@pytest.mark.parametrize("yanked", [True, False])
def test_yanked_without_a_reason(httpserver: HTTPServer, index: SimpleIndex, yanked: bool) -> None:
    serve(httpserver, page(entry(yanked=yanked)))
    assert only(index).yanked is yanked


@pytest.mark.parametrize("time", ["2024-05-29T15:37:49", "2024-05-29T17:37:49+02:00"])
def test_upload_times_are_utc(httpserver: HTTPServer, index: SimpleIndex, time: str) -> None:
    serve(httpserver, page(entry() | {"upload-time": time}))
    assert only(index).upload_time == datetime(2024, 5, 29, 15, 37, 49, tzinfo=UTC)


@pytest.mark.parametrize(
    "unusable",
    [
        {"hashes": {"md5": "c" * 32}},
        {"hashes": {"sha256": "short"}},
        {"hashes": {"sha256": "z" * 64}},
        {"filename": "other-1.0.tar.gz"},
        {"filename": "acme-not.a.version.tar.gz"},
        {"filename": "acme.txt"},
    ],
)
def test_files_that_cannot_be_checked_or_placed_are_left_out(
    httpserver: HTTPServer, index: SimpleIndex, unusable: dict[str, object]
) -> None:
    serve(httpserver, page(entry("acme-2.0.tar.gz"), {**entry(), **unusable}))
    assert only(index).filename == "acme-2.0.tar.gz"


def test_old_kinds_of_files_are_listed(httpserver: HTTPServer, index: SimpleIndex) -> None:
    serve(httpserver, page(entry("acme-1.0-py2.7.egg")))
    assert only(index).version == "1.0"


def test_metadata_without_a_digest_is_not_offered(httpserver: HTTPServer, index: SimpleIndex) -> None:
    serve(httpserver, page(entry() | {"core-metadata": True}))
    assert only(index).metadata_sha256 is None


def test_html_is_understood(httpserver: HTTPServer, index: SimpleIndex) -> None:
    serve(
        httpserver,
        f'<a href="../../files/acme-1.0.tar.gz#sha256={A}" '
        'data-requires-python="&gt;=3" data-yanked>acme-1.0.tar.gz</a>',
        "text/html",
    )
    file = only(index)
    assert (file.requires_python, file.yanked, file.url) == (">=3", True, httpserver.url_for("/files/acme-1.0.tar.gz"))


def test_a_page_that_moved_is_followed_and_its_links_are_relative_to_where_it_is(
    httpserver: HTTPServer, index: SimpleIndex
) -> None:
    httpserver.expect_request("/simple/acme/").respond_with_data(status=301, headers={"Location": "/moved/here/acme/"})
    body = page({**entry(), "url": "acme-1.0.tar.gz"})
    httpserver.expect_request("/moved/here/acme/").respond_with_data(body, content_type=JSON)
    assert only(index).url == httpserver.url_for("/moved/here/acme/acme-1.0.tar.gz")


def test_a_compressed_page_is_unpacked(httpserver: HTTPServer, index: SimpleIndex) -> None:
    serve(httpserver, gzip.compress(page(entry()).encode()), JSON, **{"Content-Encoding": "gzip"})
    assert only(index).version == "1.0"


KEEP = {"Cache-Control": "max-age=600, public"}
"""What PyPI says of its listings."""


@pytest.mark.parametrize("control", [{}, {"Cache-Control": "no-cache"}, {"Cache-Control": "max-age=600, no-store"}])
def test_a_listing_is_asked_for_each_time_unless_its_source_says_that_it_holds(
    httpserver: HTTPServer, make_index: MakeIndex, control: dict[str, str]
) -> None:
    index = make_index(httpserver.url_for("/simple/"), fresh_seconds=300, monotonic=Ticks())
    serve(httpserver, page(entry()), JSON, **control)
    index.list_files(PROJECT)
    index.list_files(PROJECT)
    assert len(httpserver.log) == 2


def test_a_listing_is_kept_for_a_while_then_asked_for_again(httpserver: HTTPServer, make_index: MakeIndex) -> None:
    ticks = Ticks()
    index = make_index(httpserver.url_for("/simple/"), fresh_seconds=300, monotonic=ticks)
    serve(httpserver, page(entry()), JSON, **KEEP)
    first = index.list_files(PROJECT)
    ticks.now += 299
    assert index.list_files(PROJECT) is first
    assert len(httpserver.log) == 1
    ticks.now += 2
    assert index.list_files(PROJECT) == first
    assert len(httpserver.log) == 2


def test_a_listing_that_still_holds_is_not_sent_again(httpserver: HTTPServer, make_index: MakeIndex) -> None:
    ticks = Ticks()
    index = make_index(httpserver.url_for("/simple/"), fresh_seconds=300, monotonic=ticks)

    def answer(request: Request) -> Response:
        if request.headers.get("If-None-Match") == '"one"':
            return Response(status=304, headers=KEEP)
        return Response(page(entry()), content_type=JSON, headers={"ETag": '"one"', **KEEP})

    httpserver.expect_request("/simple/acme/").respond_with_handler(answer)
    first = index.list_files(PROJECT)
    ticks.now += 301
    assert index.list_files(PROJECT) is first
    assert [response.status_code for _, response in httpserver.log] == [200, 304]
    ticks.now += 299
    assert index.list_files(PROJECT) is first
    assert len(httpserver.log) == 2


def test_who_comes_right_after_another_uses_what_that_one_got(httpserver: HTTPServer, make_index: MakeIndex) -> None:
    """Both saw that nothing was kept; the second had to wait for its turn."""
    index = make_index(httpserver.url_for("/simple/"), monotonic=Ticks())
    serve(httpserver, page(entry()), JSON, **KEEP)
    assert index._ask(PROJECT) is index._ask(PROJECT)
    assert len(httpserver.log) == 1


def test_an_unknown_project_is_asked_for_again_after_a_minute(httpserver: HTTPServer, make_index: MakeIndex) -> None:
    ticks = Ticks()
    index = make_index(httpserver.url_for("/simple/"), fresh_seconds=300, monotonic=ticks)
    httpserver.expect_request("/simple/acme/").respond_with_data(status=404, headers=KEEP)
    for _ in range(2):
        assert index.list_files(PROJECT).by_version == {}
    assert len(httpserver.log) == 1
    ticks.now += 61
    index.list_files(PROJECT)
    assert len(httpserver.log) == 2


def test_a_stale_listing_is_better_than_none(
    httpserver: HTTPServer, make_index: MakeIndex, caplog: pytest.LogCaptureFixture
) -> None:
    ticks = Ticks()
    index = make_index(httpserver.url_for("/simple/"), fresh_seconds=300, monotonic=ticks)
    serve(httpserver, page(entry()))
    first = index.list_files(PROJECT)
    httpserver.clear()
    httpserver.expect_request("/simple/acme/").respond_with_data(status=403)
    ticks.now += 301
    with caplog.at_level(logging.WARNING):
        assert index.list_files(PROJECT) is first
    assert "403" in caplog.text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("{", JSON),
        ("[]", JSON),
        ('{"meta": {"api-version": "2.0"}, "name": "acme", "files": []}', JSON),
        ('<meta name="pypi:repository-version" content="2.0">', "text/html"),
    ],
)
def test_a_page_that_cannot_be_read_is_an_unavailable_source(
    httpserver: HTTPServer, index: SimpleIndex, body: str, content_type: str
) -> None:
    serve(httpserver, body, content_type)
    with pytest.raises(RemoteUnavailableError, match="cannot be read"):
        index.list_files(PROJECT)


def test_a_page_without_an_end_is_given_up(
    httpserver: HTTPServer, index: SimpleIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inhouse_server.remotes.simple_index._MAXIMUM_PAGE_BYTES", 1000)
    serve(httpserver, " " * 2000)
    with pytest.raises(RemoteUnavailableError, match="more than 1000 bytes"):
        index.list_files(PROJECT)


def test_what_breaks_off_is_an_unavailable_source(broken_server: str, make_index: MakeIndex) -> None:
    index = make_index(broken_server)
    with pytest.raises(RemoteUnavailableError, match="broke off"):
        index.list_files(PROJECT)
    file = File("x", "1.0", Digests(Sha256(A)), url=broken_server)
    with index.open(file) as chunks, pytest.raises(RemoteUnavailableError, match="broke off"):
        list(chunks)


@pytest.mark.parametrize("url", [None, "file:///gone/acme-1.0.tar.gz", "http://[broken/x"])
def test_a_file_without_an_address_of_this_source_is_unavailable(index: SimpleIndex, url: str | None) -> None:
    file = File("acme-1.0.tar.gz", "1.0", Digests(Sha256(A)), url=url)
    with pytest.raises(RemoteUnavailableError), index.open(file) as chunks:
        list(chunks)


def test_nobody_at_the_address_is_an_unavailable_source(make_index: MakeIndex) -> None:
    with pytest.raises(RemoteUnavailableError, match="cannot be reached") as caught:
        make_index("http://127.0.0.1:9/simple/").list_files(PROJECT)
    assert "--public-pypi" in caught.value.hint


def test_credentials_in_the_address_go_to_its_own_host_only(httpserver: HTTPServer, make_index: MakeIndex) -> None:
    index = make_index(f"http://me:secret@127.0.0.1:{httpserver.port}/simple/")
    assert "secret" not in index.url
    serve(httpserver, page({**entry(), "url": f"http://localhost:{httpserver.port}/x"}))
    httpserver.expect_request("/x").respond_with_data(b"bytes")
    with index.open(only(index)) as chunks:
        assert b"".join(chunks) == b"bytes"
    of_page, of_file = (request.authorization for request, _ in httpserver.log)
    assert of_page is not None
    assert (of_page.username, of_page.password) == ("me", "secret")
    assert of_file is None


@pytest.mark.parametrize("url", ["ftp://example.com/", "example.com", "http://", "http://[x/"])
def test_what_is_no_address_of_an_index_is_refused_with_a_hint(url: str) -> None:
    with pytest.raises(SettingError) as caught:
        SimpleIndex(url)
    assert "/simple/" in caught.value.hint


def test_a_proxy_of_the_machine_is_used(
    httpserver: HTTPServer, make_index: MakeIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", httpserver.url_for(""))
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    httpserver.expect_request("/simple/acme/").respond_with_data(page(entry()), content_type=JSON)
    index = make_index("http://pypi.invalid/simple/")
    assert only(index).version == "1.0"
    assert httpserver.log[0][0].host == "pypi.invalid"
