"""Opens the catalog; owns its connections and transactions.

A transaction has a connection to itself, and lends it to those that the same thread begins inside it for reading.
Connections are kept for the next transaction, not for a thread: the threads that serve requests come and go. A reading
transaction sees one committed state; a writing one holds SQLite's write lock from its first statement, so that what it
read cannot change before it writes.

The threads that write take turns before they ask SQLite for that lock: SQLite looks for it now and then, and lets
whoever looks at the right moment have it, so that with many writers some wait for ever.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inhouse_server.catalog import migrations
from inhouse_server.catalog.turns import Turns
from inhouse_server.errors import DataFolderTooNewError, DataFolderUnusableError, StorageError
from inhouse_server.storage_errors import telling_storage

_BUSY_SECONDS = 30.0
_KEPT_CONNECTIONS = 32


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
        self._running = threading.local()
        self._lock = threading.Lock()
        self._writers = Turns()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        try:
            self._migrate()
        except (sqlite3.DatabaseError, StorageError) as error:
            self.close()
            raise DataFolderUnusableError(
                f"The catalog {path} cannot be used: {error}",
                hint="Restore the data folder from a backup, or choose another one with --data-dir.",
            ) from error
        except BaseException:  # nobody gets this object, so nobody else can close its connection
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Give a connection on which every statement sees the same committed state."""
        running: sqlite3.Connection | None = getattr(self._running, "connection", None)
        if running is not None:  # a service that reads was called by one that has begun already
            yield running
            return
        with self._transaction("BEGIN DEFERRED") as connection:
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that holds the write lock; commit when the block ends, roll back when it raises."""
        self._refuse_nesting()
        with self._writers.turn(), telling_storage(), self._transaction("BEGIN IMMEDIATE") as connection:
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:  # SQLite itself rolls back when the disk is full
                    connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close every connection; those that are in use, when their transactions end."""
        with self._lock:
            self._closed = True
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            connection = self._open()
        try:
            connection.execute(begin)
            self._running.connection = connection
            try:
                yield connection
            finally:
                self._running.connection = None
        finally:
            self._give_back(connection)

    def _refuse_nesting(self) -> None:
        if getattr(self._running, "connection", None) is not None:
            # Inside a reader, a writer would see another state than it; inside a writer, wait for itself.
            raise RuntimeError("a transaction of this thread is running already")

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            # One that could not end its transaction is of no further use.
            if not self._closed and not connection.in_transaction and len(self._idle) < _KEPT_CONNECTIONS:
                self._idle.append(connection)
                return
        connection.close()

    def _open(self) -> sqlite3.Connection:
        # isolation_level=None: transactions begin where `read` and `write` say, not where the driver guesses.
        connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            # FULL: a commit that was answered survives the loss of power, not only the end of the process.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
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
