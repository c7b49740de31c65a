"""Tells the errors of a disk that takes nothing more, from the files and from SQLite, as one."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES, EDQUOT, ENOSPC, EROFS

from inhouse_server.errors import StorageError

_NUMBERS = {ENOSPC, EDQUOT, EROFS, EACCES}
_CODES = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY}


@contextmanager
def telling_storage() -> Iterator[None]:
    """Tell a full disk, and one that may not be written, as StorageError; other errors go on as they are."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NUMBERS:
            raise
        raise _storage_error(error.strerror or str(error)) from error
    except sqlite3.OperationalError as error:
        # Extended codes have the plain one in their last byte.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _CODES:
            raise
        raise _storage_error(str(error)) from error


def _storage_error(cause: str) -> StorageError:
    return StorageError(
        f"The repository cannot write to its disk: {cause}.",
        hint="Nothing was changed. Make room on the disk of the data folder, or make it writable, and try again.",
    )
