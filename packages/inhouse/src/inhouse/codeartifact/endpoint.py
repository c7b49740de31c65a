"""The address of a repository, which is asked for and never put together from parts."""

from typing import TYPE_CHECKING

from inhouse.codeartifact.translation import translated
from inhouse.project.manifest import Coordinates

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient


def repository_endpoint(client: "CodeArtifactClient", coordinates: Coordinates) -> str:
    """Ask for the endpoint of a repository for PyPI's protocols; it ends in `/`.

    Raises:
        RepositoryError: It is not told.
    """
    missing = f"the repository `{coordinates.repository}` of the domain `{coordinates.domain}` of {coordinates.owner}"
    with translated(client.meta.endpoint_url, missing=missing):
        answer = client.get_repository_endpoint(
            domain=coordinates.domain,
            domainOwner=coordinates.owner,
            repository=coordinates.repository,
            format="pypi",
        )
    return answer["repositoryEndpoint"].rstrip("/") + "/"
