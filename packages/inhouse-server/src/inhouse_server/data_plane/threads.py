"""Threads for what waits for disks, locks and networks.

They are the data plane's own, so that clients who wait for a slow public source leave some for the control plane.
"""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

Result = TypeVar("Result")


class Threads:
    """Runs functions in at most `number` threads at a time."""

    def __init__(self, number: int = 64) -> None:
        self._limiter = CapacityLimiter(number)

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns."""
        return await to_thread.run_sync(work, limiter=self._limiter)
