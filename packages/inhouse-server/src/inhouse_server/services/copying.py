"""Copies versions from one repository into another of the same domain: records, never bytes."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from packaging.utils import NormalizedName

from inhouse_server.blobs import BlobStore
from inhouse_server.catalog import Database, packages
from inhouse_server.errors import InvalidDistributionError, RemoteUnavailableError
from inhouse_server.model import (
    Clock,
    CoreMetadata,
    Origin,
    OriginType,
    Package,
    PackageFormat,
    PackageVersion,
    Repository,
)
from inhouse_server.rules import core_metadata
from inhouse_server.rules.bulk import Done, Outcome
from inhouse_server.rules.copying import Original, Step, controls_after_copy, plan
from inhouse_server.rules.resolution import Offered, resolve_version
from inhouse_server.rules.revision import revision
from inhouse_server.services.access import Access, Caller, repository_arn
from inhouse_server.services.ingest import Ingest
from inhouse_server.services.inventory import (
    PackageName,
    check_namespace,
    find_repository,
    package_arn,
    package_not_found,
)
from inhouse_server.services.search import Found, Search


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """What to copy.

    Attributes:
        source: The package in the repository to copy from.
        destination: The repository to copy to.
        wanted: Versions, each with the revision that it must have, or None.
        allow_overwrite: Whether versions may take the place of others.
        include_from_upstream: Whether to copy what the source would get from upstream, too.
    """

    source: PackageName
    destination: str
    wanted: Mapping[str, str | None]
    allow_overwrite: bool
    include_from_upstream: bool


class Copying:
    """Copies versions.

    Args:
        database: The catalog.
        store: Where bytes are.
        access: Decides what callers may do.
        search: Finds what upstreams have.
        ingest: Fetches the metadata of public versions.
        clock: Gives the time now.
    """

    def __init__(  # noqa: PLR0917 - collaborators, each passed by its name's position as everywhere
        self, database: Database, store: BlobStore, access: Access, search: Search, ingest: Ingest, clock: Clock
    ) -> None:
        self._database = database
        self._store = store
        self._access = access
        self._search = search
        self._ingest = ingest
        self._clock = clock

    def copy(self, caller: Caller, request: CopyRequest) -> Outcome:
        """Copy versions: all of them, or none. One that the destination has just so is not told of.

        Origin controls of the destination are not asked: copying is the way around them.

        Raises:
            AccessDeniedError: The caller may not read the source, or not copy into the destination.
            InvalidRequestError: The format has no namespaces, and one is given.
            NotFoundError: The domain, a repository or the package does not exist.
            RemoteUnavailableError: A version might come from a public source, which does not answer.
        """
        source = request.source
        read_arn = repository_arn(caller.region, source.owner, source.domain, source.repository)
        self._access.require(caller.principal, "codeartifact:ReadFromRepository", read_arn)
        copy_arn = package_arn(caller.region, replace(source, repository=request.destination))
        self._access.require(caller.principal, "codeartifact:CopyPackageVersions", copy_arn)
        check_namespace(source.format, source.namespace)
        with self._database.read() as connection:
            found = self._read(connection, caller, request)
            find_repository(connection, caller, source.owner, source.domain, request.destination)
        if request.include_from_upstream and source.format is PackageFormat.PYPI and _missing(request, found):
            found = self._search.ask_public_sources(found)
        public = self._public_metadata(request, found)
        with self._database.write() as connection:
            destination = find_repository(connection, caller, source.owner, source.domain, request.destination)
            found = self._search.with_offers_of(self._read(connection, caller, request), found)
            return self._copy(connection, request, destination, found, public)

    def _read(self, connection: sqlite3.Connection, caller: Caller, request: CopyRequest) -> Found:
        """Return what the catalog knows of the package in the source, and behind it if that is asked for."""
        name = request.source
        repository = find_repository(connection, caller, name.owner, name.domain, name.repository)
        found = self._search.read_catalog(
            connection, repository, NormalizedName(name.name), package_format=name.format, namespace=name.namespace
        )
        if request.include_from_upstream:
            return found
        return replace(found, repositories=found.repositories[:1], places=found.places[:1])

    def _copy(
        self,
        connection: sqlite3.Connection,
        request: CopyRequest,
        destination: Repository,
        found: Found,
        public: Mapping[str, CoreMetadata],
    ) -> Outcome:
        source = request.source
        originals = self._originals(connection, request, found, public)
        if len(originals) < len(request.wanted) and found.failure is not None:
            raise found.failure
        if not originals and not any(place.controls is not None or place.offered for place in found.places):
            raise package_not_found(source)
        package = packages.find_package(
            connection, destination.id, source.format, source.name, namespace=source.namespace
        )
        there = {} if package is None else _held(connection, package, request.wanted)
        planned = plan(request.wanted, originals, there, allow_overwrite=request.allow_overwrite)
        if planned.failed:
            return Outcome(failed=planned.failed)
        copied: set[str] = set()
        for version, step in planned.steps.items():
            original = originals[version]
            if step is Step.LEAVE or original.key in copied:  # it was asked for in two spellings
                continue
            if package is None:
                package = self._insert_package(connection, destination, source, original)
            if step is Step.REPLACE:
                packages.delete_version(connection, there[version])
            _insert_version(connection, package, original)
            copied.add(original.key)
        done = {
            version: Done(originals[version].revision, originals[version].status)
            for version, step in planned.steps.items()
            if step is not Step.LEAVE
        }
        return Outcome(done=done)

    def _insert_package(
        self, connection: sqlite3.Connection, destination: Repository, source: PackageName, first: Original
    ) -> Package:
        return packages.insert_package(
            connection,
            destination.id,
            source.format,
            namespace=source.namespace,
            name=NormalizedName(source.name),
            controls=controls_after_copy(first.origin),
            created_at=self._clock(),
        )

    def _originals(
        self, connection: sqlite3.Connection, request: CopyRequest, found: Found, public: Mapping[str, CoreMetadata]
    ) -> dict[str, Original]:
        """Return the versions that can be had, by the text under which they are wanted."""
        originals: dict[str, Original] = {}
        for version in request.wanted:
            key = _key(request, version)
            held = found.places[0].versions.get(key)
            offered = resolve_version(found.places, key) if held is None else None
            record = held if offered is None else offered.record
            if record is not None:
                originals[version] = _recorded(connection, key, record)
            elif offered is not None:
                originals[version] = self._public(found, key, offered, public.get(key))
        return originals

    def _public(self, found: Found, key: str, offered: Offered, metadata: CoreMetadata | None) -> Original:
        """Return a version that only a public source has; its bytes come when somebody asks for them."""
        files = tuple(offer.file for offer in offered.offers)
        connection_name = found.repositories[offered.offers[0].place].external_connection
        return Original(
            key,
            files[0].version,
            offered.status,
            Origin(OriginType.EXTERNAL, external_connection=connection_name),
            revision(files, None),
            min((file.upload_time for file in files if file.upload_time is not None), default=self._clock()),
            metadata,
            files,
        )

    def _public_metadata(self, request: CopyRequest, found: Found) -> dict[str, CoreMetadata]:
        """Return the metadata of the wanted versions that only a public source has, as far as it offers it apart."""
        metadata: dict[str, CoreMetadata] = {}
        for key in {_key(request, version) for version in request.wanted} - found.places[0].versions.keys():
            offered = resolve_version(found.places, key)
            read = None if offered is None or offered.record is not None else self._read_metadata(found, offered)
            if read is not None:
                metadata[key] = read
        return metadata

    def _read_metadata(self, found: Found, offered: Offered) -> CoreMetadata | None:
        offer = next((each for each in offered.offers if each.file.metadata_sha256 is not None), None)
        if offer is None or offer.file.metadata_sha256 is None:
            return None
        source = found.repositories[offer.place].external_connection or ""
        try:
            self._ingest.fetch_metadata(source, found.project, offer.file, offer.file.metadata_sha256)
            with self._store.open(offer.file.metadata_sha256) as body:
                return core_metadata.parse(body.read(), offer.file.filename)
        except (RemoteUnavailableError, InvalidDistributionError):
            return None  # the first download of a file brings it


def _key(request: CopyRequest, version: str) -> str:
    return packages.canonical_version(request.source.format, version)


def _missing(request: CopyRequest, found: Found) -> bool:
    """Return whether the source itself lacks one of the versions; only then others are asked for it."""
    return any(_key(request, version) not in found.places[0].versions for version in request.wanted)


def _recorded(connection: sqlite3.Connection, key: str, record: PackageVersion) -> Original:
    """Return a version that a repository holds, read anew: the search leaves its metadata out."""
    full = packages.find_version(connection, record.package, record.version) or record
    return Original(
        key, full.version, full.status, full.origin, full.revision, full.published_at, full.metadata, full.files
    )


def _held(connection: sqlite3.Connection, package: Package, versions: Iterable[str]) -> dict[str, PackageVersion]:
    """Return those of the versions that a package has, by the text under which they are asked for."""
    found = {version: packages.find_version(connection, package, version) for version in versions}
    return {version: record for version, record in found.items() if record is not None}


def _insert_version(connection: sqlite3.Connection, package: Package, original: Original) -> None:
    packages.insert_version(
        connection,
        package,
        original.version,
        status=original.status,
        origin=original.origin,
        revision=original.revision,
        published_at=original.published_at,
        metadata=original.metadata,
        files=original.files,
    )
