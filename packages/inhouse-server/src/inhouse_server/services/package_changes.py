"""Packages: set their origin controls, delete them."""

from dataclasses import replace

from packaging.utils import NormalizedName, canonicalize_name

from inhouse_server.catalog import Database, packages
from inhouse_server.model import Clock, OriginControls, Package, PackageFormat
from inhouse_server.services.access import Access, Caller
from inhouse_server.services.inventory import PackageName, check_namespace, find_package, find_repository, package_arn


class PackageChanges:
    """Changes packages as a whole.

    Args:
        database: The catalog.
        access: Decides what callers may do.
        clock: Gives the time now.
    """

    def __init__(self, database: Database, access: Access, clock: Clock) -> None:
        self._database = database
        self._access = access
        self._clock = clock

    def set_controls(self, caller: Caller, name: PackageName, controls: OriginControls) -> OriginControls:
        """Set a package's origin controls and return them; a package that is not here is made, without versions.

        Raises:
            AccessDeniedError: The caller may not.
            InvalidRequestError: The format has no namespaces, and one is given.
            NotFoundError: The domain or the repository does not exist.
        """
        if name.format is PackageFormat.PYPI:
            name = replace(name, name=canonicalize_name(name.name))
        self._require(caller, "PutPackageOriginConfiguration", name)
        check_namespace(name.format, name.namespace)
        with self._database.write() as connection:
            repository = find_repository(connection, caller, name.owner, name.domain, name.repository)
            found = packages.find_package(connection, repository.id, name.format, name.name, namespace=name.namespace)
            if found is not None:
                packages.set_controls(connection, found, controls)
            else:
                packages.insert_package(
                    connection,
                    repository.id,
                    name.format,
                    namespace=name.namespace,
                    name=NormalizedName(name.name),
                    controls=controls,
                    created_at=self._clock(),
                )
        return controls

    def delete(self, caller: Caller, name: PackageName) -> Package:
        """Delete a package with all its versions and its origin controls, and return what it was.

        Raises:
            AccessDeniedError: The caller may not.
            InvalidRequestError: The format has no namespaces, and one is given.
            NotFoundError: The domain, the repository or the package does not exist.
        """
        self._require(caller, "DeletePackage", name)
        with self._database.write() as connection:
            found = find_package(connection, caller, name)
            packages.delete_package(connection, found)
        return found

    def _require(self, caller: Caller, operation: str, name: PackageName) -> None:
        self._access.require(caller.principal, f"codeartifact:{operation}", package_arn(caller.region, name))
