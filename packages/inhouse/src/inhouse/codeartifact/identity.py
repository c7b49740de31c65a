"""Who asks, in the eyes of AWS."""

from typing import TYPE_CHECKING

from inhouse.codeartifact.interface import Identity
from inhouse.codeartifact.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient


def caller_identity(client: "STSClient") -> Identity:
    """Ask who we are.

    Raises:
        RepositoryError: Nobody tells.
    """
    with translated(client.meta.endpoint_url, missing="the caller"):
        answer = client.get_caller_identity()
    return Identity(answer["Account"], answer["Arn"])
