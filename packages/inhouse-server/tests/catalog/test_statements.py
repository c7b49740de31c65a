from importlib import resources
from pathlib import Path

import pytest

from inhouse_server.catalog import statements


def families() -> list[str]:
    folder = resources.files("inhouse_server.catalog").joinpath("sql")
    return sorted(entry.name.removesuffix(".sql") for entry in folder.iterdir() if entry.name.endswith(".sql"))


@pytest.mark.parametrize("family", families())
def test_every_statement_has_a_name_and_a_comment(family: str) -> None:
    found = statements.load(family)
    assert found
    for name, text in found.items():
        assert text.startswith("--"), f"{family}.{name} lacks its comment"


@pytest.mark.parametrize(
    ("text", "problem"),
    [("SELECT 1;\n-- name: one\n-- One.\nSELECT 1;\n", "before the first"), ("-- name: a\n\n-- name: a\n", "twice")],
)
def test_a_malformed_file_is_refused(text: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "broken.sql").write_text(text)
    monkeypatch.setattr(statements, "files", lambda _: tmp_path)
    with pytest.raises(ValueError, match=problem):
        statements.load("broken")
