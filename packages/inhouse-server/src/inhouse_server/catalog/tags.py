"""Tags of domains, repositories and package groups in the catalog."""

import sqlite3
from collections.abc import Mapping

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
