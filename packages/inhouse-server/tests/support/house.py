"""A domain of a running server, as its users see it: the API through boto3, the data plane through HTTP."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import urllib3
from made_distributions import make_wheel, metadata_text, wheel_name
from urllib3 import BaseHTTPResponse

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient

ACCOUNT = "111122223333"
_HTTP = urllib3.PoolManager(retries=False)


@dataclass
class House:
    """A domain.

    Attributes:
        url: Of the server.
        api: Its answers are held against botocore's validator.
        domain: The domain's name.
        public: The folder that stands for the public source.
    """

    url: str
    api: "CodeArtifactClient"
    domain: str
    public: Path

    def repository(self, name: str, *upstreams: str, connected: bool = False) -> str:
        """Make a repository and return its name."""
        self.api.create_repository(
            domain=self.domain, repository=name, upstreams=[{"repositoryName": each} for each in upstreams]
        )
        if connected:
            self.api.associate_external_connection(
                domain=self.domain, repository=name, externalConnection="public:pypi"
            )
        return name

    def release(self, project: str, version: str) -> bytes:
        """Publish a wheel at the public source and return its bytes, which no other domain has."""
        content = make_wheel(project, version, code=f"for_domain = {self.domain!r}")
        (self.public / wheel_name(project, version)).write_bytes(content)
        return content

    def upload(
        self,
        repository: str,
        project: str,
        version: str,
        *,
        code: str = "",
        description: str = "",
        requires_dist: Sequence[str] = (),
    ) -> BaseHTTPResponse:
        """Upload a wheel."""
        metadata = metadata_text(project, version, description=description, requires_dist=requires_dist)
        content = make_wheel(project, version, code=code, metadata=metadata)
        fields = {
            ":action": "file_upload",
            "protocol_version": "1",
            "name": project,
            "version": version,
            "filetype": "bdist_wheel",
            "sha256_digest": hashlib.sha256(content).hexdigest(),
            "content": (wheel_name(project, version), content),
        }
        return self.ask("POST", f"{self.root(repository)}/", fields=fields)

    def published(self, repository: str, project: str, *versions: str) -> None:
        """Upload wheels, all of which are accepted."""
        for version in versions:
            assert self.upload(repository, project, version).status == 200

    def page(self, repository: str, project: str) -> list[str]:
        """Return the file names that a project page lists; none where there is no page."""
        accept = {"Accept": "application/vnd.pypi.simple.v1+json"}
        answer = self.ask("GET", f"{self.root(repository)}/simple/{project}/", headers=accept)
        if answer.status == 404:
            return []
        assert answer.status == 200, answer.data
        return [file["filename"] for file in json.loads(answer.data)["files"]]

    def get(self, repository: str, project: str, version: str) -> BaseHTTPResponse:
        """Download a wheel."""
        path = f"{self.root(repository)}/simple/{project}/{version}/{wheel_name(project, version)}"
        return self.ask("GET", path)

    def named(self, repository: str, project: str, package_format: str = "pypi") -> dict[str, Any]:
        """Return the parameters that name a package."""
        return {"domain": self.domain, "repository": repository, "format": package_format, "package": project}

    def versions(self, repository: str, project: str) -> dict[str, str]:
        """Return the status of each version that a repository itself holds; none where it has no such package."""
        try:
            answer = self.api.list_package_versions(**self.named(repository, project))
        except self.api.exceptions.ResourceNotFoundException:
            return {}
        return {each["version"]: each["status"] for each in answer["versions"]}

    def describe(self, repository: str, project: str, version: str, package_format: str = "pypi") -> dict[str, Any]:
        """Return the description of a version."""
        answer = self.api.describe_package_version(
            **self.named(repository, project, package_format), packageVersion=version
        )
        return dict(answer["packageVersion"])

    def set_status(self, repository: str, project: str, status: str, *versions: str) -> None:
        """Give versions a status, which succeeds."""
        answer = self.api.update_package_versions_status(
            **self.named(repository, project), versions=list(versions), targetStatus=cast("Any", status)
        )
        assert answer["failedVersions"] == {}

    def controls(self, repository: str, project: str) -> tuple[str, str]:
        """Return a package's origin controls, (publish, upstream)."""
        answer = self.api.describe_package(**self.named(repository, project))
        restrictions = answer["package"]["originConfiguration"]["restrictions"]
        return restrictions["publish"], restrictions["upstream"]

    def control(self, repository: str, project: str, publish: str, upstream: str) -> None:
        """Set a package's origin controls."""
        answer = self.api.put_package_origin_configuration(
            **self.named(repository, project), restrictions=cast("Any", {"publish": publish, "upstream": upstream})
        )
        assert answer["originConfiguration"]["restrictions"] == {"publish": publish, "upstream": upstream}

    def bytes_held(self) -> int:
        """Return how many bytes the domain says its assets have."""
        return self.api.describe_domain(domain=self.domain)["domain"]["assetSizeBytes"]

    def root(self, repository: str) -> str:
        """Return a repository's address on the data plane."""
        return f"{self.url}/pypi/d/{self.domain}-{ACCOUNT}/{repository}"

    def ask(self, method: str, address: str, **how: Any) -> BaseHTTPResponse:  # noqa: ANN401 - urllib3's own
        """Send a request to the data plane with a token."""
        token = how.pop("token", None) or self.api.get_authorization_token(domain=self.domain)["authorizationToken"]
        headers = {**how.pop("headers", {}), **urllib3.make_headers(basic_auth=f"aws:{token}")}
        return _HTTP.request(method, address, headers=headers, **how)
