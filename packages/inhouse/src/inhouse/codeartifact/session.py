"""The one place that makes boto3 clients.

Credentials, endpoints and proxies are found as botocore documents it: environment, profiles, single sign-on, roles, the
`services` section of a profile. Only the profile is chosen here, and how long to wait.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from inhouse.codeartifact.translation import translated
from inhouse.project.manifest import Coordinates
from inhouse.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient
    from mypy_boto3_sts import STSClient


@dataclass(frozen=True)
class Clients:
    """The clients of the two services that are needed.

    Attributes:
        codeartifact: For tokens and endpoints.
        sts: For who we are.
    """

    codeartifact: "CodeArtifactClient"
    sts: "STSClient"


def make_clients(coordinates: Coordinates, settings: Settings) -> Clients:
    """Make the clients for a repository.

    Raises:
        CredentialsMissingError: The chosen profile does not exist.
    """
    # botocore's own patience (60 seconds to connect, four retries) would leave a person without a word for minutes.
    config = Config(
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        retries={"total_max_attempts": 2, "mode": "standard"},
    )
    profile = settings.profile_for(coordinates.domain, coordinates.owner)
    with translated("", missing=f"the profile `{profile}`"):
        session = boto3.Session(profile_name=profile, region_name=coordinates.region)
        return Clients(
            codeartifact=session.client("codeartifact", config=config), sts=session.client("sts", config=config)
        )


def configured_region(settings: Settings) -> str:
    """Return the region that AWS is configured for: by variables or the profile; empty when none is.

    Raises:
        CredentialsMissingError: The chosen profile does not exist.
    """
    with translated("", missing=f"the profile `{settings.profile}`"):
        return boto3.Session(profile_name=settings.profile).region_name or ""


def client_of(environment: Mapping[str, str]) -> "CodeArtifactClient":
    """Make a client with the keys, region and endpoint in `environment`, whatever our own says.

    Args:
        environment: What `inhouse server env --format json` prints.
    """
    session = boto3.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_DEFAULT_REGION"],
    )
    return session.client("codeartifact", endpoint_url=environment["AWS_ENDPOINT_URL_CODEARTIFACT"])
