import hashlib
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse_server.blobs import BlobStore
from inhouse_server.model import Sha256

CONTENT = b"some bytes"
SHA256 = Sha256(hashlib.sha256(CONTENT).hexdigest())


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def keep(store: BlobStore, content: bytes) -> Sha256:
    with store.incoming() as blob:
        blob.write(content)
        return store.keep(blob)


def everything(store: BlobStore) -> set[str]:
    return {str(path.relative_to(store.folder)) for path in store.folder.rglob("*") if path.is_file()}


def test_a_blob_is_under_the_name_of_its_hash(store: BlobStore) -> None:
    assert keep(store, CONTENT) == SHA256
    assert everything(store) == {f"{SHA256[:2]}/{SHA256}"}
    with store.open(SHA256) as body:
        body.seek(5)
        assert body.read() == b"bytes"


@given(st.lists(st.binary(max_size=100), max_size=5))
def test_digests_are_those_of_all_that_was_written(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes]
) -> None:
    whole = b"".join(parts)
    with BlobStore(tmp_path_factory.getbasetemp() / "digests").incoming() as blob:
        for part in parts:
            blob.write(memoryview(part))
        digests = blob.digests
        assert blob.size == len(whole)
    assert digests.sha256 == hashlib.sha256(whole).hexdigest()
    assert digests.md5 == hashlib.md5(whole).hexdigest()
    assert digests.sha1 == hashlib.sha1(whole).hexdigest()
    assert digests.sha512 == hashlib.sha512(whole).hexdigest()
    assert digests.blake2_256 == hashlib.blake2b(whole, digest_size=32).hexdigest()


def test_what_is_not_kept_is_removed(store: BlobStore) -> None:
    with store.incoming() as blob:
        blob.write(CONTENT)
        assert everything(store)
    assert everything(store) == set()


def test_what_fails_in_the_middle_is_removed(store: BlobStore) -> None:
    with pytest.raises(TypeError), store.incoming() as blob:
        blob.write("text")  # type: ignore[arg-type]  # the mistake
    assert everything(store) == set()


def test_the_same_bytes_are_kept_once_and_as_they_were(store: BlobStore) -> None:
    keep(store, CONTENT)
    path = store.path(SHA256)
    before = path.stat()
    assert keep(store, CONTENT) == SHA256
    assert path.stat().st_ino == before.st_ino
    assert everything(store) == {f"{SHA256[:2]}/{SHA256}"}


def test_bytes_are_readable_before_they_are_kept(store: BlobStore) -> None:
    with store.incoming() as blob:
        blob.write(CONTENT)
        blob.finish()
        blob.finish()
        assert blob.path.read_bytes() == CONTENT
        store.keep(blob)


def test_a_missing_blob_is_told(store: BlobStore) -> None:
    with pytest.raises(FileNotFoundError):
        store.open(SHA256)


def test_leftovers_of_a_crash_are_removed_and_blobs_are_not(store: BlobStore) -> None:
    keep(store, CONTENT)
    abandoned = store.incoming()
    abandoned.write(b"half of someth")
    abandoned.finish()
    assert BlobStore(store.folder).remove_leftovers() == 1
    assert everything(store) == {f"{SHA256[:2]}/{SHA256}"}
    assert BlobStore(store.folder).remove_leftovers() == 0


def test_bytes_then_name_then_folder_reach_the_disk(store: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order that survives the loss of power."""
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def watch_fsync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "bytes")
        fsync(descriptor)

    def watch_replace(self: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", watch_fsync)
    monkeypatch.setattr(Path, "replace", watch_replace)
    keep(store, CONTENT)
    assert steps == ["bytes", "folder", "rename", "folder"]


def test_bytes_that_a_disk_has_lost_are_healed_by_the_same_bytes(store: BlobStore) -> None:
    keep(store, CONTENT)
    assert store.has(SHA256)
    store.path(SHA256).write_bytes(CONTENT[:3])
    assert not store.has(SHA256, len(CONTENT))
    keep(store, CONTENT)
    assert store.path(SHA256).read_bytes() == CONTENT
    store.path(SHA256).unlink()
    assert not store.has(SHA256)
    keep(store, CONTENT)
    assert store.path(SHA256).read_bytes() == CONTENT


def test_a_folder_among_the_leftovers_is_left_alone(store: BlobStore) -> None:
    (store.folder / "incoming" / "folder").mkdir()
    (store.folder / "incoming" / "file").touch()
    assert store.remove_leftovers() == 1
    assert [path.name for path in (store.folder / "incoming").iterdir()] == ["folder"]


def test_what_cannot_be_written_is_removed_all_the_same(store: BlobStore) -> None:
    blob = store.incoming()
    blob.write(CONTENT)
    os.close(blob._file.fileno())  # closing it writes what is left, and fails
    blob.discard()
    assert everything(store) == set()
