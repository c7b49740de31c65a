"""A public source that is down when tests ask for it."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager

from packaging.utils import NormalizedName

from inhouse_server.errors import RemoteUnavailableError
from inhouse_server.faults import PUBLIC_SOURCE, Faults
from inhouse_server.model import File
from inhouse_server.remotes.interface import Listing, Remote


class FaultyRemote:
    """Another source with faults before it; see `Remote` for what its methods promise.

    Args:
        remote: The other source.
        faults: What goes wrong.
    """

    def __init__(self, remote: Remote, faults: Faults) -> None:
        self._remote = remote
        self._faults = faults

    def list_files(self, project: NormalizedName) -> Listing:
        """Return the project's files."""
        self._befall()
        return self._remote.list_files(project)

    def open(self, file: File) -> AbstractContextManager[Iterator[bytes]]:
        """Give a listed file's bytes."""
        self._befall()
        return self._remote.open(file)

    def read_metadata(self, file: File) -> bytes:
        """Return the core metadata of a file."""
        self._befall()
        return self._remote.read_metadata(file)

    def _befall(self) -> None:
        fault = self._faults.take(PUBLIC_SOURCE)
        if fault is None:
            return
        time.sleep(fault.delay)
        if fault.status is not None:
            raise RemoteUnavailableError("The public source was made to fail.")
