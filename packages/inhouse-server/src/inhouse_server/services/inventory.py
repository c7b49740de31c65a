"""What a repository itself holds: packages, versions, files and dependencies, as the control plane reads them.

None of these looks at upstreams: AWS's read operations do not.
"""

import sqlite3
from dataclasses import dataclass

from inhouse_server.catalog import Database, domains, packages, repositories
from inhouse_server.errors import InvalidRequestError, NotFoundError, ResourceType
from inhouse_server.model import Package, PackageFormat, PackageVersion, Repository, Restriction
from inhouse_server.rules.group_patterns import WITHOUT_NAMESPACE
from inhouse_server.services.access import Access, Caller, domain_not_found, repository_arn
from inhouse_server.services.repositories import repository_not_found


@dataclass(frozen=True, slots=True)
class PackageName:
    """A package as a request names it; there need not be one.

    Attributes:
        owner: The account that owns the domain.
        namespace: None without one; PyPI packages have none.
        name: Of format `pypi`, must be normalised to be found.
    """

    owner: str
    domain: str
    repository: str
    format: PackageFormat
    namespace: str | None
    name: str


@dataclass(frozen=True, slots=True)
class PackageFilter:
    """Which packages to list; None lets all pass. A namespace may be the beginning of one."""

    format: PackageFormat | None = None
    namespace: str | None = None
    prefix: str = ""
    publish: Restriction | None = None
    upstream: Restriction | None = None


class Inventory:
    """Reads what repositories hold.

    Args:
        database: The catalog.
        access: Decides what callers may do.
    """

    def __init__(self, database: Database, access: Access) -> None:
        self._database = database
        self._access = access

    def list_packages(
        self,
        caller: Caller,
        owner: str,
        domain: str,
        repository: str,
        wanted: PackageFilter,
        *,
        after: tuple[str, str, str] | None,
        limit: int,
    ) -> list[Package]:
        """Return up to `limit` packages, ordered by format, namespace and name, beginning behind `after`.

        Raises:
            AccessDeniedError: The caller may not see them.
            InvalidRequestError: A namespace is asked for without a format that has some.
            NotFoundError: The domain or the repository does not exist.
        """
        arn = repository_arn(caller.region, owner, domain, repository)
        self._access.require(caller.principal, "codeartifact:ListPackages", arn)
        if wanted.namespace is not None and wanted.format is None:
            raise InvalidRequestError("A namespace can be asked for only together with a format.")
        check_namespace(wanted.format, wanted.namespace)
        with self._database.read() as connection:
            found = find_repository(connection, caller, owner, domain, repository)
            return packages.list_packages(
                connection,
                found.id,
                format=wanted.format,
                namespace=wanted.namespace or "",
                prefix=wanted.prefix,
                publish=wanted.publish,
                upstream=wanted.upstream,
                after=after,
                limit=limit,
            )

    def package(self, caller: Caller, name: PackageName, operation: str = "DescribePackage") -> Package:
        """Return a package.

        Args:
            caller: Who asks.
            name: The package.
            operation: Whose permission is asked for.

        Raises:
            AccessDeniedError: The caller may not do the operation.
            InvalidRequestError: The format has no namespaces, and one is given.
            NotFoundError: The domain, the repository or the package does not exist.
        """
        with self._database.read() as connection:
            return self._package(connection, caller, name, operation)

    def versions(self, caller: Caller, name: PackageName) -> tuple[Package, list[PackageVersion]]:
        """Return a package and its versions in every status, the newest first.

        Raises:
            AccessDeniedError: The caller may not see them.
            InvalidRequestError: The format has no namespaces, and one is given.
            NotFoundError: The domain, the repository or the package does not exist.
        """
        with self._database.read() as connection:
            package = self._package(connection, caller, name, "ListPackageVersions")
            return package, packages.list_versions(connection, package, with_metadata=False)

    def version(self, caller: Caller, name: PackageName, version: str, operation: str) -> PackageVersion:
        """Return a version of a package with its files.

        Args:
            caller: Who asks.
            name: The package.
            version: Equal by PEP 440, it need not be spelled as it was uploaded.
            operation: Whose permission is asked for.

        Raises:
            AccessDeniedError: The caller may not do the operation.
            InvalidRequestError: The format has no namespaces, and one is given.
            NotFoundError: The domain, the repository, the package or the version does not exist.
        """
        with self._database.read() as connection:
            package = self._package(connection, caller, name, operation)
            return find_version(connection, package, name, version)

    def _package(self, connection: sqlite3.Connection, caller: Caller, name: PackageName, operation: str) -> Package:
        arn = package_arn(caller.region, name)
        self._access.require(caller.principal, f"codeartifact:{operation}", arn)
        return find_package(connection, caller, name)


def package_arn(region: str, name: PackageName) -> str:
    """Return a package's ARN; without a namespace its place is empty."""
    place = f"arn:aws:codeartifact:{region}:{name.owner}:package/{name.domain}/{name.repository}"
    return f"{place}/{name.format}/{name.namespace or ''}/{name.name}"


def check_namespace(package_format: PackageFormat | None, namespace: str | None) -> None:
    """Return if packages of a format may have a namespace, or none is given.

    Raises:
        InvalidRequestError: The format has no namespaces, and one is given.
    """
    if package_format in WITHOUT_NAMESPACE and namespace is not None:
        raise InvalidRequestError(f"Packages of format {package_format} have no namespace.")


def find_repository(
    connection: sqlite3.Connection, caller: Caller, owner: str, domain: str, repository: str
) -> Repository:
    """Return a repository of the caller's region.

    Raises:
        NotFoundError: The domain or the repository does not exist.
    """
    parent = domains.find(connection, caller.region, owner, domain)
    if parent is None:
        raise domain_not_found(caller.region, owner, domain)
    found = repositories.find(connection, parent, repository)
    if found is None:
        raise repository_not_found(domain, repository)
    return found


def find_package(connection: sqlite3.Connection, caller: Caller, name: PackageName) -> Package:
    """Return a package of the caller's region.

    Raises:
        InvalidRequestError: The format has no namespaces, and one is given.
        NotFoundError: The domain, the repository or the package does not exist.
    """
    check_namespace(name.format, name.namespace)
    repository = find_repository(connection, caller, name.owner, name.domain, name.repository)
    found = packages.find_package(connection, repository.id, name.format, name.name, namespace=name.namespace)
    if found is None:
        raise package_not_found(name)
    return found


def find_version(connection: sqlite3.Connection, package: Package, name: PackageName, version: str) -> PackageVersion:
    """Return a version of a package with its files.

    Raises:
        NotFoundError: The package has no such version.
    """
    found = packages.find_version(connection, package, version)
    if found is None:
        raise NotFoundError(
            f"Package version not found in repository. RepoId: {name.repository}, Package = {_coordinate(name)}, "
            f"version = {version}.",
            ResourceType.PACKAGE_VERSION,
            version,
        )
    return found


def package_not_found(name: PackageName) -> NotFoundError:
    """Return the error for a package that a repository does not have."""
    return NotFoundError(
        f"Package not found in repository. RepoId: {name.repository}, Package = {_coordinate(name)}.",
        ResourceType.PACKAGE,
        name.name,
    )


def _coordinate(name: PackageName) -> str:
    namespace = "" if name.namespace is None else f"namespace={name.namespace}, "
    return f"PackageCoordinate{{packageType={name.format}, {namespace}packageName={name.name}}}"
