"""What the end-to-end tests share: a running repository, and people's programs without our own configuration."""

import base64
import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
import uv

from pytest_inhouse.server import CodeArtifact

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient

DOMAIN, STORE, LIBRARIES = "acme", "pypi-store", "libraries"


@dataclass(frozen=True, slots=True)
class Account:
    """A repository with the domain and the two repositories that the tests use.

    Attributes:
        endpoint: Of `libraries`; ends in a slash.
        environment: The AWS variables.
    """

    client: "CodeArtifactClient"
    endpoint: str
    environment: Mapping[str, str]

    @property
    def index_url(self) -> str:
        return f"{self.endpoint}simple/"

    def token(self) -> str:
        return self.client.get_authorization_token(domain=DOMAIN)["authorizationToken"]


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs programs in a folder, with a home and an environment that know of nothing but the repository."""

    folder: Path
    environment: Mapping[str, str]

    def run(self, *argv: str | Path, check: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(argument) for argument in argv],
            cwd=self.folder,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout
        return done


@pytest.fixture(scope="session")
def account(codeartifact_server: CodeArtifact) -> Account:
    environment = codeartifact_server.environment
    session = boto3.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_DEFAULT_REGION"],
    )
    client = session.client("codeartifact", endpoint_url=environment["AWS_ENDPOINT_URL_CODEARTIFACT"])
    client.create_domain(domain=DOMAIN)
    client.create_repository(domain=DOMAIN, repository=STORE)
    client.associate_external_connection(domain=DOMAIN, repository=STORE, externalConnection="public:pypi")
    client.create_repository(domain=DOMAIN, repository=LIBRARIES, upstreams=[{"repositoryName": STORE}])
    endpoint = client.get_repository_endpoint(domain=DOMAIN, repository=LIBRARIES, format="pypi")["repositoryEndpoint"]
    return Account(client, endpoint, environment)


@pytest.fixture
def shell(account: Account, tmp_path: Path) -> Shell:
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "AWS_EC2_METADATA_DISABLED": "true",
        **account.environment,
    }
    return Shell(tmp_path, environment)


@pytest.fixture(scope="session")
def client_programs(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment with the AWS CLI, pip and twine, all installed through the repository."""
    folder = tmp_path_factory.mktemp("programs")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_DEFAULT_INDEX": f"acme={account.index_url}",
        "UV_INDEX_ACME_USERNAME": "aws",
        "UV_INDEX_ACME_PASSWORD": account.token(),
    }
    python = folder / "venv" / "bin" / "python"
    steps: Sequence[Sequence[str]] = (
        [uv.find_uv_bin(), "venv", "--python", sys.executable, str(folder / "venv")],
        [uv.find_uv_bin(), "pip", "install", "--python", str(python), "awscli", "pip"],
        [uv.find_uv_bin(), "venv", "--python", sys.executable, str(folder / "twine")],  # its docutils is not the CLI's
        [uv.find_uv_bin(), "pip", "install", "--python", str(folder / "twine" / "bin" / "python"), "twine"],
    )
    for argv in steps:
        subprocess.run(argv, cwd=folder, env=environment, check=True)
    (folder / "venv" / "bin" / "twine").symlink_to(folder / "twine" / "bin" / "twine")
    return folder / "venv" / "bin"


def write_wheel(folder: Path, name: str, version: str, *, body: str = "", requires: Sequence[str] = ()) -> Path:
    """Write a wheel of one module; other `body`, other bytes."""
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    headers = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", "Summary: A library for tests"]
    contents = {
        f"{module}.py": f"VERSION = {version!r}\n{body}",
        f"{info}/METADATA": "\n".join([*headers, *(f"Requires-Dist: {item}" for item in requires), ""]),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{path},sha256={_digest(text)},{len(text.encode())}" for path, text in contents.items()]
    contents[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in contents.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return wheel


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
