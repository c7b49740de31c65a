"""Where threads that serve requests stand while they wait for a public source, so that other requests go on.

A request is worked on in one of a few places. Whoever has to wait for somebody outside gives the place up for as long;
only so many may wait at a time, and one more is told at once to come back later. So a public source that accepts and
never answers holds up those who need it, and nobody else.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TypeVar

from inhouse_server.errors import RemoteUnavailableError

Result = TypeVar("Result")


class WaitingRoom:
    """Places to work in, and a room to wait in.

    Args:
        working: How many threads work at a time.
        waiting: How many others wait for public sources.

    Attributes:
        threads: How many threads are needed so that all places are of use.
    """

    def __init__(self, working: int = 64, waiting: int = 256) -> None:
        self.threads = working + waiting
        self._working = threading.Semaphore(working)
        self._waiting = threading.Semaphore(waiting)

    def work(self, function: Callable[[], Result]) -> Result:
        """Return what `function` returns, called once there is a place for it."""
        with self._working:
            token = _ROOM.set(self)
            try:
                return function()
            finally:
                _ROOM.reset(token)

    @contextmanager
    def wait(self) -> Iterator[None]:
        """Give the thread's place up until the block ends.

        Raises:
            RemoteUnavailableError: Too many wait already.
        """
        if not self._waiting.acquire(blocking=False):
            raise RemoteUnavailableError(
                "Too many requests wait for public sources already.", hint="Try again in a moment."
            )
        token = _ROOM.set(None)  # who waits already does not step in once more
        self._working.release()
        try:
            yield
        finally:
            self._working.acquire()
            _ROOM.reset(token)
            self._waiting.release()


_ROOM: ContextVar[WaitingRoom | None] = ContextVar("waiting_room", default=None)


def waiting() -> AbstractContextManager[None]:
    """Return a context for waiting for a public source; it does nothing in a thread that works in no place.

    Raises:
        RemoteUnavailableError: On entering: too many wait already.
    """
    room = _ROOM.get()
    return nullcontext() if room is None else room.wait()
