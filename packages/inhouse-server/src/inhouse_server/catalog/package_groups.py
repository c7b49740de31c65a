"""Package groups in the catalog."""

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime

from inhouse_server.catalog import instants
from inhouse_server.catalog.statements import load
from inhouse_server.model import Domain, GroupMode, GroupRestriction, PackageFormat, PackageGroup, Repository

_SQL = load("package_groups")


def insert(
    connection: sqlite3.Connection,
    domain: Domain,
    *,
    pattern: str,
    created_at: datetime,
    modes: Mapping[GroupRestriction, GroupMode],
    contact_info: str | None = None,
    description: str | None = None,
) -> None:
    """Make a package group.

    Raises:
        sqlite3.IntegrityError: The domain has one of that pattern.
    """
    connection.execute(
        _SQL["insert"],
        {
            "domain_id": domain.id,
            "pattern": pattern,
            "created_at": instants.to_text(created_at),
            "contact_info": contact_info,
            "description": description,
            "publish": modes[GroupRestriction.PUBLISH],
            "external_upstream": modes[GroupRestriction.EXTERNAL_UPSTREAM],
            "internal_upstream": modes[GroupRestriction.INTERNAL_UPSTREAM],
        },
    )


def find(connection: sqlite3.Connection, domain: Domain, pattern: str) -> PackageGroup | None:
    """Return the domain's package group of that pattern, or None."""
    row = connection.execute(_SQL["find"], {"domain_id": domain.id, "pattern": pattern}).fetchone()
    return None if row is None else _group(row, domain)


def list_in_domain(
    connection: sqlite3.Connection, domain: Domain, *, prefix: str, after: str | None, limit: int
) -> list[PackageGroup]:
    """Return up to `limit` groups whose pattern begins with `prefix`, ordered by pattern, beginning behind `after`."""
    rows = connection.execute(
        _SQL["list"], {"domain_id": domain.id, "prefix": prefix, "after": after or "", "limit": limit}
    )
    return [_group(row, domain) for row in rows]


def list_for_format(
    connection: sqlite3.Connection, domain: Domain, package_format: PackageFormat
) -> list[PackageGroup]:
    """Return the groups that packages of a format can belong to, `/*` among them."""
    rows = connection.execute(_SQL["list_for_format"], {"domain_id": domain.id, "format": package_format})
    return [_group(row, domain) for row in rows]


def list_all(connection: sqlite3.Connection, domain: Domain) -> list[PackageGroup]:
    """Return all groups of a domain, ordered by pattern."""
    return [_group(row, domain) for row in connection.execute(_SQL["list_all"], {"domain_id": domain.id})]


def update(connection: sqlite3.Connection, group: PackageGroup) -> None:
    """Write a group as it is given; its pattern is what it is found by, and never changes."""
    connection.execute(
        _SQL["update"],
        {
            "id": group.id,
            "contact_info": group.contact_info,
            "description": group.description,
            "publish": group.modes[GroupRestriction.PUBLISH],
            "external_upstream": group.modes[GroupRestriction.EXTERNAL_UPSTREAM],
            "internal_upstream": group.modes[GroupRestriction.INTERNAL_UPSTREAM],
        },
    )


def delete(connection: sqlite3.Connection, group: PackageGroup) -> None:
    """Delete a group, its lists of repositories and its tags."""
    connection.execute(_SQL["delete"], {"id": group.id})
    connection.execute(_SQL["delete_tags"], {"resource_arn": group.arn})


def allow(
    connection: sqlite3.Connection, group: PackageGroup, restriction: GroupRestriction, repository: Repository
) -> bool:
    """Put a repository on one of the group's lists; return whether it was not there."""
    values = {"group_id": group.id, "restriction": restriction, "repository_id": repository.id}
    return connection.execute(_SQL["allow_repository"], values).rowcount > 0


def disallow(
    connection: sqlite3.Connection, group: PackageGroup, restriction: GroupRestriction, repository: Repository
) -> bool:
    """Take a repository off one of the group's lists; return whether it was there."""
    values = {"group_id": group.id, "restriction": restriction, "repository_id": repository.id}
    return connection.execute(_SQL["disallow_repository"], values).rowcount > 0


def clear_allowed(connection: sqlite3.Connection, group: PackageGroup, restriction: GroupRestriction) -> None:
    """Empty one of the group's lists."""
    connection.execute(_SQL["clear_allowed"], {"group_id": group.id, "restriction": restriction})


def list_allowed(
    connection: sqlite3.Connection,
    group: PackageGroup,
    restriction: GroupRestriction,
    *,
    after: str | None = None,
    limit: int = -1,
) -> list[str]:
    """Return the names of up to `limit` repositories on one of the group's lists, in order, behind `after`.

    Args:
        limit: -1 for all.
    """
    rows = connection.execute(
        _SQL["list_allowed"],
        {"group_id": group.id, "restriction": restriction, "after": after or "", "limit": limit},
    )
    return [row["name"] for row in rows]


def allowed_names(connection: sqlite3.Connection, group: PackageGroup, restriction: GroupRestriction) -> frozenset[str]:
    """Return the names of all repositories on one of the group's lists."""
    return frozenset(list_allowed(connection, group, restriction))


def each_package(
    connection: sqlite3.Connection,
    domain: Domain,
    *,
    package_format: PackageFormat | None,
    after: tuple[str, str, str] | None,
) -> Iterator[tuple[PackageFormat, str, str]]:
    """Yield the packages of all repositories of a domain as (format, namespace, name), each once, in that order.

    Args:
        package_format: Only of this format.
        after: The last package before.
    """
    after_format, after_namespace, after_name = after or ("", "", "")
    rows = connection.execute(
        _SQL["list_packages"],
        {
            "domain_id": domain.id,
            "format": package_format,
            "after_format": after_format,
            "after_namespace": after_namespace,
            "after_name": after_name,
        },
    )
    for row in rows:
        yield PackageFormat(row["format"]), row["namespace"], row["name"]


def _group(row: sqlite3.Row, domain: Domain) -> PackageGroup:
    return PackageGroup(
        id=row["id"],
        domain=domain,
        pattern=row["pattern"],
        created_at=instants.from_text(row["created_at"]),
        contact_info=row["contact_info"],
        description=row["description"],
        modes={
            GroupRestriction.PUBLISH: GroupMode(row["publish"]),
            GroupRestriction.EXTERNAL_UPSTREAM: GroupMode(row["external_upstream"]),
            GroupRestriction.INTERNAL_UPSTREAM: GroupMode(row["internal_upstream"]),
        },
    )
