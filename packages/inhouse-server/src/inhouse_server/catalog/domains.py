"""Domains in the catalog."""

import sqlite3
from datetime import datetime

from inhouse_server.catalog import instants
from inhouse_server.catalog.ids import new_id
from inhouse_server.catalog.statements import load
from inhouse_server.model import Domain

_SQL = load("domains")


def insert(
    connection: sqlite3.Connection, *, region: str, owner: str, name: str, created_at: datetime, encryption_key: str
) -> Domain:
    """Make a domain and return it.

    Raises:
        sqlite3.IntegrityError: There is one already; look with `find` in the same transaction first.
    """
    number = new_id()
    connection.execute(
        _SQL["insert"],
        {
            "id": number,
            "region": region,
            "owner": owner,
            "name": name,
            "created_at": instants.to_text(created_at),
            "encryption_key": encryption_key,
        },
    )
    return Domain(number, region, owner, name, created_at, encryption_key)


def find(connection: sqlite3.Connection, region: str, owner: str, name: str) -> Domain | None:
    """Return the domain, or None where there is none of that name in the region and account."""
    row = connection.execute(_SQL["find"], {"region": region, "owner": owner, "name": name}).fetchone()
    return None if row is None else _domain(row)


def list_owned(
    connection: sqlite3.Connection, region: str, owner: str, *, after: str | None, limit: int
) -> list[Domain]:
    """Return up to `limit` of the account's domains in the region, ordered by name, beginning behind `after`."""
    rows = connection.execute(
        _SQL["list_owned"], {"region": region, "owner": owner, "after": after or "", "limit": limit}
    )
    return [_domain(row) for row in rows]


def repository_count(connection: sqlite3.Connection, domain: Domain) -> int:
    """Return how many repositories the domain has."""
    (count,) = connection.execute(_SQL["repository_count"], {"domain_id": domain.id}).fetchone()
    return int(count)


def delete(connection: sqlite3.Connection, domain: Domain) -> None:
    """Delete a domain with its package groups.

    Raises:
        sqlite3.IntegrityError: It has repositories; count them in the same transaction first.
    """
    connection.execute(_SQL["delete"], {"id": domain.id})


def _domain(row: sqlite3.Row) -> Domain:
    return Domain(
        id=row["id"],
        region=row["region"],
        owner=row["owner"],
        name=row["name"],
        created_at=instants.from_text(row["created_at"]),
        encryption_key=row["encryption_key"],
    )
