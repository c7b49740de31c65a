"""The step that gives packages a namespace keeps all that a catalog held before."""

import sqlite3
from pathlib import Path

import pytest

from inhouse_server.catalog import Database, migrations
from inhouse_server.catalog.database import _split

BEFORE = 3


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A catalog as the release before left it, with a package, a version and a file."""
    path = tmp_path / "catalog.sqlite3"
    connection = sqlite3.connect(path)
    for step in migrations.steps()[:BEFORE]:
        for statement in _split(step):
            connection.execute(statement)
    connection.executescript(
        f"""
        INSERT INTO domain VALUES (1, 'us-east-1', '111122223333', 'dd', '2026-03-01T12:00:00.000000Z', 'key');
        INSERT INTO repository VALUES (1, 1, 'team', '111122223333', NULL, '2026-03-01T12:00:00.000000Z');
        INSERT INTO package VALUES (7, 1, 'pypi', 'acme', 'ALLOW', 'BLOCK', '2026-03-01T12:00:00.000000Z');
        INSERT INTO package_version VALUES (
            8, 7, '1.0', '1', 'Published', 'INTERNAL', 'team', NULL, 'r', '2026-03-01T12:00:00.000000Z', NULL
        );
        INSERT INTO asset VALUES (
            9, 8, 'acme.whl', '{"a" * 64}', NULL, 5, NULL, NULL, 0, NULL, NULL, 'https://files.example.com/acme.whl'
        );
        PRAGMA user_version = {BEFORE};
        """
    )
    connection.close()
    return path


def test_nothing_is_lost(path: Path) -> None:
    database = Database(path)
    with database.read() as connection:
        (package,) = connection.execute("SELECT id, namespace, name, publish, upstream FROM package").fetchall()
        (asset,) = connection.execute(
            "SELECT asset.id, filename, asset.url FROM asset JOIN package_version ON version_id = package_version.id"
            " WHERE package_id = 7"
        ).fetchall()
        assert tuple(package) == (7, "", "acme", "ALLOW", "BLOCK")
        assert tuple(asset) == (9, "acme.whl", "https://files.example.com/acme.whl")
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    with database.write() as connection:
        connection.execute("DELETE FROM package")
        assert connection.execute("SELECT count(*) FROM asset").fetchone()[0] == 0
    database.close()
