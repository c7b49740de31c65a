"""Saves what came from PyPI during a demo as a folder of files, with which the next one runs without network."""

import hashlib
import shlex
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import requests
from packaging.requirements import Requirement
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)

from inhouse.demo.distributions import NAMES
from inhouse.errors import InhouseError, RepositoryError

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient


_OF_THE_LIBRARY = frozenset(
    {
        *("awscli", "furo", "hatchling", "mypy", "myst-parser"),
        *("pytest", "pytest-cov", "ruff", "sphinx", "towncrier"),
    }
)
"""What the demo's library asks for by name: its groups, what it is built with, and the AWS CLI of the colleague."""


class WheelhouseError(InhouseError):
    """A folder cannot stand in for PyPI."""

    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(
            f"the folder `{folder}` cannot stand in for PyPI: it {problem}",
            hint=f"fill it where there is a network: `inhouse demo --save-wheelhouse {shlex.quote(str(folder))}`",
        )


def check_wheelhouse(folder: Path, needed: Collection[str]) -> None:
    """Check, before anything is done, that a folder holds files of what is needed; not that they fit this machine.

    Args:
        folder: The folder.
        needed: Normalised names.

    Raises:
        WheelhouseError: It does not.
    """
    found = {name for name in (_project(path.name) for path in folder.iterdir()) if name}
    if not found:
        raise WheelhouseError(folder, "holds no wheels")
    missing = sorted(set(needed) - found)
    if missing:
        raise WheelhouseError(folder, f"has nothing of {', '.join(missing)}")


def needed_names(tool: Distribution) -> frozenset[str]:
    """Return what the demo asks PyPI for by name; what that needs in turn, only a resolution could tell.

    inhouse's own distributions are not asked for there: the demo publishes them itself.

    Args:
        tool: The installed distribution of inhouse.
    """
    requirements = map(Requirement, tool.requires or ())
    own = {
        canonicalize_name(requirement.name)
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    }
    return frozenset(own - set(NAMES)) | _OF_THE_LIBRARY


def _project(filename: str) -> str:
    try:
        if filename.endswith(".whl"):
            return parse_wheel_filename(filename)[0]
        return parse_sdist_filename(filename)[0]
    except (InvalidWheelFilename, InvalidSdistFilename):
        return ""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a public release whose bytes the repository holds."""

    project: str
    version: str
    filename: str
    sha256: str

    @property
    def path(self) -> str:
        """Where it is below a repository's endpoint."""
        return "/".join(["simple", self.project, quote(self.version, safe=""), quote(self.filename, safe="")])


def kept_files(client: "CodeArtifactClient", domain: str, repository: str) -> Iterator[KeptFile]:
    """Yield the files of `repository` whose bytes it holds.

    A release's files are all recorded when the first of them is fetched, with the one digest that the public listing
    gives; the others are known once the bytes are here. So a file with a SHA-512 is one that was fetched.
    """
    for project, version in _versions(client, domain, repository):
        pages = client.get_paginator("list_package_version_assets").paginate(
            domain=domain, repository=repository, format="pypi", package=project, packageVersion=version
        )
        for asset in (asset for page in pages for asset in page["assets"]):
            digests = asset.get("hashes", {})
            if "SHA-512" in digests:
                yield KeptFile(project, version, asset["name"], digests["SHA-256"])


def save(client: "CodeArtifactClient", domain: str, repository: str, folder: Path) -> int:
    """Write the files of `repository` whose bytes it holds into `folder`, and return how many there are.

    Raises:
        RepositoryError: What the repository serves is not what it lists.
    """
    endpoint = client.get_repository_endpoint(domain=domain, repository=repository, format="pypi")["repositoryEndpoint"]
    token = client.get_authorization_token(domain=domain, durationSeconds=900)["authorizationToken"]
    folder.mkdir(parents=True, exist_ok=True)
    saved = 0
    with requests.Session() as session:
        session.auth = ("aws", token)
        for file in kept_files(client, domain, repository):
            answer = session.get(endpoint + file.path, timeout=60)
            if hashlib.sha256(answer.content).hexdigest() != file.sha256:
                raise RepositoryError(
                    f"{file.filename} is not what the repository lists (it answered {answer.status_code})",
                    hint="look at the repository's log",
                )
            (folder / file.filename).write_bytes(answer.content)
            saved += 1
    return saved


def _versions(client: "CodeArtifactClient", domain: str, repository: str) -> Iterator[tuple[str, str]]:
    packages = client.get_paginator("list_packages").paginate(domain=domain, repository=repository, format="pypi")
    for project in (package["package"] for page in packages for package in page["packages"]):
        versions = client.get_paginator("list_package_versions").paginate(
            domain=domain, repository=repository, format="pypi", package=project
        )
        for version in (version["version"] for page in versions for version in page["versions"]):
            yield project, version
