"""IAM users and their access keys in the catalog."""

import sqlite3
from datetime import datetime

from inhouse_server.catalog import instants
from inhouse_server.catalog.statements import load
from inhouse_server.model import AccessKey, Principal

_SQL = load("principals")


def insert_user(connection: sqlite3.Connection, user: Principal, *, created_at: datetime) -> None:
    """Make an IAM user.

    Raises:
        sqlite3.IntegrityError: There is one of that ARN or user id.
    """
    connection.execute(
        _SQL["insert_user"],
        {
            "arn": user.arn,
            "account": user.account,
            "user_id": user.user_id,
            "created_at": instants.to_text(created_at),
        },
    )


def find_user(connection: sqlite3.Connection, arn: str) -> Principal | None:
    """Return the IAM user of that ARN, or None."""
    row = connection.execute(_SQL["find_user"], {"arn": arn}).fetchone()
    return None if row is None else _principal(row)


def list_users(connection: sqlite3.Connection) -> list[Principal]:
    """Return all IAM users, the oldest first."""
    return [_principal(row) for row in connection.execute(_SQL["list_users"])]


def insert_key(connection: sqlite3.Connection, key: AccessKey, *, created_at: datetime) -> None:
    """Give the key's principal that key.

    Raises:
        sqlite3.IntegrityError: There is one of that id, or no such user.
    """
    connection.execute(
        _SQL["insert_key"],
        {
            "id": key.id,
            "secret": key.secret,
            "user_arn": key.principal.arn,
            "created_at": instants.to_text(created_at),
        },
    )


def find_key(connection: sqlite3.Connection, key_id: str) -> AccessKey | None:
    """Return the access key of that id with its user, or None."""
    row = connection.execute(_SQL["find_key"], {"id": key_id}).fetchone()
    return None if row is None else _key(row)


def list_keys(connection: sqlite3.Connection, user: Principal) -> list[AccessKey]:
    """Return the user's access keys, the oldest first."""
    return [_key(row) for row in connection.execute(_SQL["list_keys"], {"user_arn": user.arn})]


def delete_user(connection: sqlite3.Connection, arn: str) -> None:
    """Remove a user with its access keys and its policy."""
    connection.execute(_SQL["delete_user"], {"arn": arn})


def delete_keys(connection: sqlite3.Connection, user: Principal) -> None:
    """Take all access keys of a user away."""
    connection.execute(_SQL["delete_keys"], {"user_arn": user.arn})


def user_policy(connection: sqlite3.Connection, arn: str) -> str | None:
    """Return the document of the user's policy, or None."""
    row = connection.execute(_SQL["user_policy"], {"user_arn": arn}).fetchone()
    return None if row is None else str(row["document"])


def put_user_policy(connection: sqlite3.Connection, arn: str, document: str) -> None:
    """Give a user its policy, in place of the one it has.

    Raises:
        sqlite3.IntegrityError: There is no such user.
    """
    connection.execute(_SQL["put_user_policy"], {"user_arn": arn, "document": document})


def _principal(row: sqlite3.Row) -> Principal:
    return Principal(account=row["account"], arn=row["arn"], user_id=row["user_id"])


def _key(row: sqlite3.Row) -> AccessKey:
    return AccessKey(id=row["id"], secret=row["secret"], principal=_principal(row))
