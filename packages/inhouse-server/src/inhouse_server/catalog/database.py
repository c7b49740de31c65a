"""Opens the catalog; owns its connections and transactions.

One connection per thread. A reading transaction sees one committed state; a writing one holds SQLite's write lock
from its first statement, so that what it read cannot change before it writes.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inhouse_server.catalog import migrations
from inhouse_server.errors import DataFolderTooNewError, DataFolderUnusableError

_BUSY_SECONDS = 30.0


class Database:
    """The catalog in one SQLite file.

    Args:
        path: The file; made, and brought up to date, where needed.

    Raises:
        DataFolderTooNewError: A newer version has migrated the file further than this one knows.
        DataFolderUnusableError: The file is not a database, or cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._connections: list[sqlite3.Connection] = []
        try:
            self._migrate()
        except sqlite3.DatabaseError as error:
            self.close()
            raise DataFolderUnusableError(
                f"The catalog {path} cannot be used: {error}",
                hint="Restore the data folder from a backup, or choose another one with --data-dir.",
            ) from error

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Give a connection on which every statement sees the same committed state."""
        connection = self._connection()
        if connection.in_transaction:  # a service that reads was called by one that has begun already
            yield connection
            return
        connection.execute("BEGIN DEFERRED")
        try:
            yield connection
        finally:
            connection.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that holds the write lock; commit when the block ends, roll back when it raises."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
        self._local = threading.local()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open()
        return connection

    def _open(self) -> sqlite3.Connection:
        # isolation_level=None: transactions begin where `read` and `write` say, not where the driver guesses.
        connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        with self._lock:
            self._connections.append(connection)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: a commit that was answered survives the loss of power, not only the end of the process.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def _migrate(self) -> None:
        steps = migrations.steps()
        with self.write() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > len(steps):
                raise DataFolderTooNewError(
                    f"The catalog {self.path} has version {version}; this inhouse knows versions up to {len(steps)}.",
                    hint="Use the inhouse that wrote it or a newer one, or choose another folder with --data-dir.",
                )
            for number, sql in enumerate(steps[version:], start=version + 1):
                for statement in _split(sql):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number:d}")


def _split(script: str) -> Iterator[str]:
    """Yield a script's statements; `executescript` would commit the transaction that a migration runs in."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if pending.strip():
        raise ValueError(f"a statement without an end: {pending.strip()[:60]!r}")
