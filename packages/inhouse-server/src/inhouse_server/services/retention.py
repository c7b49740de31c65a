"""Records versions that come from upstream in the repositories that retain them.

A version is recorded with all its files when the first of them is fetched; the bytes of the others follow when
somebody asks for them.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace

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
    Package,
    PackageFormat,
    PackageVersion,
    Repository,
    VersionStatus,
)
from inhouse_server.rules import core_metadata
from inhouse_server.rules.group_patterns import PackagePath
from inhouse_server.rules.origin_controls import Arrival, defaults, effective
from inhouse_server.rules.package_groups import GroupControls
from inhouse_server.rules.resolution import Offer, Offered, is_ours, retaining_places
from inhouse_server.rules.revision import revision
from inhouse_server.rules.version_status import accepts_files
from inhouse_server.services.group_controls import read_group_controls
from inhouse_server.services.search import Found, Search


@dataclass(frozen=True, slots=True)
class _Arriving:
    """A version on its way into a repository."""

    offered: Offered
    offer: Offer
    origin: Origin
    metadata: CoreMetadata | None

    @property
    def files(self) -> tuple[File, ...]:
        return tuple(each.file for each in self.offered.offers)


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

        Args:
            found: The search that has found it.
            offered: The version.
            offer: The file.

        Raises:
            NotFoundError: Since the search, the way was closed: by origin controls, or because the name is ours now.
        """
        read = self._read_metadata([each.file for each in offered.offers])
        with self._database.write() as connection:
            domain = found.repositories[0].domain
            group = read_group_controls(connection, domain, PackagePath(PackageFormat.PYPI, "", found.project))
            if not offer.recorded and is_ours(self._search.read_places(connection, found.repositories, group)):
                raise _closed(offer.file, found.repositories[0])
            record = _with_metadata(connection, offered)
            if record is None:
                origin = Origin(
                    OriginType.EXTERNAL, external_connection=found.repositories[offer.place].external_connection
                )
                arriving = _Arriving(offered, offer, origin, read)
            else:
                arriving = _Arriving(offered, offer, record.origin, core_metadata.merged(record.metadata, read))
            for place in retaining_places(offer):
                self._retain_in(connection, found, place, arriving, group)

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

    def _retain_in(
        self, connection: sqlite3.Connection, found: Found, place: int, arriving: _Arriving, group: GroupControls
    ) -> None:
        repository = found.repositories[place]
        from_source = place == arriving.offer.place
        package = packages.find_package(connection, repository.id, PackageFormat.PYPI, found.project)
        if package is None:
            package = packages.insert_package(
                connection,
                repository.id,
                PackageFormat.PYPI,
                name=found.project,
                controls=_controls(arriving, from_source=from_source),
                created_at=self._clock(),
            )
        permissions = effective(package.controls, group.permissions(repository.name))
        if not (permissions.external_upstream if from_source else permissions.internal_upstream):
            raise _closed(arriving.offer.file, repository)
        record = packages.find_version(connection, package, arriving.offer.file.version)
        if record is None:
            self._insert(connection, package, arriving, from_source=from_source)
        elif accepts_files(record.status):
            _extend(connection, record, arriving)

    def _insert(
        self, connection: sqlite3.Connection, package: Package, arriving: _Arriving, *, from_source: bool
    ) -> None:
        upstream = arriving.offered.record
        uploaded = [file.upload_time for file in arriving.files if file.upload_time is not None]
        packages.insert_version(
            connection,
            package,
            arriving.offer.file.version,
            # What comes from a public source is Published there; the status is that of a record, and of its repository.
            status=VersionStatus.PUBLISHED if from_source else arriving.offered.status,
            origin=arriving.origin,
            revision=_revision(arriving.origin, arriving.files, arriving.metadata),
            published_at=min(uploaded, default=self._clock()) if upstream is None else upstream.published_at,
            metadata=arriving.metadata,
            files=arriving.files,
        )

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


def _controls(arriving: _Arriving, *, from_source: bool) -> OriginControls:
    """Return the settings of a package whose first version this is.

    Whether ours may stand beside public ones is as it was where the version comes from: an installation must not change
    what the next one sees.
    """
    if from_source:
        return defaults(Arrival.INGESTED)
    record = arriving.offered.record
    beside_public = record is None or record.package.controls.beside_public
    return replace(defaults(Arrival.RETAINED), beside_public=beside_public)


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


def _with_metadata(connection: sqlite3.Connection, offered: Offered) -> PackageVersion | None:
    """Return the record that decided over a version, read anew: the search leaves its metadata out."""
    if offered.record is None:
        return None
    return packages.find_version(connection, offered.record.package, offered.record.version) or offered.record
