"""What one identity does with the domain of a test."""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, overload

from pytest_inhouse import environment
from pytest_inhouse.aws_hosts import AwsHosts
from pytest_inhouse.aws_names import api_host
from pytest_inhouse.errors import RefusedError, UsageError
from pytest_inhouse.installers import Source, installer_variables, with_credentials, without_installers
from pytest_inhouse.made_wheels import make_wheel
from pytest_inhouse.server import AccessKey, RunningServer
from pytest_inhouse.signed_requests import Api, exchange

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient
    from mypy_boto3_sts import STSClient

INDEX_NAME: Final = "codeartifact"


@dataclass
class Place:
    """The domain of a test, and where it is.

    Attributes:
        folder: For the files of the test's programs; gone after the test.
        aws_hosts: The proxy for AWS's own addresses, where those are used.
        repositories: That the fixture has made.
        opened: Clients to close after the test.
    """

    server: RunningServer
    domain: str
    owner: str
    region: str
    folder: Path
    aws_hosts: AwsHosts | None
    repositories: list[str] = field(default_factory=list)
    opened: list[Any] = field(default_factory=list)

    def choose(self, repository: str | None) -> str:
        """Return the repository that is named, or the only one.

        Raises:
            UsageError: None is named, and there is not one alone.
        """
        if repository is not None:
            return repository
        if len(self.repositories) != 1:
            raise UsageError(
                f"No repository is named, and the test has made {', '.join(self.repositories) or 'none'}.",
                hint='Name one with repository="…"; codeartifact.repository("team") makes one.',
            )
        return self.repositories[0]


@dataclass(frozen=True, slots=True)
class Published:
    """A file that was published."""

    filename: str
    name: str
    version: str
    sha256: str


