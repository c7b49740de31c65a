import errno
import os
import sqlite3
from pathlib import Path

import pytest

from inhouse_server.blobs import BlobStore
from inhouse_server.catalog import Database
from inhouse_server.control_plane.protocol import answers as control_answers
from inhouse_server.data_plane.answers import status_of
from inhouse_server.errors import StorageError
from inhouse_server.storage_errors import telling_storage


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES])
def test_a_disk_that_takes_nothing_is_told(number: int) -> None:
    with pytest.raises(StorageError, match="cannot write to its disk") as caught, telling_storage():
        raise OSError(number, os.strerror(number))
    assert caught.value.hint
    assert status_of(caught.value) == 507
    assert control_answers.find(StorageError).status == 500


def test_other_errors_are_not() -> None:
    with pytest.raises(FileNotFoundError), telling_storage():
        raise FileNotFoundError(errno.ENOENT, "none")
    with pytest.raises(sqlite3.OperationalError), telling_storage():
        sqlite3.connect(":memory:").execute("SELECT nothing")


def test_a_catalog_that_is_full_keeps_what_it_has_and_goes_on(tmp_path: Path) -> None:
    database = Database(tmp_path / "catalog.sqlite3")
    with pytest.raises(StorageError, match="full"):
        _fill(database)
    with database.write() as connection:
        connection.execute("PRAGMA max_page_count = 100000")
        connection.execute("INSERT INTO tag (resource_arn, key, value) VALUES ('a', 'b', '')")
        assert connection.execute("SELECT count(*) FROM tag").fetchone()[0] == 1


def _fill(database: Database) -> None:
    with database.write() as connection:
        connection.execute("PRAGMA max_page_count = 1")  # as many as there are
        connection.execute("CREATE TABLE filler AS SELECT zeroblob(1000000)")


def test_bytes_for_which_there_is_no_room_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    store = BlobStore(tmp_path / "blobs")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageError, match="No space left"), store.incoming() as blob:
        store.keep(blob)
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []
