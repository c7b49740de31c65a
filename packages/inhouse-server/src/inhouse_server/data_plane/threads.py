"""Threads for what waits for disks, locks and networks.

They are the data plane's own, so that clients who wait for a slow public source leave some for the control plane.
"""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from inhouse_server.waiting_room import WaitingRoom

Result = TypeVar("Result")


class Threads:
    """Runs functions in threads, in the places of a waiting room: those that wait for a public source hold up no other.

    Args:
        room: Says how many work and how many wait at a time.
    """

    def __init__(self, room: WaitingRoom | None = None) -> None:
        self._room = room or WaitingRoom()
        self._limiter = CapacityLimiter(self._room.threads)

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns."""
        return await to_thread.run_sync(lambda: self._room.work(work), limiter=self._limiter)
