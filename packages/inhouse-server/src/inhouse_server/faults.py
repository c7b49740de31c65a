"""Faults that tests ask for: which requests go wrong, how, and how many times."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

EVERYTHING = "*"
"""The target of a fault that befalls every operation, and not the public source."""

PUBLIC_SOURCE = "public:pypi"
"""The target of a fault that befalls what the repository asks of PyPI."""

DATA_PLANE = frozenset({"ReadFromRepository", "PublishPackageVersion"})
"""What is done on the data plane, as policies name it; the latter is an operation of the API as well."""

STATUSES = frozenset({401, 403, 404, 429, 500, 503})
"""What can be answered instead of what would have been."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong.

    Attributes:
        target: The operation that it befalls, as policies name it without the service (`GetAuthorizationToken`; on the
            data plane `ReadFromRepository` and `PublishPackageVersion`), `*` for all, or `public:pypi`.
        status: What is answered instead, one of `STATUSES`; None answers as ever, after the delay. The public source is
            down whatever status it is.
        delay: Seconds to wait first.
        times: How many requests it befalls; None for all until it is taken away.
        retry_after: Seconds that an answer with status 429 or 503 tells the client to wait.
    """

    target: str
    status: int | None = None
    delay: float = 0.0
    times: int | None = None
    retry_after: int = 1


class Faults:
    """The faults that are waiting to happen; several threads may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: tuple[Fault, ...] = ()

    @property
    def waiting(self) -> tuple[Fault, ...]:
        """Those that are left, with the times that are left of each."""
        with self._lock:
            return self._waiting

    def put(self, faults: Sequence[Fault]) -> None:
        """Replace all faults; none at all ends them."""
        with self._lock:
            self._waiting = tuple(faults)

    def take(self, target: str) -> Fault | None:
        """Return the first fault that befalls a request, and count it; None where it goes well."""
        targets = {target} if target == PUBLIC_SOURCE else {target, EVERYTHING}
        with self._lock:
            found = next((fault for fault in self._waiting if fault.target in targets), None)
            if found is not None and found.times is not None:
                left = replace(found, times=found.times - 1)
                self._waiting = tuple(
                    left if fault is found else fault for fault in self._waiting if fault is not found or left.times
                )
            return found
