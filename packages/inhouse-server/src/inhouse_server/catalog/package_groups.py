"""Package groups in the catalog."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from packaging.utils import NormalizedName

from inhouse_server.catalog import instants
from inhouse_server.catalog.statements import load
from inhouse_server.model import Domain, GroupMode, GroupRestriction, PackageFormat, PackageGroup

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


def list_packages(
    connection: sqlite3.Connection, domain: Domain, *, after: tuple[str, str] | None, limit: int
) -> list[tuple[PackageFormat, NormalizedName]]:
    """Return up to `limit` packages of the domain as (format, name), ordered so, beginning behind `after`."""
    after_format, after_name = after or ("", "")
    rows = connection.execute(
        _SQL["list_packages"],
        {"domain_id": domain.id, "after_format": after_format, "after_name": after_name, "limit": limit},
    )
    return [(PackageFormat(row["format"]), row["name"]) for row in rows]


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
