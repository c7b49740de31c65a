"""Repositories in the catalog, with their upstreams and their external connection."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from inhouse_server.catalog import instants
from inhouse_server.catalog.ids import new_id
from inhouse_server.catalog.statements import load
from inhouse_server.model import Domain, Repository

_SQL = load("repositories")


def insert(
    connection: sqlite3.Connection,
    domain: Domain,
    *,
    name: str,
    administrator: str,
    description: str | None,
    created_at: datetime,
) -> Repository:
    """Make a repository without upstreams and external connection, and return it.

    Raises:
        sqlite3.IntegrityError: The domain has one of that name; look with `find` in the same transaction first.
    """
    number = new_id()
    connection.execute(
        _SQL["insert"],
        {
            "id": number,
            "domain_id": domain.id,
            "name": name,
            "administrator": administrator,
            "description": description,
            "created_at": instants.to_text(created_at),
        },
    )
    return Repository(number, domain, name, administrator, description, created_at)


def find(connection: sqlite3.Connection, domain: Domain, name: str) -> Repository | None:
    """Return the domain's repository of that name, upstreams and external connection filled; None without one."""
    row = connection.execute(_SQL["find"], {"domain_id": domain.id, "name": name}).fetchone()
    return None if row is None else _repository(row)


def list_in_domain(
    connection: sqlite3.Connection,
    domain: Domain,
    *,
    prefix: str = "",
    administrator: str | None = None,
    after: str | None = None,
    limit: int,
) -> list[Repository]:
    """Return up to `limit` of the domain's repositories, ordered by name, beginning behind the name `after`."""
    rows = connection.execute(
        _SQL["list_in_domain"],
        {
            "domain_id": domain.id,
            "prefix": prefix,
            "administrator": administrator,
            "after": after or "",
            "limit": limit,
        },
    )
    return [_repository(row) for row in rows]


def list_administered(
    connection: sqlite3.Connection,
    region: str,
    administrator: str,
    *,
    prefix: str = "",
    after: tuple[str, str, str] | None = None,
    limit: int,
) -> list[Repository]:
    """Return up to `limit` repositories of the region that the account administers, over all domains.

    Args:
        after: Domain name, domain owner and repository name of the last one before; they are ordered by these three.
    """
    after_domain, after_owner, after_name = after or ("", "", "")
    rows = connection.execute(
        _SQL["list_administered"],
        {
            "region": region,
            "administrator": administrator,
            "prefix": prefix,
            "after_domain": after_domain,
            "after_owner": after_owner,
            "after_name": after_name,
            "limit": limit,
        },
    )
    return [_repository(row) for row in rows]


def set_description(connection: sqlite3.Connection, repository: Repository, description: str | None) -> None:
    """Replace the repository's description."""
    connection.execute(_SQL["set_description"], {"id": repository.id, "description": description})


def set_upstreams(connection: sqlite3.Connection, repository: Repository, upstreams: Sequence[Repository]) -> None:
    """Replace the repository's upstreams by these, in order of priority."""
    connection.execute(_SQL["clear_upstreams"], {"id": repository.id})
    connection.executemany(
        _SQL["insert_upstream"],
        [
            {"id": repository.id, "position": position, "upstream_id": upstream.id}
            for position, upstream in enumerate(upstreams)
        ],
    )


def reaches(connection: sqlite3.Connection, start: Repository, target: Repository) -> bool:
    """Return whether `target` is `start` itself or stands anywhere behind it."""
    (found,) = connection.execute(_SQL["reaches"], {"start": start.id, "target": target.id}).fetchone()
    return bool(found)


def set_external_connection(connection: sqlite3.Connection, repository: Repository, name: str) -> None:
    """Give the repository an external connection.

    Raises:
        sqlite3.IntegrityError: It has one; look in the same transaction first.
    """
    connection.execute(_SQL["set_external_connection"], {"id": repository.id, "name": name})


def clear_external_connection(connection: sqlite3.Connection, repository: Repository) -> None:
    """Take the repository's external connection away."""
    connection.execute(_SQL["clear_external_connection"], {"id": repository.id})


def delete(connection: sqlite3.Connection, repository: Repository) -> None:
    """Delete a repository with all it holds; those downstream of it lose it as an upstream."""
    connection.execute(_SQL["delete"], {"id": repository.id})


def _repository(row: sqlite3.Row) -> Repository:
    domain = Domain(
        id=row["domain_id"],
        region=row["region"],
        owner=row["owner"],
        name=row["domain_name"],
        created_at=instants.from_text(row["domain_created_at"]),
        encryption_key=row["encryption_key"],
    )
    return Repository(
        id=row["id"],
        domain=domain,
        name=row["name"],
        administrator=row["administrator"],
        description=row["description"],
        created_at=instants.from_text(row["created_at"]),
        upstreams=tuple(name for _, name in sorted(json.loads(row["upstreams"]))),
        external_connection=row["external_connection"],
    )
