"""Rows that say which bytes are on disk."""

import sqlite3
from dataclasses import asdict
from datetime import datetime

from inhouse_server.catalog import instants, statements
from inhouse_server.model import Digests, Sha256

_SQL = statements.load("blobs")


def insert_blob(connection: sqlite3.Connection, digests: Digests, size: int, created_at: datetime) -> None:
    """Record that the bytes are on disk; nothing changes where that is known.

    Args:
        digests: All of them.
    """
    connection.execute(
        _SQL["insert_blob"], {**asdict(digests), "size": size, "created_at": instants.to_text(created_at)}
    )


def stored_size(connection: sqlite3.Connection, sha256: Sha256) -> int | None:
    """Return how many bytes a blob has, or None where it is not on disk."""
    row = connection.execute(_SQL["stored_size"], {"sha256": sha256}).fetchone()
    return None if row is None else int(row["size"])


def domain_asset_bytes(connection: sqlite3.Connection, domain_id: int) -> int:
    """Return how many bytes the files of a domain take on disk, the same bytes counted once.

    Files of a public source whose bytes nobody has asked for take none.
    """
    (total,) = connection.execute(_SQL["domain_asset_bytes"], {"domain_id": domain_id}).fetchone()
    return int(total)
