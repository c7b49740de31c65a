"""The step that tells opened packages from closed ones reads it from what a catalog held before."""

import sqlite3
from pathlib import Path

from inhouse_server.catalog import Database, migrations
from inhouse_server.catalog.database import _split

BEFORE = 4
PACKAGES = {
    # name: (upstream, origin of its version, repository it was published in)
    "from-public": ("ALLOW", "EXTERNAL", None),
    "opened": ("ALLOW", "INTERNAL", "team"),
    "closed": ("BLOCK", "INTERNAL", "team"),
    "retained": ("ALLOW", "INTERNAL", "shared"),
    "closed-public": ("BLOCK", "EXTERNAL", None),
}


def test_what_was_opened_stays_so_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    connection = sqlite3.connect(path)
    for step in migrations.steps()[:BEFORE]:
        for statement in _split(step):
            connection.execute(statement)
    time = "2026-03-01T12:00:00.000000Z"
    connection.execute("INSERT INTO domain VALUES (1, 'us-east-1', '111122223333', 'dd', ?, 'key')", [time])
    connection.execute("INSERT INTO repository VALUES (1, 1, 'team', '111122223333', NULL, ?)", [time])
    for number, (name, (upstream, origin, repository)) in enumerate(PACKAGES.items()):
        package = [number, 1, "pypi", "", name, "ALLOW", upstream, time]
        connection.execute("INSERT INTO package VALUES (?, ?, ?, ?, ?, ?, ?, ?)", package)
        version = [number, number, "1.0", "1", "Published", origin, repository, None, "r", time, None]
        connection.execute("INSERT INTO package_version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", version)
    connection.execute(f"PRAGMA user_version = {BEFORE}")
    connection.commit()
    connection.close()
    database = Database(path)
    with database.read() as reading:
        rows = reading.execute("SELECT name FROM package WHERE beside_public ORDER BY name").fetchall()
    database.close()
    assert [row["name"] for row in rows] == ["from-public", "opened"]
