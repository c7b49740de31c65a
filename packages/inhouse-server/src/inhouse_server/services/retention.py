"""Records versions that come from upstream in the repositories that retain them.

A version is recorded with all its files when the first of them is fetched; the bytes of the others follow when
somebody asks for them.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from inhouse_server.archives import read_core_metadata
from inhouse_server.blobs import BlobStore
from inhouse_server.catalog import Database, packages
from inhouse_server.errors import InvalidDistributionError, NotFoundError, ResourceType
from inhouse_server.model import (
    Clock,
    CoreMetadata,
    File,
    Origin,
    OriginControls,
    OriginType,
    PackageFormat,
    PackageVersion,
    Repository,
    VersionStatus,
)
from inhouse_server.rules import core_metadata
from inhouse_server.rules.group_patterns import PackagePath
from inhouse_server.rules.names import version_key
from inhouse_server.rules.origin_controls import Arrival, defaults, effective
from inhouse_server.rules.package_groups import GroupControls
from inhouse_server.rules.resolution import Offer, Offered, resolve_version, retaining_places
from inhouse_server.rules.revision import revision
from inhouse_server.rules.version_status import accepts_files
from inhouse_server.services.group_controls import read_group_controls
from inhouse_server.services.search import Found, Search


@dataclass(frozen=True, slots=True)
class _Arriving:
    """A version on its way into a repository.

    Attributes:
        file: The one that was fetched.
        files: All of them.
        beside_public: Whether the package is one whose versions may stand beside public ones; see `OriginControls`.
        from_source: Whether the public source of that very repository has it.
    """

    file: File
    files: tuple[File, ...]
    status: VersionStatus
    origin: Origin
    published_at: datetime
    metadata: CoreMetadata | None
    beside_public: bool
    from_source: bool


class Retention:
    """Records versions.

    Args:
        database: The catalog.
        store: Where the bytes of the fetched file are.
        search: Reads what repositories have.
        clock: Gives the time now.
    """

    def __init__(self, database: Database, store: BlobStore, search: Search, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._search = search
        self._clock = clock

    def retain(self, found: Found, offered: Offered, offer: Offer) -> None:
        """Record a version, one of whose files is in the store now, in the repositories that retain it.

        The one that is connected to the public source records what that offers. What repositories before it have added
        to the version, or said of its status, is theirs.

        Args:
            found: The search that has found it.
            offered: The version.
            offer: The file.

        Raises:
            NotFoundError: Since the search, the way was closed: by origin controls, or because the name is ours now.
        """
        read = self._read_metadata([each.file for each in offered.offers])
        with self._database.write() as connection:
            # What the bytes were on their way for may have changed: the chain, whose the name is, and what it may take.
            now = self._search.with_offers_of(self._search.read_again(connection, found), found)
            if not _is_offered(now, offer, found.repositories[offer.place]):
                raise _closed(offer.file, found.repositories[0])
            path = PackagePath(PackageFormat.PYPI, "", found.project)
            group = read_group_controls(connection, found.repositories[0].domain, path)
            for place in retaining_places(offer):
                from_source = place == offer.place and not offer.recorded
                arriving = (
                    self._from_source(found, offer, read)
                    if from_source or offered.record is None
                    else _from_record(connection, offered, offered.record, offer, read)
                )
                self._retain_in(connection, found, place, replace(arriving, from_source=from_source), group)

    def complete_metadata(self, repository: Repository, record: PackageVersion, file: File) -> None:
        """Add to a recorded version what a file says whose bytes have come, as far as it was not known."""
        read = self._read_metadata([file])
        if read is None or core_metadata.merged(record.metadata, read) == record.metadata:
            return
        with self._database.write() as connection:
            package = packages.find_package(connection, repository.id, PackageFormat.PYPI, record.package.name)
            now = None if package is None else packages.find_version(connection, package, record.version)
            if now is not None:
                metadata = core_metadata.merged(now.metadata, read)
                packages.set_version_content(connection, now, now.revision, metadata)

    def _from_source(self, found: Found, offer: Offer, metadata: CoreMetadata | None) -> _Arriving:
        """Return a version as a public source offers it, whatever repositories before it have made of theirs."""
        files = found.places[offer.place].offered[version_key(offer.file.version)]
        uploaded = [file.upload_time for file in files if file.upload_time is not None]
        return _Arriving(
            file=offer.file,
            files=files,
            status=VersionStatus.PUBLISHED,
            origin=Origin(OriginType.EXTERNAL, external_connection=found.repositories[offer.place].external_connection),
            published_at=min(uploaded, default=self._clock()),
            metadata=metadata,
            beside_public=True,
            from_source=True,
        )

    def _retain_in(
        self, connection: sqlite3.Connection, found: Found, place: int, arriving: _Arriving, group: GroupControls
    ) -> None:
        repository = found.repositories[place]
        package = packages.find_package(connection, repository.id, PackageFormat.PYPI, found.project)
        if package is None:
            package = packages.insert_package(
                connection,
                repository.id,
                PackageFormat.PYPI,
                name=found.project,
                controls=_controls(arriving),
                created_at=self._clock(),
            )
        permissions = effective(package.controls, group.permissions(repository.name))
        if not (permissions.external_upstream if arriving.from_source else permissions.internal_upstream):
            raise _closed(arriving.file, repository)
        record = packages.find_version(connection, package, arriving.file.version)
        if record is None:
            packages.insert_version(
                connection,
                package,
                arriving.file.version,
                status=arriving.status,
                origin=arriving.origin,
                revision=_revision(arriving.origin, arriving.files, arriving.metadata),
                published_at=arriving.published_at,
                metadata=arriving.metadata,
                files=arriving.files,
            )
        elif accepts_files(record.status):
            _extend(connection, record, arriving)

    def _read_metadata(self, files: Iterable[File]) -> CoreMetadata | None:
        """Return what those of the files that are here say of their version, wheels first; None for nothing."""
        found: CoreMetadata | None = None
        for file in sorted(files, key=lambda file: not file.filename.endswith(".whl")):
            if self._store.has(file.digests.sha256):
                found = core_metadata.merged(found, self._read_file(file))
        return found

    def _read_file(self, file: File) -> CoreMetadata | None:
        """Return what a stored file says; None where that cannot be read, as in very old ones."""
        try:
            content = read_core_metadata(self._store.path(file.digests.sha256), file.filename)
            return core_metadata.parse(content, file.filename)
        except InvalidDistributionError:
            return None


def _controls(arriving: _Arriving) -> OriginControls:
    """Return the settings of a package whose first version this is.

    Whether ours may stand beside public ones is as it was where the version comes from: an installation must not change
    what the next one sees.
    """
    arrival = Arrival.INGESTED if arriving.from_source else Arrival.RETAINED
    return replace(defaults(arrival), beside_public=arriving.beside_public)


def _is_offered(now: Found, offer: Offer, source: Repository) -> bool:
    """Return whether a search offers a file where it was found, or has recorded it since, for another who asked."""
    offered = resolve_version(now.places, version_key(offer.file.version))
    return any(
        now.repositories[each.place].id in {source.id, now.repositories[0].id}
        and each.file.digests.sha256 == offer.file.digests.sha256
        for each in (() if offered is None else offered.offers)
        if each.file.filename == offer.file.filename
    )


def _closed(file: File, repository: Repository) -> NotFoundError:
    return NotFoundError(
        f"{file.filename} may no longer enter the repository {repository.name} from upstream.",
        ResourceType.ASSET,
        file.filename,
        hint="Look at the project's page again: it lists what may be had now.",
    )


def _extend(connection: sqlite3.Connection, record: PackageVersion, arriving: _Arriving) -> None:
    """Add what a record does not have yet; what it has stays as it is."""
    held = {file.filename for file in record.files}
    added = tuple(file for file in arriving.files if file.filename not in held)
    metadata = core_metadata.merged(record.metadata, arriving.metadata)
    if added or metadata != record.metadata:
        packages.insert_files(connection, record, added)
        known = _revision(record.origin, (*record.files, *added), metadata) if added else record.revision
        packages.set_version_content(connection, record, known, metadata)


def _revision(origin: Origin, files: tuple[File, ...], metadata: CoreMetadata | None) -> str:
    """Return a version's revision; of one from a public source it is that of its files."""
    return revision(files, None if origin.type is OriginType.EXTERNAL else metadata)


def _from_record(
    connection: sqlite3.Connection, offered: Offered, found: PackageVersion, offer: Offer, metadata: CoreMetadata | None
) -> _Arriving:
    """Return a version as the record of an upstream repository has it, with the files that came since."""
    # Read anew: the search leaves the metadata out.
    record = packages.find_version(connection, found.package, found.version) or found
    return _Arriving(
        file=offer.file,
        files=tuple(each.file for each in offered.offers),
        status=offered.status,
        origin=record.origin,
        published_at=record.published_at,
        metadata=core_metadata.merged(record.metadata, metadata),
        beside_public=record.package.controls.beside_public,
        from_source=False,
    )
