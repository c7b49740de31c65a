from pathlib import Path

import pytest

from pytest_inhouse import UsageError
from pytest_inhouse.public_source import PublicSource


def test_one_of_the_runs_own_is_left_alone() -> None:
    source = PublicSource(None)
    source.clear()
    with pytest.raises(UsageError, match="codeartifact_public"):
        source.add("idna", "99.0")


def test_a_release_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    source = PublicSource(tmp_path)
    added = source.add("idna", "99.0")
    assert list(tmp_path.iterdir()) == [added]
    source.clear()
    assert list(tmp_path.iterdir()) == []
