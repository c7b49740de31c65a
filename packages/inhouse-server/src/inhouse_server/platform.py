"""What differs between operating systems: locks on files."""

import os
import sys

if sys.platform == "win32":  # pragma: no cover - Windows
    import msvcrt

    # Windows locks bytes, and others cannot even read them: one far behind the end of the file is in nobody's way.
    _LOCKED_OFFSET = 2**30

    def try_lock(descriptor: int) -> bool:
        """Lock an open file until it is closed; return False where another process holds a lock on it."""
        os.lseek(descriptor, _LOCKED_OFFSET, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock(descriptor: int) -> bool:
        """Lock an open file until it is closed; return False where another process holds a lock on it."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def sync_folder(path: str | os.PathLike[str]) -> None:
    """Make the names in a folder survive the loss of power, where the system has a way to say so."""
    if sys.platform == "win32":  # pragma: no cover - Windows
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
