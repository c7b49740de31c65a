"""Bytes on their way into the store: a temporary file whose digests grow as it does."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from inhouse_server.model import Digests, Sha256
from inhouse_server.storage_errors import telling_storage


class IncomingBlob:
    """A temporary file to write to; leaving the `with` block removes it unless the store has kept it.

    Args:
        folder: Where the file is made; on the store's file system, so that keeping it is a rename.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / uuid4().hex
        self.size = 0
        self._sha256 = hashlib.sha256()
        # The older two are what package metadata speaks of, nothing rests on them.
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._sha1 = hashlib.sha1(usedforsecurity=False)
        self._sha512 = hashlib.sha512()
        self._blake2_256 = hashlib.blake2b(digest_size=32)
        with telling_storage():
            self._file = self.path.open("xb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.discard()

    def write(self, data: bytes | memoryview) -> None:
        """Append `data`."""
        with telling_storage():
            self._file.write(data)
        for digest in (self._sha256, self._md5, self._sha1, self._sha512, self._blake2_256):
            digest.update(data)
        self.size += len(data)

    def finish(self) -> None:
        """Bring every byte to the disk; from here on nothing can be written. May be called twice."""
        if not self._file.closed:
            with telling_storage():
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()

    def discard(self) -> None:
        """Remove the file, if the store has not kept it."""
        with suppress(OSError):  # what could not be written is not wanted any more
            self._file.close()
        self.path.unlink(missing_ok=True)

    @property
    def digests(self) -> Digests:
        """The digests of what was written so far."""
        return Digests(
            sha256=Sha256(self._sha256.hexdigest()),
            md5=self._md5.hexdigest(),
            sha1=self._sha1.hexdigest(),
            sha512=self._sha512.hexdigest(),
            blake2_256=self._blake2_256.hexdigest(),
        )
