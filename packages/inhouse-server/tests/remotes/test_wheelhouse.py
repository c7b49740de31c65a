import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from made_distributions import make_sdist, make_wheel, metadata_text, sdist_name, wheel_name
from packaging.utils import NormalizedName

from inhouse_server.model import File
from inhouse_server.remotes import Wheelhouse

PROJECT = NormalizedName("acme-core")


def listed(folder: Path, project: str = PROJECT) -> list[File]:
    return [f for found in Wheelhouse(folder).list_files(NormalizedName(project)).by_version.values() for f in found]


def test_a_wheel_says_what_its_metadata_says(tmp_path: Path) -> None:
    (tmp_path / wheel_name()).write_bytes(make_wheel())
    os.utime(tmp_path / wheel_name(), (1_600_000_000, 1_600_000_000))
    (file,) = listed(tmp_path)
    assert file.requires_python == ">=3.11"
    assert file.upload_time == datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)
    assert file.size == len(make_wheel())
    assert file.url == (tmp_path / wheel_name()).resolve().as_uri()


def test_what_is_no_distribution_is_not_listed(tmp_path: Path) -> None:
    for name in ("README.txt", wheel_name("other"), "acme_core-not.a.version.tar.gz", "acme_core.whl"):
        (tmp_path / name).write_bytes(make_wheel("other"))
    (tmp_path / "folder").mkdir()
    assert listed(tmp_path) == []


def test_a_wheel_that_is_still_being_copied_appears_when_it_is_whole(tmp_path: Path) -> None:
    content, path = make_wheel(), tmp_path / wheel_name()
    wheelhouse = Wheelhouse(tmp_path)
    path.write_bytes(content[: len(content) // 2])
    assert wheelhouse.list_files(PROJECT).by_version == {}
    path.write_bytes(content)
    assert set(wheelhouse.list_files(PROJECT).by_version) == {"1"}


def test_a_file_that_changes_is_read_anew(tmp_path: Path) -> None:
    wheelhouse, path = Wheelhouse(tmp_path), tmp_path / wheel_name()
    path.write_bytes(make_wheel())
    (before,) = wheelhouse.list_files(PROJECT).by_version["1"]
    path.write_bytes(make_wheel(code="x = 1"))
    (after,) = wheelhouse.list_files(PROJECT).by_version["1"]
    assert before.digests != after.digests


def test_a_file_is_hashed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / wheel_name()).write_bytes(make_wheel())
    wheelhouse = Wheelhouse(tmp_path)
    first = wheelhouse.list_files(PROJECT)
    monkeypatch.setattr("hashlib.sha256", None)
    assert wheelhouse.list_files(PROJECT) == first


def test_an_old_source_distribution_without_metadata_is_listed(tmp_path: Path) -> None:
    (tmp_path / sdist_name()).write_bytes(b"an archive from before PKG-INFO")
    (file,) = listed(tmp_path)
    assert (file.requires_python, file.metadata_sha256) == (None, None)


def test_metadata_of_a_source_distribution_is_not_offered(tmp_path: Path) -> None:
    (tmp_path / sdist_name()).write_bytes(make_sdist(metadata=metadata_text(requires_python="<4")))
    (file,) = listed(tmp_path)
    assert (file.requires_python, file.metadata_sha256) == ("<4", None)


def test_a_file_that_goes_while_the_folder_is_read_is_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / wheel_name()
    path.write_bytes(make_wheel())
    for method in ("stat", "open"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, method, _gone)
            assert listed(tmp_path) == []


def _gone(*_: object, **__: object) -> None:
    raise FileNotFoundError
