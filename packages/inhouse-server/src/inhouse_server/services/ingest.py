"""Brings bytes of public sources into the store, each once, checked against what their listing says."""

from collections.abc import Iterable, Mapping
from concurrent.futures import wait
from functools import partial

from packaging.utils import NormalizedName

from inhouse_server import compat
from inhouse_server.blobs import BlobStore, IncomingBlob
from inhouse_server.catalog import Database, blobs
from inhouse_server.errands import Errands
from inhouse_server.errors import RemoteUnavailableError
from inhouse_server.model import Clock, File, Sha256
from inhouse_server.remotes import Remote
from inhouse_server.single_flight import SingleFlight
from inhouse_server.waiting_room import waiting


class Ingest:
    """Fetches what a listing promises.

    Args:
        database: The catalog.
        store: Where bytes are kept.
        remotes: The public sources by the name of their external connection.
        clock: Gives the time now.
        errands: Fetches what nobody has asked for yet; None leaves it where it is.
    """

    def __init__(
        self,
        database: Database,
        store: BlobStore,
        remotes: Mapping[str, Remote],
        clock: Clock,
        errands: Errands | None = None,
    ) -> None:
        self._errands = errands
        self._database = database
        self._store = store
        self._remotes = remotes
        self._clock = clock
        self._flights: SingleFlight[Sha256, None] = SingleFlight()
        self._along: SingleFlight[Sha256, None] = SingleFlight()

    def is_stored(self, sha256: Sha256) -> bool:
        """Return whether the bytes are here: known to the catalog, and on the disk."""
        with self._database.read() as connection:
            known = blobs.stored_size(connection, sha256) is not None
        return known and self._store.has(sha256)

    def fetch_file(self, connection_name: str, project: NormalizedName, file: File) -> None:
        """Bring a file's bytes into the store, unless they are there.

        Nothing can be served before the last byte has come: only then is it known that they are the right ones.

        Raises:
            RemoteUnavailableError: The source does not give them, or gives others than it lists.
        """
        sha256 = file.digests.sha256
        with waiting():
            self._flights.do(sha256, lambda: self._fetch_file(connection_name, project, file))

    def fetch_along(self, connection_name: str, project: NormalizedName, files: Iterable[File]) -> None:
        """Fetch the other files of a release, those that are small, so that it stays whole when its source is gone.

        Returns when they are here, or when one would have to wait too long for them; they come later then. That one
        cannot be had is no failure: it is fetched again when somebody asks for it.
        """
        if self._errands is None:
            return
        errands, left, under_way = self._errands, compat.MAXIMUM_ALONG_BYTES, []
        for file in files:
            size = file.size or 0  # not every source says it; what turns out too long is given up
            if size > min(compat.MAXIMUM_ALONG_FILE_BYTES, left) or self.is_stored(file.digests.sha256):
                continue
            left -= size
            work = partial(self._fetch_file, connection_name, project, file, compat.MAXIMUM_ALONG_FILE_BYTES)
            # Apart from those that somebody has asked for: nobody is to be told of the limit that holds for these.
            under_way.append(errands.submit(partial(self._along.do, file.digests.sha256, work)))
        with waiting():
            wait(under_way, timeout=compat.ALONG_SECONDS)

    def fetch_metadata(self, connection_name: str, project: NormalizedName, file: File, sha256: Sha256) -> None:
        """Bring a file's core metadata into the store, unless it is there.

        Raises:
            RemoteUnavailableError: The source does not give it, or gives another than it lists.
        """
        with waiting():
            self._flights.do(sha256, lambda: self._fetch_metadata(connection_name, project, file, sha256))

    def _fetch_file(
        self, connection_name: str, project: NormalizedName, file: File, most: int = compat.MAXIMUM_ASSET_BYTES
    ) -> None:
        if self.is_stored(file.digests.sha256):
            return
        remote = self._remote(connection_name)
        with self._store.incoming() as blob:
            with remote.open(_as_listed_now(remote, project, file)) as chunks:
                for chunk in chunks:
                    blob.write(chunk)
                    if blob.size > most:
                        raise RemoteUnavailableError(f"{file.filename} has more than {most} bytes.")
            self._keep(blob, file.digests.sha256, file.filename)

    def _fetch_metadata(self, connection_name: str, project: NormalizedName, file: File, sha256: Sha256) -> None:
        if self.is_stored(sha256):
            return
        remote = self._remote(connection_name)
        with self._store.incoming() as blob:
            blob.write(remote.read_metadata(_as_listed_now(remote, project, file)))
            self._keep(blob, sha256, f"the metadata of {file.filename}")

    def _keep(self, blob: IncomingBlob, expected: Sha256, what: str) -> None:
        digests = blob.digests
        if digests.sha256 != expected:
            raise RemoteUnavailableError(
                f"The public source gave other bytes for {what} than it lists: their SHA-256 is {digests.sha256}, the "
                f"listing says {expected}.",
                hint="Nothing was kept. Try again; if it stays so, something on the way changes files.",
            )
        self._store.keep(blob)
        with self._database.write() as connection:
            blobs.insert_blob(connection, digests, blob.size, self._clock())

    def _remote(self, connection_name: str) -> Remote:
        remote = self._remotes.get(connection_name)
        if remote is None:
            raise RemoteUnavailableError(
                f"This server has no public source for {connection_name}.", hint="Only public:pypi is fetched from."
            )
        return remote


def _as_listed_now(remote: Remote, project: NormalizedName, file: File) -> File:
    """Return a file with the address that the source gives today; it may have moved since the file was recorded."""
    try:
        return remote.list_files(project).find(file) or file
    except RemoteUnavailableError:
        return file
