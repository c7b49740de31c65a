"""What holds for the repository as a whole: one version, no address of a registry, well-named fragments."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pypi_simple import PYPI_SIMPLE_ENDPOINT

ROOT = Path(__file__).parents[1]
DISTRIBUTIONS = {path.parent.name: tomllib.loads(path.read_text()) for path in ROOT.glob("packages/*/pyproject.toml")}


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def test_four_distributions_have_one_version() -> None:
    assert sorted(DISTRIBUTIONS) == ["inhouse", "inhouse-keyring", "inhouse-server", "pytest-inhouse"]
    assert len({project["project"]["version"] for project in DISTRIBUTIONS.values()}) == 1


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_a_distribution_needs_its_sisters_in_its_own_version(name: str) -> None:
    project = DISTRIBUTIONS[name]["project"]
    optional = [item for items in project.get("optional-dependencies", {}).values() for item in items]
    for requirement in [*project["dependencies"], *optional]:
        if re.match(r"(inhouse|pytest-inhouse)\b", requirement):
            assert requirement.endswith(f"=={project['version']}")


def test_no_file_names_the_address_of_pypi() -> None:
    host = urlsplit(PYPI_SIMPLE_ENDPOINT).hostname
    assert host
    naming = [str(path.relative_to(ROOT)) for path in tracked_files() if host.encode() in path.read_bytes()]
    assert naming == []


@pytest.mark.parametrize("lock", ["dev.txt", "uv.txt", "aws-cli.txt"])
def test_locks_pin_with_hashes_and_name_no_address(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    requirements = re.split(r"\n(?=\S)", text.strip())
    for requirement in requirements:
        assert re.match(r"[a-z0-9.-]+==\S+", requirement), requirement
        assert "--hash=sha256:" in requirement


@pytest.mark.parametrize("path", [path for path in tracked_files() if path.name == "package-lock.json"], ids=str)
def test_locks_of_npm_pin_with_hashes_and_name_no_address(path: Path) -> None:
    """`npm install --package-lock-only --omit-lockfile-registry-resolved` makes them so."""
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)


def requirements_of_everything() -> list[Requirement]:
    needed = [item for project in DISTRIBUTIONS.values() for item in project["project"]["dependencies"]]
    lines = (ROOT / "requirements" / "dev.in").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in [*needed, *lines] if line and not line.startswith("#")]


@pytest.mark.parametrize("requirement", requirements_of_everything(), ids=str)
def test_the_lock_holds_what_the_distributions_and_the_development_need(requirement: Requirement) -> None:
    if requirement.name in DISTRIBUTIONS:
        return
    text = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")
    pinned = re.findall(rf"^{re.escape(canonicalize_name(requirement.name))}==([^ ]+)", text, re.MULTILINE)
    assert pinned, f"{requirement} is not in the lock: run `make requirements`"
    assert all(requirement.specifier.contains(version, prereleases=True) for version in pinned)


def test_fragments_of_the_changelog_are_well_named_and_say_something() -> None:
    types = {
        entry["directory"]
        for entry in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["towncrier"]["type"]
    }
    fragments = [path for path in (ROOT / "changelog.d").iterdir() if path.name != "README.md"]
    assert fragments
    for fragment in fragments:
        name = re.fullmatch(r"(\d+|\+[a-z-]+)\.(?P<type>[a-z]+)\.md", fragment.name)
        assert name, fragment.name
        assert name["type"] in types
        assert fragment.read_text(encoding="utf-8").strip()
