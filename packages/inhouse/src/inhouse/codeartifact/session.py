"""The one place that makes boto3 clients.

Credentials, endpoints and proxies are found as botocore documents it: environment, profiles, single sign-on, roles, the
`services` section of a profile. Only the profile is chosen here, and how long to wait.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from inhouse.codeartifact.capabilities import CapabilitiesDoor
from inhouse.codeartifact.translation import translated
from inhouse.errors import SettingError
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
        door: For what the repository does beyond AWS.
    """

    codeartifact: "CodeArtifactClient"
    sts: "STSClient"
    door: CapabilitiesDoor


def make_clients(coordinates: Coordinates, settings: Settings, service: str | None = None) -> Clients:
    """Make the clients for a repository.

    Args:
        coordinates: Which one.
        settings: How to get there.
        service: The address of the repository service; None leaves it to AWS's own configuration.

    Raises:
        CredentialsMissingError: The chosen profile does not exist.
        SettingError: An address or another value of AWS's own configuration cannot be used.
    """
    # botocore's own patience (60 seconds to connect, four retries) would leave a person without a word for minutes.
    config = Config(
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        retries={"total_max_attempts": 2, "mode": "standard"},
    )
    profile = settings.profile_for(coordinates.domain, coordinates.owner)
    try:
        with translated("", missing=f"the profile `{profile}`"):
            session = boto3.Session(profile_name=profile, region_name=coordinates.region)
            address = service or settings.endpoint_for(coordinates.domain, coordinates.owner)
            codeartifact = session.client("codeartifact", config=config, endpoint_url=address)
            endpoint, region = codeartifact.meta.endpoint_url, codeartifact.meta.region_name
            timeout = (settings.connect_timeout, settings.read_timeout)
            clients = Clients(
                codeartifact=codeartifact,
                sts=session.client("sts", config=config),
                door=CapabilitiesDoor(
                    endpoint,
                    region,
                    session.get_credentials,
                    timeout,
                    verify=settings.environment.get("AWS_CA_BUNDLE") or True,
                ),
            )
        for client in (clients.codeartifact, clients.sts):
            _ = urlsplit(client.meta.endpoint_url).port  # looked at by botocore only when it is about to connect
    except ValueError as error:
        # What botocore says of an address: which one it is, it does not say.
        raise _unusable_address(settings, error) from error
    return clients


_ADDRESSES: Final = ("AWS_ENDPOINT_URL_CODEARTIFACT", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL")


def _unusable_address(settings: Settings, error: ValueError) -> SettingError:
    said = {name: settings.environment[name] for name in _ADDRESSES if settings.environment.get(name)}
    for name, address in said.items():
        if not is_address(address):
            hint = f"it must be like http://127.0.0.1:8080, with nothing behind; or `unset {name}`"
            return SettingError(name, f"the variable {name}", f"`{address}` is not an address", hint=hint)
    where = "AWS's configuration: a variable that begins with AWS_, or the profile"
    hint = "look at `env | grep ^AWS_` and at `endpoint_url` in the file of profiles (AWS_CONFIG_FILE)"
    return SettingError("AWS", where, str(error), hint=hint)


def is_address(text: str) -> bool:
    """Say whether a text is the address of a service: a scheme, a host, perhaps a port, and nothing odd in them."""
    try:
        address = urlsplit(text)
        _ = address.port
    except ValueError:
        return False
    return address.scheme in {"http", "https"} and re.fullmatch(r"[^\s/]+", address.netloc) is not None


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
