import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from inhouse_server.catalog import Database, migrations
from inhouse_server.catalog.database import _split
from inhouse_server.errors import DataFolderTooNewError, DataFolderUnusableError

INSERT = "INSERT INTO tag (resource_arn, key, value) VALUES ('arn', ?, '')"
SCHEMA = Path(migrations.__file__).parents[1] / "schema.sql"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "catalog.sqlite3")
    yield opened
    opened.close()


def keys(database: Database) -> list[str]:
    with database.read() as connection:
        return [row["key"] for row in connection.execute("SELECT key FROM tag ORDER BY key")]


def test_what_is_written_is_there_for_other_threads(database: Database) -> None:
    with database.write() as connection:
        connection.execute(INSERT, ["one"])
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.extend(keys(database)))
    thread.start()
    thread.join()
    assert seen == ["one"]


def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError, match="half-way"):
        _fail_half_way(database)
    assert keys(database) == []


def _fail_half_way(database: Database) -> None:
    with database.write() as connection:
        connection.execute(INSERT, ["one"])
        raise RuntimeError("half-way")


def test_a_reader_sees_one_state_while_others_write(database: Database) -> None:
    with database.read() as reading:
        before = reading.execute("SELECT count(*) FROM tag").fetchone()[0]
        writer = threading.Thread(target=_write_one, args=[database])
        writer.start()
        writer.join()
        assert reading.execute("SELECT count(*) FROM tag").fetchone()[0] == before == 0
    assert keys(database) == ["one"]


def _write_one(database: Database) -> None:
    with database.write() as connection:
        connection.execute(INSERT, ["one"])


def test_reading_inside_a_writing_block_sees_what_was_written(database: Database) -> None:
    with database.write() as connection:
        connection.execute(INSERT, ["one"])
        assert keys(database) == ["one"]
    assert keys(database) == ["one"]


def test_connections_are_used_again_by_threads_that_come_and_go(database: Database) -> None:
    for _ in range(3):
        thread = threading.Thread(target=_write_one_if_missing, args=[database])
        thread.start()
        thread.join()
    assert len(database._idle) == 1


def _write_one_if_missing(database: Database) -> None:
    if not keys(database):
        _write_one(database)


def test_writing_inside_a_transaction_is_a_mistake_that_is_told_at_once(database: Database) -> None:
    with database.read(), pytest.raises(RuntimeError, match="running already"):
        _write_one(database)
    with database.write(), pytest.raises(RuntimeError, match="running already"):
        _write_one(database)


def test_closing_while_a_transaction_runs_closes_its_connection_when_it_ends(database: Database) -> None:
    with database.read() as connection:
        database.close()
        assert connection.execute("SELECT count(*) FROM tag").fetchone()[0] == 0
    with pytest.raises(sqlite3.ProgrammingError):
        connection.execute("SELECT 1")


def test_a_catalog_of_a_newer_version_is_refused_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    Database(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(DataFolderTooNewError, match="version 999") as caught:
        Database(path)
    assert "--data-dir" in caught.value.hint


def test_a_file_that_is_no_database_is_refused_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    path.write_bytes(b"not a database, but long enough to be looked at" * 100)
    with pytest.raises(DataFolderUnusableError, match="cannot be used") as caught:
        Database(path)
    assert caught.value.hint


def test_the_readable_schema_equals_all_migrations(database: Database) -> None:
    with database.read() as connection:
        migrated = _objects(connection)
    fresh = sqlite3.connect(":memory:")
    fresh.executescript(SCHEMA.read_text(encoding="utf-8"))
    assert _objects(fresh) == migrated
    fresh.close()


def _objects(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    return {
        (name, " ".join(sql.split()))
        for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    }


def test_commits_are_synced_to_the_disk(database: Database) -> None:
    with database.read() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_script_is_split_at_the_ends_of_its_statements() -> None:
    assert list(_split("CREATE TABLE a (b TEXT DEFAULT ';');\n\nSELECT 1;\n")) == [
        "CREATE TABLE a (b TEXT DEFAULT ';');",
        "SELECT 1;",
    ]
    with pytest.raises(ValueError, match="without an end"):
        list(_split("SELECT 1"))


def test_a_writer_waits_for_its_turn_and_not_for_sqlite(database: Database) -> None:
    done = threading.Event()

    def write() -> None:
        _write_one(database)
        done.set()

    with database.write():
        thread = threading.Thread(target=write)
        thread.start()
        while not database._writers._waiting:
            assert not done.wait(0.001)
    thread.join(10)
    assert keys(database) == ["one"]


def test_a_transaction_that_sqlite_has_ended_tells_the_error_that_ended_it(database: Database) -> None:
    with pytest.raises(RuntimeError, match="half-way"):
        _end_half_way(database)
    _write_one(database)
    assert keys(database) == ["one"]


def _end_half_way(database: Database) -> None:
    with database.write() as connection:
        connection.execute("ROLLBACK")
        raise RuntimeError("half-way")
