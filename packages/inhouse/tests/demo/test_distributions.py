import base64
import hashlib
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from inhouse.demo import distributions
from inhouse.errors import ExtensionError


def test_the_four_distributions_are_found() -> None:
    assert [distribution.name for distribution in distributions.installed()] == list(distributions.NAMES)


def test_a_distribution_that_is_not_there_is_named_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributions, "NAMES", ("inhouse", "inhouse-server-of-another-world"))
    assert [distribution.name for distribution in distributions.installed()] == ["inhouse"]
    monkeypatch.setattr(distributions, "_REQUIRED", {"inhouse-server-of-another-world"})
    with pytest.raises(ExtensionError, match="of-another-world") as caught:
        distributions.installed()
    assert "inhouse[server]" in caught.value.hint


def test_an_editable_distribution_is_built_from_its_source() -> None:
    folder = distributions.source_folder(Distribution.from_name("inhouse"))
    assert folder is not None
    assert (folder / "pyproject.toml").is_file()


def test_a_distribution_from_a_wheel_has_no_source() -> None:
    assert distributions.source_folder(Distribution.from_name("click")) is None


class FromAFolder(Distribution):
    """A distribution as pip leaves it behind for `pip install ./folder`, which is not editable."""

    def read_text(self, filename: str) -> str | None:
        return '{"url": "file:///somewhere", "dir_info": {}}' if filename == "direct_url.json" else None

    def locate_file(self, path: object) -> Path:
        return Path(str(path))


def test_an_installation_from_a_folder_is_not_built_from_it() -> None:
    assert distributions.source_folder(FromAFolder()) is None


def test_an_installation_without_a_list_of_files_cannot_be_packed(tmp_path: Path) -> None:
    class Bare(FromAFolder):
        @property
        def name(self) -> str:
            return "bare"

    with pytest.raises(ExtensionError, match="without a list"):
        distributions.repack(Bare(), tmp_path)


def test_a_packed_distribution_holds_the_same_files_and_a_true_record(tmp_path: Path) -> None:
    click = Distribution.from_name("click")
    wheel = distributions.repack(click, tmp_path)
    assert wheel.name == f"click-{click.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        recorded = archive.read(f"click-{click.version}.dist-info/RECORD").decode().splitlines()
        for line in recorded[:-1]:
            path, digest, size = line.rsplit(",", 2)
            content = archive.read(path)
            assert int(size) == len(content)
            padded = digest.removeprefix("sha256=") + "="
            assert base64.urlsafe_b64decode(padded) == hashlib.sha256(content).digest()
    assert "click/__init__.py" in names
    assert len(recorded) == len(names)
    assert not any(name.endswith((".pyc", "INSTALLER", "direct_url.json")) or name.startswith("..") for name in names)


@pytest.mark.slow
def test_a_packed_distribution_can_be_installed(tmp_path: Path) -> None:
    wheel = distributions.repack(Distribution.from_name("click"), tmp_path)
    target = tmp_path / "target"
    pip = [sys.executable, "-m", "pip", "--isolated", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(target), str(wheel)], check=True)
    assert (target / "click" / "__init__.py").is_file()
