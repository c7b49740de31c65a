"""Tags of domains, repositories and package groups in the catalog."""

import sqlite3
from collections.abc import Iterable, Mapping

from inhouse_server.catalog.statements import load

_SQL = load("tags")


def put(connection: sqlite3.Connection, resource_arn: str, tags: Mapping[str, str]) -> None:
    """Give the resource these tags, in place of those with the same keys."""
    connection.executemany(
        _SQL["put"], [{"resource_arn": resource_arn, "key": key, "value": value} for key, value in tags.items()]
    )


def list_of(connection: sqlite3.Connection, resource_arn: str) -> dict[str, str]:
    """Return the resource's tags by key, in the order of the keys; empty for a resource without tags."""
    return {row["key"]: row["value"] for row in connection.execute(_SQL["list"], {"resource_arn": resource_arn})}


def remove(connection: sqlite3.Connection, resource_arn: str, keys: Iterable[str]) -> None:
    """Take the tags with these keys away from the resource; keys that it does not have are nothing to remove."""
    connection.executemany(_SQL["remove"], [{"resource_arn": resource_arn, "key": key} for key in keys])


def clear(connection: sqlite3.Connection, resource_arn: str) -> None:
    """Take all tags away from a resource that is deleted, so that a later one of its name begins without."""
    connection.execute(_SQL["clear"], {"resource_arn": resource_arn})


def clear_below(connection: sqlite3.Connection, prefix: str) -> None:
    """Take all tags away from the resources whose ARN begins so."""
    connection.execute(_SQL["clear_below"], {"prefix": prefix})
