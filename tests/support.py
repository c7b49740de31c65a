"""What the end-to-end tests use: an account of a repository, a shell without our own configuration, small wheels."""

import base64
import hashlib
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uv

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


def publish_wheel(account: Account, shell: Shell, wheel: Path) -> None:
    """Upload a wheel to `libraries`."""
    argv = (uv.find_uv_bin(), "publish", "--publish-url", account.endpoint, str(wheel))
    shell.run(*argv, UV_PUBLISH_USERNAME="aws", UV_PUBLISH_PASSWORD=account.token())


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
