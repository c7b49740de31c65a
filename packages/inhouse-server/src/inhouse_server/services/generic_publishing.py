"""Publishes assets of generic packages, one at a time."""

from dataclasses import dataclass, replace

from packaging.utils import NormalizedName

from inhouse_server.blobs import BlobStore, IncomingBlob
from inhouse_server.catalog import Database, blobs, packages
from inhouse_server.errors import InvalidRequestError
from inhouse_server.model import Clock, File, Origin, OriginType, PackageFormat, PackageVersion
from inhouse_server.quotas import Quotas
from inhouse_server.rules.generic_publishing import decide, full_name
from inhouse_server.rules.origin_controls import Arrival, defaults
from inhouse_server.rules.publishing import check_file_count
from inhouse_server.rules.revision import revision
from inhouse_server.services.access import Access, Caller
from inhouse_server.services.inventory import PackageName, find_repository, package_arn
from inhouse_server.services.search import Search


@dataclass(frozen=True, slots=True)
class GenericAsset:
    """What a client says of the asset that it sends.

    Attributes:
        sha256: What the bytes are said to have.
        unfinished: Whether more assets of the version are to come.
    """

    package: PackageName
    version: str
    name: str
    sha256: str
    unfinished: bool


class GenericPublishing:
    """Publishes assets.

    Args:
        database: The catalog.
        store: Where bytes are kept.
        access: Decides what callers may do.
        search: Finds what upstreams have.
        clock: Gives the time now.
        quotas: How many assets a version may have.
    """

    def __init__(  # noqa: PLR0917 - collaborators, each passed by its name's position as everywhere
        self,
        database: Database,
        store: BlobStore,
        access: Access,
        search: Search,
        clock: Clock,
        quotas: Quotas,
    ) -> None:
        self._database = database
        self._store = store
        self._access = access
        self._search = search
        self._clock = clock
        self._quotas = quotas

    def check(self, caller: Caller, package: PackageName) -> None:
        """Return if the caller may publish the package, and it can be; asked before the bytes come.

        Raises:
            AccessDeniedError: The caller may not.
            InvalidRequestError: The format is another one than `generic`.
            NotFoundError: The domain or the repository does not exist.
        """
        arn = package_arn(caller.region, package)
        self._access.require(caller.principal, "codeartifact:PublishPackageVersion", arn)
        if package.format is not PackageFormat.GENERIC:
            raise InvalidRequestError(
                f"Value '{package.format}' at 'format' failed to satisfy constraint: only packages of format "
                f"{PackageFormat.GENERIC} are published with PublishPackageVersion.",
                hint="Python packages are uploaded to the repository's endpoint, for example with twine.",
            )
        with self._database.read() as connection:
            find_repository(connection, caller, package.owner, package.domain, package.repository)

    def publish(self, caller: Caller, asset: GenericAsset, blob: IncomingBlob) -> tuple[PackageVersion, File]:
        """Publish what was written to `blob`; return the version and the asset as they are now.

        Raises:
            AccessDeniedError: The caller may not, or origin controls do not let the package be published here.
            ConflictError: The version takes no assets, has another one of that name, or comes from upstream.
            InvalidRequestError: The format is another one than `generic`, or the bytes are not those they are said to
                be.
            NotFoundError: The domain or the repository does not exist.
            QuotaExceededError: The version has as many assets as it may have.
        """
        package = asset.package
        self.check(caller, package)
        if blob.digests.sha256 != asset.sha256:
            raise InvalidRequestError(
                f"The asset {asset.name} does not have the SHA-256 digest that was sent: its digest is "
                f"{blob.digests.sha256}, the request says {asset.sha256}.",
                hint="The bytes were damaged on the way, or the digest is that of another file.",
            )
        blob.finish()
        now = self._clock()
        file = File(asset.name, asset.version, blob.digests, blob.size, upload_time=now)
        with self._database.write() as connection:
            repository = find_repository(connection, caller, package.owner, package.domain, package.repository)
            found = self._search.read_catalog(
                connection,
                repository,
                NormalizedName(package.name),
                package_format=package.format,
                namespace=package.namespace,
            )
            name = full_name(package.namespace, package.name)
            decision = decide(found.places, name, file, unfinished=asset.unfinished)
            already = found.places[0].versions.get(asset.version)
            if already is not None and decision.adds_file:
                check_file_count(already, self._quotas.assets)
            if decision.adds_file:
                # The bytes are on the disk since `finish`; what is left to do under the lock is a rename.
                self._store.keep(blob)
                blobs.insert_blob(connection, blob.digests, blob.size, now)
            held = packages.find_package(
                connection, repository.id, package.format, package.name, namespace=package.namespace
            ) or packages.insert_package(
                connection,
                repository.id,
                package.format,
                namespace=package.namespace,
                name=NormalizedName(package.name),
                controls=defaults(Arrival.PUBLISHED),
                created_at=now,
            )
            record = packages.find_version(connection, held, asset.version)
            if record is None:
                record = packages.insert_version(
                    connection,
                    held,
                    asset.version,
                    status=decision.status,
                    origin=Origin(OriginType.INTERNAL, repository=repository.name),
                    revision=revision((file,), None),
                    published_at=now,
                    metadata=None,
                    files=(file,),
                )
            else:
                if decision.adds_file:
                    packages.insert_files(connection, record, (file,))
                    content = revision((*record.files, file), None)
                    packages.set_version_content(connection, record, content, None)
                    record = replace(record, revision=content)
                packages.set_status(connection, record, decision.status)
            return replace(record, status=decision.status), file
