"""What every public source promises, on all of them: a simple index in JSON and in HTML, a folder, and the fake."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from fake_remote import FakeRemote
from made_distributions import make_sdist, make_wheel, metadata_text, sdist_name, wheel_name
from packaging.utils import NormalizedName
from pytest_httpserver import HTTPServer

from inhouse_server.errors import RemoteUnavailableError
from inhouse_server.model import File
from inhouse_server.remotes import Patience, Remote, SimpleIndex, Wheelhouse

PROJECT = NormalizedName("acme-core")
JSON = "application/vnd.pypi.simple.v1+json"


class Source(Protocol):
    """A public source, and what a test does behind its back."""

    @property
    def remote(self) -> Remote: ...
    def add(self, filename: str, content: bytes, metadata: bytes | None) -> None: ...
    def remove(self, filename: str) -> None: ...
    def break_down(self) -> None: ...


class FakeSource:
    def __init__(self) -> None:
        self.remote = FakeRemote()

    def add(self, filename: str, content: bytes, metadata: bytes | None) -> None:
        self.remote.add(PROJECT, filename, content, metadata=metadata)

    def remove(self, filename: str) -> None:
        del self.remote.contents[filename]
        self.remote.metadata.pop(filename, None)

    def break_down(self) -> None:
        self.remote.down = True


class FolderSource:
    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self.remote = Wheelhouse(folder)

    def add(self, filename: str, content: bytes, metadata: bytes | None) -> None:
        del metadata  # it is in the file
        (self._folder / filename).write_bytes(content)

    def remove(self, filename: str) -> None:
        (self._folder / filename).unlink()

    def break_down(self) -> None:
        shutil.rmtree(self._folder)


class IndexSource:
    def __init__(self, server: HTTPServer, *, in_json: bool) -> None:
        self._server = server
        self._in_json = in_json
        self._files: list[tuple[str, bytes, bytes | None]] = []
        self.remote = SimpleIndex(server.url_for("/simple/"), fresh_seconds=0.0, patience=Patience(pause=0.0))
        self._serve()

    def add(self, filename: str, content: bytes, metadata: bytes | None) -> None:
        self._files.append((filename, content, metadata))
        self._serve()

    def remove(self, filename: str) -> None:
        """The file goes, while the page still lists it."""
        self._serve(without=filename)

    def break_down(self) -> None:
        self._server.clear()
        self._server.expect_request("/simple/acme-core/").respond_with_data(status=500)
        for filename, _, _ in self._files:
            self._server.expect_request(f"/files/{filename}").respond_with_data(status=500)
            self._server.expect_request(f"/files/{filename}.metadata").respond_with_data(status=500)

    def _serve(self, without: str = "") -> None:
        self._server.clear()
        if self._files:
            body, content_type = (self._json(), JSON) if self._in_json else (self._html(), "text/html; charset=utf-8")
            self._server.expect_request("/simple/acme-core/").respond_with_data(body, content_type=content_type)
        for filename, content, metadata in self._files:
            if filename != without:
                self._server.expect_request(f"/files/{filename}").respond_with_data(content)
                if metadata is not None:
                    self._server.expect_request(f"/files/{filename}.metadata").respond_with_data(metadata)
        self._server.expect_request("/simple/unknown/").respond_with_data(status=404)
        self._server.expect_request("/simple/acme-core/").respond_with_data(status=404)

    def _json(self) -> str:
        files = [
            {
                "filename": filename,
                "url": f"../../files/{filename}",
                "hashes": {"sha256": hashlib.sha256(content).hexdigest()},
                "size": len(content),
                "core-metadata": False if metadata is None else {"sha256": hashlib.sha256(metadata).hexdigest()},
            }
            for filename, content, metadata in self._files
        ]
        return json.dumps({"meta": {"api-version": "1.1"}, "name": "acme-core", "versions": [], "files": files})

    def _html(self) -> str:
        links = [
            f'<a href="../../files/{filename}#sha256={hashlib.sha256(content).hexdigest()}"'
            + ("" if metadata is None else f' data-core-metadata="sha256={hashlib.sha256(metadata).hexdigest()}"')
            + f">{filename}</a>"
            for filename, content, metadata in self._files
        ]
        return f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>"


@pytest.fixture(params=["fake", "folder", "JSON index", "HTML index"])
def source(request: pytest.FixtureRequest, tmp_path: Path, httpserver: HTTPServer) -> Iterator[Source]:
    make: dict[str, Callable[[], Source]] = {
        "fake": FakeSource,
        "folder": lambda: FolderSource(tmp_path / "wheels"),
        "JSON index": lambda: IndexSource(httpserver, in_json=True),
        "HTML index": lambda: IndexSource(httpserver, in_json=False),
    }
    made = make[request.param]()
    yield made
    if isinstance(made.remote, SimpleIndex):
        made.remote.close()


WHEEL, SDIST, OTHER = wheel_name(), sdist_name(), wheel_name(version="2.0rc1")


@pytest.fixture
def filled(source: Source) -> Source:
    source.add(WHEEL, make_wheel(), metadata_text())
    source.add(SDIST, make_sdist(), None)
    source.add(OTHER, make_wheel(version="2.0rc1"), metadata_text(version="2.0rc1"))
    return source


def files(remote: Remote) -> dict[str, File]:
    return {file.filename: file for found in remote.list_files(PROJECT).by_version.values() for file in found}


def read(remote: Remote, file: File) -> bytes:
    with remote.open(file) as chunks:
        return b"".join(chunks)


def test_an_unknown_project_has_no_files(source: Source) -> None:
    assert source.remote.list_files(NormalizedName("unknown")).by_version == {}


def test_files_are_listed_by_version_with_their_digest(filled: Source) -> None:
    assert set(filled.remote.list_files(PROJECT).by_version) == {"1", "2rc1"}
    found = files(filled.remote)
    assert {name: file.version for name, file in found.items()} == {WHEEL: "1.0", SDIST: "1.0", OTHER: "2.0rc1"}
    assert found[WHEEL].digests.sha256 == hashlib.sha256(make_wheel()).hexdigest()
    assert found[WHEEL].url is not None
    assert found[WHEEL].size in {None, len(make_wheel())}


def test_bytes_are_those_of_the_listing(filled: Source) -> None:
    for file in files(filled.remote).values():
        assert hashlib.sha256(read(filled.remote, file)).hexdigest() == file.digests.sha256


def test_metadata_is_offered_of_wheels_and_is_what_the_listing_says(filled: Source) -> None:
    found = files(filled.remote)
    assert found[SDIST].metadata_sha256 is None
    assert filled.remote.read_metadata(found[WHEEL]) == metadata_text()
    assert found[WHEEL].metadata_sha256 == hashlib.sha256(metadata_text()).hexdigest()


def test_a_listed_file_is_found_again(filled: Source) -> None:
    file = files(filled.remote)[WHEEL]
    listing = filled.remote.list_files(PROJECT)
    assert listing.find(file) == file
    assert listing.find(File("other.whl", "1.0", file.digests)) is None
    assert listing.find(File(WHEEL, "1.0", files(filled.remote)[SDIST].digests)) is None
    assert listing.find(File(WHEEL, "3.0", file.digests)) is None


def test_what_is_added_is_listed(source: Source) -> None:
    assert files(source.remote) == {}
    source.add(WHEEL, make_wheel(), metadata_text())
    assert set(files(source.remote)) == {WHEEL}


def test_a_file_that_went_away_is_unavailable_with_a_hint(filled: Source) -> None:
    file = files(filled.remote)[WHEEL]
    filled.remove(WHEEL)
    with pytest.raises(RemoteUnavailableError) as caught:
        read(filled.remote, file)
    assert caught.value.hint
    with pytest.raises(RemoteUnavailableError):
        filled.remote.read_metadata(file)


def test_a_source_that_is_down_is_unavailable_with_a_hint(source: Source) -> None:
    source.break_down()
    with pytest.raises(RemoteUnavailableError) as caught:
        source.remote.list_files(PROJECT)
    assert caught.value.hint
