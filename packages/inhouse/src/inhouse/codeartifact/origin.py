"""How a version came into the repository: published inside the domain, or fetched from outside."""

from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from inhouse.codeartifact.interface import VersionOrigin
from inhouse.codeartifact.translation import translated
from inhouse.errors import NotFoundError
from inhouse.project.manifest import Coordinates

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient


def version_origin(
    client: "CodeArtifactClient", coordinates: Coordinates, project: str, version: str
) -> VersionOrigin | None:
    """Ask where a version comes from; None when the repository does not hold it.

    Source: AWS CodeArtifact API reference, DescribePackageVersion. A version that only an upstream offers is not
    described before somebody has fetched it.

    Raises:
        RepositoryError: It is not told.
    """
    try:
        with translated(client.meta.endpoint_url, missing=f"the version {version} of `{project}`"):
            answer = client.describe_package_version(
                domain=coordinates.domain,
                domainOwner=coordinates.owner,
                repository=coordinates.repository,
                format="pypi",
                package=canonicalize_name(project),
                packageVersion=version,
            )
    except NotFoundError:
        return None
    origin = answer["packageVersion"].get("origin", {})
    entry = origin.get("domainEntryPoint", {})
    source = entry.get("externalConnectionName") or entry.get("repositoryName") or ""
    return VersionOrigin(origin.get("originType") == "INTERNAL", source)
