"""An embedded repository, as a process, with repositories and packages in which every case of `explain` occurs."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from inhouse.codeartifact.session import client_of
from pytest_inhouse import RunningServer, running

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient
    from mypy_boto3_codeartifact.literals import AllowPublishType, AllowUpstreamType, PackageVersionStatusType

OWNER = "111122223333"
ON_PYPI = (("requests", "2.0"), ("requests", "2.1"), ("acme-taken", "99.0"), ("acme-open", "99.0"), ("patched", "1.0"))


def wheel(name: str, version: str) -> tuple[str, bytes]:
    """Return the name and the bytes of the smallest wheel."""
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, text in {
            f"{module}.py": "",
            f"{info}/METADATA": f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\nRequires-Python: >=3.11\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/RECORD": "",
        }.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return f"{module}-{version}-py3-none-any.whl", content.getvalue()


@dataclass(frozen=True)
class World:
    """A repository with the domain `acme`, in which nobody has done anything yet.

    Attributes:
        server: The process.
        client: Of `admin`.
    """

    server: RunningServer
    client: "CodeArtifactClient"

    def repository(self, name: str, *upstreams: str, public: bool = False) -> None:
        """Make a repository."""
        behind: Any = [{"repositoryName": upstream} for upstream in upstreams]
        self.client.create_repository(domain="acme", repository=name, upstreams=behind)
        if public:
            self.client.associate_external_connection(domain="acme", repository=name, externalConnection="public:pypi")

    def publish(self, repository: str, name: str, *versions: str) -> None:
        """Upload wheels."""
        for version in versions:
            filename, content = wheel(name, version)
            answer = requests.post(
                self.endpoint(repository),
                data={":action": "file_upload", "name": name, "version": version, "filetype": "bdist_wheel"},
                files={"content": (filename, content)},
                auth=("aws", self.token()),
                timeout=10,
            )
            assert answer.status_code == 200, answer.text

    def fetch(self, repository: str, name: str, version: str) -> None:
        """Download a wheel, so that it is kept."""
        url = f"{self.endpoint(repository)}simple/{name}/{version}/{wheel(name, version)[0]}"
        assert requests.get(url, auth=("aws", self.token()), timeout=10).status_code == 200

    def set_status(self, repository: str, name: str, version: str, status: "PackageVersionStatusType") -> None:
        """Give a version another status."""
        answer = self.client.update_package_versions_status(
            domain="acme", repository=repository, format="pypi", package=name, versions=[version], targetStatus=status
        )
        assert not answer["failedVersions"]

    def controls(self, repository: str, name: str, publish: "AllowPublishType", upstream: "AllowUpstreamType") -> None:
        """Set a package's origin controls."""
        self.client.put_package_origin_configuration(
            domain="acme",
            repository=repository,
            format="pypi",
            package=name,
            restrictions={"publish": publish, "upstream": upstream},
        )

    def group(self, pattern: str, restrictions: Mapping[Any, Any], *allowed: tuple[Any, str]) -> None:
        """Make a package group."""
        self.client.create_package_group(domain="acme", packageGroup=pattern)
        self.client.update_package_group_origin_configuration(
            domain="acme",
            packageGroup=pattern,
            restrictions=restrictions,
            addAllowedRepositories=[{"originRestrictionType": gate, "repositoryName": name} for gate, name in allowed],
        )

    def deny(self, repository: str, *actions: str) -> None:
        """Forbid everybody, `admin` included, what would be allowed; nothing is forbidden when nothing is named."""
        if not actions:
            self.client.delete_repository_permissions_policy(domain="acme", repository=repository)
            return
        document = _policy("Deny", [f"codeartifact:{action}" for action in actions])
        self.client.put_repository_permissions_policy(
            domain="acme", repository=repository, policyDocument=json.dumps(document)
        )

    def user(self, name: str, *actions: str, folder: Path) -> dict[str, str]:
        """Make a user who may do some things and nothing else; return the variables of their credentials."""
        policy = folder / f"{name}.json"
        statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}), encoding="utf-8")
        argv = [sys.executable, "-m", "inhouse_server", "user", "add", name, "--policy", str(policy)]
        argv += ["--data-dir", str(self.server.data_dir), "--format", "json"]
        printed = json.loads(subprocess.run(argv, check=True, capture_output=True).stdout)
        return {**self.server.environment, **{key: value for key, value in printed.items() if key.startswith("AWS_")}}

    def endpoint(self, repository: str) -> str:
        """Return a repository's address; it ends in `/`."""
        return self.client.get_repository_endpoint(domain="acme", repository=repository, format="pypi")[
            "repositoryEndpoint"
        ]

    def token(self) -> str:
        """Return a token of `admin`."""
        return self.client.get_authorization_token(domain="acme")["authorizationToken"]


def _policy(effect: str, actions: list[str]) -> dict[str, object]:
    statement = {"Effect": effect, "Principal": "*", "Action": actions, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


@contextmanager
def world(folder: Path, public_pypi: str = "") -> Iterator[World]:
    """Start a repository whose PyPI is a folder with `ON_PYPI`, or something else."""
    if not public_pypi:
        wheels = folder / "pypi"
        wheels.mkdir()
        for name, version in ON_PYPI:
            filename, content = wheel(name, version)
            (wheels / filename).write_bytes(content)
        public_pypi = str(wheels)
    with running(compat="superset", public=public_pypi) as server:
        client = client_of(server.environment)
        client.create_domain(domain="acme")
        yield World(server, client)
