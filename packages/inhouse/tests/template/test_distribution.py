"""The template travels with inhouse, whole, however inhouse is installed."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import uv

from inhouse.errors import TemplateError
from inhouse.template import find_template

PACKAGE = Path(__file__).parents[2]


def whole_template() -> dict[str, bytes]:
    root = find_template()
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_in_a_checkout_it_is_at_the_top_of_the_repository() -> None:
    assert find_template() == PACKAGE.parents[1] / "template"


def test_installed_it_is_inside_the_package(tmp_path: Path) -> None:
    installed = tmp_path / "inhouse" / "_template"
    installed.mkdir(parents=True)
    (installed / "copier.yml").touch()

    assert find_template(tmp_path / "inhouse") == installed


@pytest.mark.parametrize("package", ["inhouse", "a/b/c/d/inhouse"])
def test_an_incomplete_installation_is_told(package: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="missing from this installation") as raised:
        find_template(tmp_path / package)
    with pytest.raises(TemplateError):
        find_template(Path("/inhouse"))

    assert "install inhouse again" in raised.value.hint


@pytest.mark.slow
def test_the_wheel_and_the_sdist_carry_it_whole(tmp_path: Path) -> None:
    # uv builds the wheel from the sdist, as whoever gets only the sdist; then another one from the checkout. hatchling
    # is in the environment of the tests, so no index is asked.
    environment = {**os.environ, "VIRTUAL_ENV": sys.prefix, "UV_OFFLINE": "1", "UV_NO_CONFIG": "1"}
    build = [uv.find_uv_bin(), "build", "--quiet", "--no-build-isolation", "--python", sys.executable, str(PACKAGE)]
    subprocess.run([*build, "--out-dir", str(tmp_path / "both")], check=True, env=environment)
    subprocess.run([*build, "--wheel", "--out-dir", str(tmp_path / "wheel")], check=True, env=environment)

    (sdist,) = (tmp_path / "both").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        inside_root = (name.partition("/")[2] for name in archive.getnames())
        packed = {name.removeprefix("template/") for name in inside_root if name.startswith("template/")}
    assert packed == set(whole_template())
    (from_sdist,) = (tmp_path / "both").glob("*.whl")
    (from_checkout,) = (tmp_path / "wheel").glob("*.whl")
    for wheel in (from_sdist, from_checkout):
        with zipfile.ZipFile(wheel) as contents:
            inside = {
                name.removeprefix("inhouse/_template/"): contents.read(name)
                for name in contents.namelist()
                if name.startswith("inhouse/_template/")
            }
        assert inside == whole_template(), wheel
