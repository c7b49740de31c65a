"""Files: finds them over upstreams, and gives their bytes, which may have to be fetched first."""

import os
from dataclasses import dataclass
from typing import BinaryIO

from packaging.utils import NormalizedName

from inhouse_server.blobs import BlobStore
from inhouse_server.catalog import Database, blobs, packages
from inhouse_server.errors import NotFoundError, ResourceType
from inhouse_server.model import File, PackageFormat, PackageVersion, Repository, Sha256
from inhouse_server.rules.names import version_key
from inhouse_server.rules.resolution import Offer, Offered, resolve_version
from inhouse_server.rules.version_status import is_downloadable
from inhouse_server.services.ingest import Ingest
from inhouse_server.services.retention import Retention
from inhouse_server.services.search import Found, Search


@dataclass(frozen=True, slots=True)
class Wanted:
    """The file that a client names: `<project>/<version>/<filename>` in a repository."""

    repository: Repository
    project: NormalizedName
    version: str
    filename: str


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file with its bytes; whoever gets it closes `body`.

    Attributes:
        size: How long the file is, which is how long `body` should be: bytes that a disk has lost must not make it
            look like a shorter file.
    """

    file: File
    size: int
    body: BinaryIO


@dataclass(frozen=True, slots=True)
class OpenMetadata:
    """A file's core metadata; whoever gets it closes `body`."""

    sha256: Sha256
    body: BinaryIO


@dataclass(frozen=True, slots=True)
class _Held:
    """A file that the repository itself has a record of; `stored_size` is None while its bytes are not here."""

    record: PackageVersion
    file: File
    stored_size: int | None


@dataclass(frozen=True, slots=True)
class _Upstream:
    """A file that comes from upstream and is not recorded in the repository yet."""

    found: Found
    offered: Offered
    offer: Offer


class Files:
    """Describes and opens files.

    Args:
        database: The catalog.
        store: Where bytes are.
        search: Finds what upstreams have.
        ingest: Fetches what is not here.
        retention: Records what was fetched.
    """

    def __init__(
        self, database: Database, store: BlobStore, search: Search, ingest: Ingest, retention: Retention
    ) -> None:
        self._database = database
        self._store = store
        self._search = search
        self._ingest = ingest
        self._retention = retention

    def describe(self, wanted: Wanted) -> File:
        """Return what is known of a file without fetching or recording anything; its size may be unknown.

        Raises:
            NotFoundError: The repository does not offer it.
            RemoteUnavailableError: A public source, which might, does not answer.
        """
        place = self._locate(wanted)
        return place.file if isinstance(place, _Held) else place.offer.file

    def open(self, wanted: Wanted) -> OpenFile:
        """Return a file and its bytes; fetch and record it first where it comes from upstream.

        Raises:
            NotFoundError: The repository does not offer it.
            RemoteUnavailableError: The public source does not give it, or gives other bytes than it lists.
        """
        place = self._locate(wanted)
        if isinstance(place, _Held):
            connection_name = _connection_of(place.record)
            # Bytes that a disk has lost can be had again where they came from; of our own there is no other place.
            if connection_name and not self._is_here(place):
                self._ingest.fetch_file(connection_name, wanted.project, place.file)
                self._retention.complete_metadata(wanted.repository, place.record, place.file)
            return self._open(place.file, place.stored_size)
        offer = place.offer
        connection_name = _connection_at(place)
        if connection_name and not self._ingest.is_stored(offer.file.digests.sha256):
            self._ingest.fetch_file(connection_name, wanted.project, offer.file)
            others = (each.file for each in place.offered.offers if each is not offer)
            self._ingest.fetch_along(connection_name, wanted.project, others)
        self._retention.retain(place.found, place.offered, offer)
        return self._open(offer.file, None)

    def metadata(self, wanted: Wanted) -> OpenMetadata:
        """Return a file's core metadata (PEP 658). Records no version: resolvers look at many and install one.

        Raises:
            NotFoundError: The repository does not offer the file, or no metadata of it.
            RemoteUnavailableError: The public source does not give it, or gives another than it lists.
        """
        place = self._locate(wanted)
        file, connection_name = (
            (place.file, place.record.origin.external_connection)
            if isinstance(place, _Held)
            else (place.offer.file, _connection_at(place))
        )
        sha256 = file.metadata_sha256
        if sha256 is None:
            raise _not_found(wanted, f"{wanted.filename} has no separate metadata file here.")
        if connection_name and not self._ingest.is_stored(sha256):
            self._ingest.fetch_metadata(connection_name, wanted.project, file, sha256)
        return OpenMetadata(sha256, self._store.open(sha256))

    def _is_here(self, place: _Held) -> bool:
        return place.stored_size is not None and self._store.has(place.file.digests.sha256)

    def _open(self, file: File, size: int | None) -> OpenFile:
        body = self._store.open(file.digests.sha256)
        # Bytes that have just been checked say themselves how long they are; a listing may not, or be wrong.
        return OpenFile(file, os.fstat(body.fileno()).st_size if size is None else size, body)

    def _locate(self, wanted: Wanted) -> _Held | _Upstream:
        held = self._held(wanted)
        if held is not None:
            return held
        found = self._search.search(wanted.repository, wanted.project)
        offered = resolve_version(found.places, version_key(wanted.version))
        offer = None
        if offered is not None:
            offer = next((each for each in offered.offers if each.file.filename == wanted.filename), None)
        if offered is None or offer is None:
            if found.failure is not None:
                raise found.failure
            raise _not_found(
                wanted,
                f"The repository {wanted.repository.name} has no file {wanted.filename} of {wanted.project} "
                f"{wanted.version}, and none comes from upstream.",
            )
        return _Upstream(found, offered, offer)

    def _held(self, wanted: Wanted) -> _Held | None:
        """Return the repository's own file: what most requests are for, and what needs no search.

        Raises:
            NotFoundError: The repository holds the version back.
        """
        with self._database.read() as connection:
            package = packages.find_package(connection, wanted.repository.id, PackageFormat.PYPI, wanted.project)
            if package is None:
                return None
            record = packages.find_version(connection, package, wanted.version, with_metadata=False)
            if record is None:
                return None
            if not is_downloadable(record.status):
                raise _not_found(
                    wanted,
                    f"Version {record.version} of {wanted.project} is {record.status} in the repository "
                    f"{wanted.repository.name}; its files cannot be fetched.",
                )
            file = next((file for file in record.files if file.filename == wanted.filename), None)
            if file is None:
                return None
            return _Held(record, file, blobs.stored_size(connection, file.digests.sha256))


def _connection_of(record: PackageVersion) -> str:
    return record.origin.external_connection or ""


def _connection_at(place: _Upstream) -> str:
    """Return the public source that a file comes from: what its repository is connected to, or its version came by."""
    record = place.offered.record
    if place.offer.recorded and record is not None:
        return _connection_of(record)
    return place.found.repositories[place.offer.place].external_connection or ""


def _not_found(wanted: Wanted, message: str) -> NotFoundError:
    return NotFoundError(
        message,
        ResourceType.ASSET,
        wanted.filename,
        hint=f"The project's page, simple/{wanted.project}/, lists what there is.",
    )
