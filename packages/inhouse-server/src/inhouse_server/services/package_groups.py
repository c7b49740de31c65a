"""Package groups, as they are read: every domain has the group `/*`, which allows all."""

import sqlite3

from packaging.utils import NormalizedName

from inhouse_server import compat
from inhouse_server.catalog import Database, domains, package_groups
from inhouse_server.errors import InvalidRequestError, NotFoundError, ResourceType, ValidationReason
from inhouse_server.model import Domain, PackageFormat, PackageGroup
from inhouse_server.services.access import Access, Caller, domain_arn, domain_not_found, package_group_arn


class PackageGroups:
    """Reads package groups and what they hold.

    Args:
        database: The catalog.
        access: Decides what callers may do.
    """

    def __init__(self, database: Database, access: Access) -> None:
        self._database = database
        self._access = access

    def describe(
        self, caller: Caller, owner: str, domain: str, pattern: str, operation: str = "DescribePackageGroup"
    ) -> PackageGroup:
        """Return the group of a pattern.

        Args:
            caller: Who asks.
            owner: The account that owns the domain.
            domain: Its name.
            pattern: The group's, exactly.
            operation: Whose permission is asked for.

        Raises:
            AccessDeniedError: The caller may not do the operation.
            NotFoundError: The domain or the group does not exist.
        """
        self._require(caller, operation, owner, domain, pattern)
        with self._database.read() as connection:
            return _group(connection, _domain(connection, caller, owner, domain), pattern)

    def list_groups(
        self, caller: Caller, owner: str, domain: str, *, prefix: str, after: str | None, limit: int
    ) -> list[PackageGroup]:
        """Return up to `limit` groups whose pattern begins with `prefix`, ordered by pattern, behind `after`.

        Raises:
            AccessDeniedError: The caller may not see them.
            NotFoundError: The domain does not exist.
        """
        arn = domain_arn(caller.region, owner, domain)
        self._access.require(caller.principal, "codeartifact:ListPackageGroups", arn)
        with self._database.read() as connection:
            found = _domain(connection, caller, owner, domain)
            return package_groups.list_in_domain(connection, found, prefix=prefix, after=after, limit=limit)

    def list_children(
        self, caller: Caller, owner: str, domain: str, pattern: str, *, after: str | None, limit: int
    ) -> list[PackageGroup]:
        """Return up to `limit` groups right below a group, ordered by pattern, behind `after`.

        Raises:
            AccessDeniedError: The caller may not see them.
            NotFoundError: The domain or the group does not exist.
        """
        self._require(caller, "ListSubPackageGroups", owner, domain, pattern)
        with self._database.read() as connection:
            found = _domain(connection, caller, owner, domain)
            _group(connection, found, pattern)
            # Only `/*` can have been made so far, so every other group stands right below it.
            below = package_groups.list_in_domain(connection, found, prefix="", after=after, limit=limit + 1)
            return [group for group in below if group.pattern != compat.ROOT_PACKAGE_GROUP][:limit]

    def list_packages(
        self,
        caller: Caller,
        owner: str,
        domain: str,
        pattern: str,
        *,
        preview: bool,
        after: tuple[str, str] | None,
        limit: int,
    ) -> list[tuple[PackageFormat, NormalizedName]]:
        """Return up to `limit` packages that a group holds, by format and name, each once, behind `after`.

        Args:
            caller: Who asks.
            owner: The account that owns the domain.
            domain: Its name.
            pattern: The group's.
            preview: Whether there may be no such group yet.
            after: Format and name of the last package before.
            limit: How many at most.

        Raises:
            AccessDeniedError: The caller may not see them.
            InvalidRequestError: A preview of a group that does not exist.
            NotFoundError: The domain or the group does not exist.
        """
        self._require(caller, "ListAssociatedPackages", owner, domain, pattern)
        with self._database.read() as connection:
            found = _domain(connection, caller, owner, domain)
            if preview and package_groups.find(connection, found, pattern) is None:
                raise InvalidRequestError(
                    "This version of the embedded repository does not offer previews of package groups that do not "
                    "exist yet.",
                    ValidationReason.OTHER,
                )
            _group(connection, found, pattern)
            return package_groups.list_packages(connection, found, after=after, limit=limit)

    def _require(self, caller: Caller, operation: str, owner: str, domain: str, pattern: str) -> None:
        arn = package_group_arn(caller.region, owner, domain, pattern)
        self._access.require(caller.principal, f"codeartifact:{operation}", arn)


def _domain(connection: sqlite3.Connection, caller: Caller, owner: str, name: str) -> Domain:
    found = domains.find(connection, caller.region, owner, name)
    if found is None:
        raise domain_not_found(caller.region, owner, name)
    return found


def _group(connection: sqlite3.Connection, domain: Domain, pattern: str) -> PackageGroup:
    found = package_groups.find(connection, domain, pattern)
    if found is None:
        raise NotFoundError(
            f"Package group not found. Domain {domain.name} has no package group {pattern}.",
            # The model has no type of its own for package groups.
            ResourceType.PACKAGE,
            pattern,
        )
    return found
