"""Identity providers in the catalog: whose web identity tokens an account believes."""

import sqlite3
from itertools import groupby

from inhouse_server.catalog.statements import load
from inhouse_server.model import IdentityProvider

_SQL = load("identity_providers")


def insert(connection: sqlite3.Connection, provider: IdentityProvider) -> None:
    """Let an account believe a provider.

    Raises:
        sqlite3.IntegrityError: It does already.
    """
    key = {"account": provider.account, "url": provider.url}
    connection.execute(_SQL["insert_provider"], key)
    connection.executemany(_SQL["insert_audience"], [{**key, "audience": each} for each in provider.audiences])


def list_all(connection: sqlite3.Connection) -> list[IdentityProvider]:
    """Return all providers by account and URL."""
    rows = connection.execute(_SQL["list_providers"])
    return [
        IdentityProvider(account, url, tuple(row["audience"] for row in group))
        for (account, url), group in groupby(rows, key=lambda row: (row["account"], row["url"]))
    ]


def delete(connection: sqlite3.Connection, account: str, url: str) -> bool:
    """Stop an account from believing a provider; return whether it did."""
    return connection.execute(_SQL["delete_provider"], {"account": account, "url": url}).rowcount > 0
