"""Authorization tokens: what a program shows to read from and publish to a repository."""

from typing import TYPE_CHECKING

from inhouse.codeartifact.interface import Token
from inhouse.codeartifact.translation import translated
from inhouse.project.manifest import Coordinates

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient


def authorization_token(client: "CodeArtifactClient", coordinates: Coordinates, seconds: int) -> Token:
    """Ask for a token.

    Args:
        client: The client to ask with.
        coordinates: The repository; a token is good for all repositories of the domain.
        seconds: How long it shall work: 900 to 43200, or 0 for as long as the caller's own session.

    Raises:
        RepositoryError: It is not given.
    """
    with translated(client.meta.endpoint_url, missing=f"the domain `{coordinates.domain}` of {coordinates.owner}"):
        answer = client.get_authorization_token(
            domain=coordinates.domain, domainOwner=coordinates.owner, durationSeconds=seconds
        )
    return Token(answer["authorizationToken"], answer["expiration"])
