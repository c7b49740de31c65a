"""IAM roles in the catalog."""

import sqlite3

from inhouse_server.catalog import instants
from inhouse_server.catalog.statements import load
from inhouse_server.model import Role

_SQL = load("roles")


def insert(connection: sqlite3.Connection, role: Role) -> None:
    """Make a role.

    Raises:
        sqlite3.IntegrityError: There is one of that name in the account.
    """
    connection.execute(
        _SQL["insert_role"],
        {
            "arn": role.arn,
            "account": role.account,
            "name": role.name,
            "role_id": role.role_id,
            "trust_policy": role.trust_policy,
            "policy": role.policy,
            "maximum_seconds": role.maximum_seconds,
            "created_at": instants.to_text(role.created_at),
        },
    )


def find(connection: sqlite3.Connection, arn: str) -> Role | None:
    """Return the role of that ARN, or None."""
    row = connection.execute(_SQL["find_role"], {"arn": arn}).fetchone()
    return None if row is None else _role(row)


def list_all(connection: sqlite3.Connection) -> list[Role]:
    """Return all roles by account and name."""
    return [_role(row) for row in connection.execute(_SQL["list_roles"])]


def update(connection: sqlite3.Connection, role: Role) -> None:
    """Give the role of that ARN the policies that `role` has."""
    connection.execute(_SQL["update_role"], {"arn": role.arn, "trust_policy": role.trust_policy, "policy": role.policy})


def delete(connection: sqlite3.Connection, arn: str) -> None:
    """Remove a role; its sessions end with it."""
    connection.execute(_SQL["delete_role"], {"arn": arn})


def _role(row: sqlite3.Row) -> Role:
    return Role(
        account=row["account"],
        name=row["name"],
        role_id=row["role_id"],
        trust_policy=row["trust_policy"],
        policy=row["policy"],
        maximum_seconds=row["maximum_seconds"],
        created_at=instants.from_text(row["created_at"]),
    )
