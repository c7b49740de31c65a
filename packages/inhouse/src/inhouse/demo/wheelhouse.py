"""Saves what came from PyPI during a demo as a folder of files, with which the next one runs without network."""

import base64
import hashlib
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a public release whose bytes the repository holds."""

    project: str
    version: str
    filename: str
    sha256: str


def kept_files(client: "CodeArtifactClient", domain: str, repository: str) -> Iterator[KeptFile]:
    """Yield the files of `repository` whose bytes it holds.

    A release's files are all recorded when the first of them is fetched, with the one digest that the public listing
    gives; the others are known once the bytes are here. So a file with a SHA-512 is one that was fetched.
    """
    for packages in client.get_paginator("list_packages").paginate(domain=domain, repository=repository, format="pypi"):
        for package in packages["packages"]:
            name = package["package"]
            for versions in client.get_paginator("list_package_versions").paginate(
                domain=domain, repository=repository, format="pypi", package=name
            ):
                for version in versions["versions"]:
                    for assets in client.get_paginator("list_package_version_assets").paginate(
                        domain=domain,
                        repository=repository,
                        format="pypi",
                        package=name,
                        packageVersion=version["version"],
                    ):
                        for asset in assets["assets"]:
                            digests = asset.get("hashes", {})
                            if "SHA-512" in digests:
                                yield KeptFile(name, version["version"], asset["name"], digests["SHA-256"])


def save(client: "CodeArtifactClient", domain: str, repository: str, folder: Path) -> int:
    """Write the files of `repository` whose bytes it holds into `folder`, and return how many there are."""
    endpoint = client.get_repository_endpoint(domain=domain, repository=repository, format="pypi")["repositoryEndpoint"]
    token = client.get_authorization_token(domain=domain, durationSeconds=900)["authorizationToken"]
    credentials = base64.b64encode(f"aws:{token}".encode()).decode("ascii")
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    for number, file in enumerate(kept_files(client, domain, repository), start=1):  # noqa: B007 - counted for the answer
        url = f"{endpoint}simple/{file.project}/{quote(file.version)}/{quote(file.filename)}"
        request = urllib.request.Request(url, headers={"Authorization": f"Basic {credentials}"})  # noqa: S310 - our own server
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
            content = answer.read()
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise ValueError(f"{file.filename} is not what the repository lists")
        (folder / file.filename).write_bytes(content)
    return number
