"""A lock between processes, waited for no longer than it is worth."""

from __future__ import annotations

import os
import sys
import time

_STEP = 0.02


class Lock:
    """The lock on a file, held within a block; `contextlib` would take longer to import than all of this.

    Args:
        path: The file; made if it is not there, and left there.
        patience: Seconds to wait. The block runs without the lock after that: one question too many is better than
            none.
    """

    def __init__(self, path: str, patience: float) -> None:
        self._path = path
        self._patience = patience
        self._descriptor: int | None = None

    def __enter__(self) -> bool:
        """Wait for the lock, and say whether it is held."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        except OSError:
            return False
        self._descriptor = descriptor
        deadline = time.monotonic() + self._patience
        while not _try(descriptor):
            if time.monotonic() >= deadline:
                return False
            time.sleep(_STEP)
        return True

    def __exit__(self, *_: object) -> None:
        """Give it back: closing the file does."""
        if self._descriptor is not None:
            os.close(self._descriptor)


if sys.platform == "win32":  # pragma: no cover - the lines of the other systems are tested

    def _try(descriptor: int) -> bool:
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:

    def _try(descriptor: int) -> bool:
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
