"""Listings kept in memory: for a while without asking, then as long as the source says they still hold."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from packaging.utils import NormalizedName

from inhouse_server.remotes.interface import Listing


@dataclass(frozen=True, slots=True)
class KeptListing:
    """A listing with what is needed to ask whether it still holds.

    Attributes:
        etag: The source's own name for this state of the page; None where it gave none.
        fresh_until: Seconds on the caller's monotonic clock.
    """

    listing: Listing
    etag: str | None
    fresh_until: float


class ListingCache:
    """The least recently used listings go when the files in all of them are more than `maximum_files`."""

    def __init__(self, maximum_files: int) -> None:
        self._maximum_files = maximum_files
        self._lock = threading.Lock()
        self._kept: OrderedDict[NormalizedName, KeptListing] = OrderedDict()
        self._files = 0

    def get(self, project: NormalizedName) -> KeptListing | None:
        """Return what is kept of the project, fresh or not."""
        with self._lock:
            kept = self._kept.get(project)
            if kept is not None:
                self._kept.move_to_end(project)
            return kept

    def put(self, project: NormalizedName, kept: KeptListing) -> None:
        """Keep a listing in place of the one before."""
        with self._lock:
            before = self._kept.pop(project, None)
            self._kept[project] = kept
            self._files += _weight(kept) - (0 if before is None else _weight(before))
            while self._files > self._maximum_files and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._files -= _weight(dropped)


def _weight(kept: KeptListing) -> int:
    # One more: a name that the source does not know takes room too.
    return 1 + sum(map(len, kept.listing.by_version.values()))
