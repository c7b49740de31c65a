import os
from pathlib import Path

import pytest

from inhouse_server import platform


def test_a_lock_is_held_until_the_file_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "locked"
    path.touch()
    first, second = os.open(path, os.O_RDWR), os.open(path, os.O_RDWR)
    try:
        assert platform.try_lock(first)
        assert not platform.try_lock(second)
    finally:
        os.close(first)
    assert platform.try_lock(second)
    os.close(second)


def test_folders_are_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    platform.sync_folder(tmp_path)
    assert len(synced) == 1
