"""Work that nobody has to wait for to the end: done by threads of its own, and dropped when the process ends."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

_WAITING = 1000


class Errands:
    """Does pieces of work in the background, in the order in which they come.

    Args:
        threads: How many are done at a time. They are started when there is something to do, and hold up no end.
    """

    def __init__(self, threads: int = 4) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._started = 0
        self._queue: queue.Queue[tuple[Future[None], Callable[[], None]]] = queue.Queue(_WAITING)

    def submit(self, work: Callable[[], None]) -> "Future[None]":
        """Return what tells when a piece of work is done; it is cancelled where too many wait already."""
        future: Future[None] = Future()
        try:
            self._queue.put_nowait((future, work))
        except queue.Full:
            future.cancel()
            future.set_running_or_notify_cancel()  # so that nobody waits for it
            return future
        with self._lock:
            if self._started < self._threads:
                self._started += 1
                threading.Thread(target=self._run, daemon=True, name=f"errands-{self._started}").start()
        return future

    def _run(self) -> None:
        while True:
            future, work = self._queue.get()
            with suppress(Exception):  # whoever submitted it may look; nobody has to
                try:
                    work()
                except BaseException as error:
                    future.set_exception(error)
                    raise
                future.set_result(None)