class Access:
    """What one identity does with the domain of a test."""

    def __init__(self, place: Place, key: AccessKey) -> None:
        self._place = place
        self._key = key
        host = None if place.aws_hosts is None else api_host(place.region)
        self._api = Api(place.server.url, key, place.region, host)

    @property
    def access_key_id(self) -> str:
        """Of the identity's access key."""
        return self._key.id

    @property
    def secret_access_key(self) -> str:
        """Of the identity's access key."""
        return self._key.secret

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which AWS's clients reach the repository as this identity."""
        place = self._place
        where = (
            environment.direct(place.server.url, os.environ) if place.aws_hosts is None else place.aws_hosts.variables
        )
        return {**environment.identity(self._key, place.region, place.folder), **where}

    @overload
    def client(self, service: Literal["codeartifact"] = "codeartifact") -> "CodeArtifactClient": ...

    @overload
    def client(self, service: Literal["sts"]) -> "STSClient": ...

    def client(self, service: str = "codeartifact") -> Any:
        """Return a client of boto3, as `boto3.client` makes it in this environment.

        Raises:
            UsageError: boto3 is not installed.
        """
        try:
            import boto3  # noqa: PLC0415 - not a dependency of ours
        except ImportError as error:
            raise UsageError("boto3 is not installed.", hint="Install it: pip install boto3") from error
        place = self._place
        session: Any = boto3.Session(self._key.id, self._key.secret, region_name=place.region)
        endpoint = place.server.url if place.aws_hosts is None else None
        made = session.client(service, endpoint_url=endpoint)
        place.opened.append(made)
        return made

    def token(self, duration: timedelta | int | None = None) -> str:
        """Return a new authorization token.

        Args:
            duration: Or seconds, from 900 to 43200; None for as long as AWS gives by default, twelve hours.

        Raises:
            RefusedError: The identity may not have one.
        """
        asked = self._domain()
        if duration is not None:
            seconds = duration.total_seconds() if isinstance(duration, timedelta) else duration
            asked["duration"] = str(round(seconds))
        token: str = self._api.call("POST", "/v1/authorization-token", **asked)["authorizationToken"]
        return token

    def endpoint(self, repository: str | None = None) -> str:
        """Return the address of a repository for Python packages; it ends in a slash.

        Args:
            repository: Its name; None for the only one that the test has made.
        """
        asked = {**self._domain(), "repository": self._place.choose(repository), "format": "pypi"}
        endpoint: str = self._api.call("GET", "/v1/repository/endpoint", **asked)["repositoryEndpoint"]
        return endpoint

    def index_url(self, repository: str | None = None, *, token: bool | str = False) -> str:
        """Return the address that installers are given.

        Args:
            repository: Its name; None for the only one that the test has made.
            token: True to have a new token in it, or a token to have in it.
        """
        url = f"{self.endpoint(repository)}simple/"
        if token is False:
            return url
        return with_credentials(url, self.token() if token is True else token)

    def program_environment(self) -> dict[str, str]:
        """Return the whole environment of programs that log in by themselves, as the AWS CLI and keyring do.

        It is this process's, without what package tools are told in it, and with a home of its own.
        """
        place = self._place
        home = place.folder / "home"
        home.mkdir(exist_ok=True)
        base = environment.cleaned(without_installers(os.environ), front=place.aws_hosts is not None)
        return {**base, **environment.at_home(home), **self.environment}

    def installer_environment(
        self,
        tool: str,
        repository: str | None = None,
        *,
        token: str | None = None,
        index_name: str = INDEX_NAME,
    ) -> dict[str, str]:
        """Return the whole environment in which a package tool uses the repository, and nothing else.

        Args:
            tool: pip, uv, twine or poetry.
            repository: Its name; None for the only one that the test has made.
            token: None for a new one.
            index_name: As the project calls the repository that the tool works on.

        Raises:
            UsageError: The tool is not one of these.
        """
        source = Source(self.endpoint(repository), self.token() if token is None else token, index_name)
        return {**self.program_environment(), **installer_variables(tool, source)}

    def publish(
        self,
        package: str | Path,
        version: str = "1.0",
        *,
        repository: str | None = None,
        requires: Sequence[str] = (),
        requires_python: str | None = None,
        files: Mapping[str, str] | None = None,
    ) -> Published:
        """Publish a release, as twine does.

        Args:
            package: A project's name, and a wheel is made as `make_wheel` does; or the path of a wheel or source
                distribution that there is.
            version: Of the wheel that is made, as are `requires`, `requires_python` and `files`.
            repository: Its name; None for the only one that the test has made.

        Raises:
            RefusedError: The identity may not, or the repository has other bytes under that name.
        """
        # Imported here, since everybody's pytest loads this module, and few publish.
        from packaging.utils import parse_sdist_filename, parse_wheel_filename  # noqa: PLC0415

        where = self._place.choose(repository)
        if isinstance(package, Path):
            filename, content = package.name, package.read_bytes()
        else:
            made = make_wheel(package, version, requires=requires, requires_python=requires_python, files=files)
            filename, content = made.filename, made.content
        is_wheel = filename.endswith(".whl")
        name, parsed = parse_wheel_filename(filename)[:2] if is_wheel else parse_sdist_filename(filename)
        published = Published(filename, name, str(parsed), hashlib.sha256(content).hexdigest())
        self._upload(where, published, "bdist_wheel" if is_wheel else "sdist", content)
        return published

    def _upload(self, repository: str, file: Published, filetype: str, content: bytes) -> None:
        place = self._place
        fields = {
            ":action": "file_upload",
            "protocol_version": "1",
            "metadata_version": "2.4",
            "name": file.name,
            "version": file.version,
            "filetype": filetype,
            "pyversion": "py3" if filetype == "bdist_wheel" else "source",
            "sha256_digest": file.sha256,
        }
        boundary = secrets.token_hex(16)
        headers = {
            "Authorization": f"Bearer {self.token()}",
            "Content-Type": f"multipart/form-data; boundary={boundary}",
        }
        path = f"/pypi/d/{place.domain}-{place.owner}/{repository}/"
        answer = exchange(place.server.url, "POST", path, headers, _form(boundary, fields, file.filename, content))
        if answer.status != 200:
            raise RefusedError(
                f"Publishing {file.filename} to {repository}",
                status=answer.status,
                code=answer.error,
                reason=_member(answer.body, "message"),
                hint=_member(answer.body, "hint") or "The message is what twine would have been told.",
            )

    def _domain(self) -> dict[str, str]:
        return {"domain": self._place.domain, "domain_owner": self._place.owner}


class User(Access):
    """A user of the repository with rights of its own.

    Attributes:
        name: Of the user.
    """

    def __init__(self, place: Place, key: AccessKey, name: str) -> None:
        super().__init__(place, key)
        self.name = name

    @property
    def arn(self) -> str:
        """As policies name it."""
        return f"arn:aws:iam::{self._place.owner}:user/{self.name}"


def _form(boundary: str, fields: Mapping[str, str], filename: str, content: bytes) -> bytes:
    disposition = "Content-Disposition: form-data; name="
    parts = [f'--{boundary}\r\n{disposition}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    head = f'--{boundary}\r\n{disposition}"content"; filename="{filename}"\r\n'
    kind = "Content-Type: application/octet-stream\r\n\r\n"
    return b"".join([*parts, f"{head}{kind}".encode(), content, f"\r\n--{boundary}--\r\n".encode()])


def _member(body: bytes, name: str) -> str:
    """Return what the answer says under a name, empty where it does not."""
    try:
        return str(json.loads(body).get(name, ""))
    except ValueError:
        return body.decode(errors="replace").strip() if name == "message" else ""
