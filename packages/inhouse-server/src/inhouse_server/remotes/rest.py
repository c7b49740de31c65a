"""Which hosts are left alone for a while, because they did not answer."""

import threading
from collections.abc import Callable

Host = tuple[str | None, str | None, int | None]
"""Scheme, name and port."""

_FORGET_SECONDS = 600.0


class Rest:
    """Remembers hosts that did not answer.

    When a host's rest is over, one request tries it; the others wait for the outcome as before: by being refused.

    Args:
        seconds: How long a host is left alone.
        monotonic: The clock of that.
    """

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._until: dict[Host, float] = {}

    def may_ask(self, host: Host) -> bool:
        """Return whether a request may be sent to the host now; where it is the first after a rest, the only one."""
        with self._lock:
            until, now = self._until.get(host), self._monotonic()
            if until is None:
                return True
            if now < until:
                return False
            self._until[host] = now + self._seconds
            return True

    def answered(self, host: Host) -> None:
        """Take note that the host answered, whatever it said."""
        with self._lock:
            self._until.pop(host, None)

    def failed(self, host: Host) -> None:
        """Take note that the host cannot be reached, or does not answer in time."""
        with self._lock:
            now = self._monotonic()
            # An index may name any number of hosts; what failed long ago is not worth its memory.
            self._until = {each: until for each, until in self._until.items() if now < until + _FORGET_SECONDS}
            self._until[host] = now + self._seconds
