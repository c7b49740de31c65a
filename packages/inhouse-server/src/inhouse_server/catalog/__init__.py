"""Metadata: the catalog, a SQLite file whose statements are written as SQL.

`database` opens it and owns connections and transactions, `migrations/` brings older files up to date, `sql/` holds
the named statements, and one module per family of tables binds values and returns values of `model`.
"""

from inhouse_server.catalog.database import Database

__all__ = ["Database"]
