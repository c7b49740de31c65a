"""Addresses of repositories: how AWS builds them, and what an address tells of the repository behind it.

An endpoint is a repository's address for Python packages; it ends in `/`. Its index lies below it, in `simple/`, and
the files in `simple/<name>/<version>/`, on AWS and in the embedded repository alike: so an address anywhere in a
project is moved by exchanging the endpoint at its beginning.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from inhouse.project.manifest import Coordinates

__all__ = ["Address", "aws_endpoint", "endpoint_of", "read_address", "without_user"]


def aws_endpoint(coordinates: Coordinates, *, dualstack: bool = False) -> str:
    """Return the address that AWS gives a repository for Python packages.

    Args:
        coordinates: The repository.
        dualstack: The address that is reached over IPv6 too.

    Raises:
        ValueError: Nobody has said what that address is like in the partition.

    Source: AWS CodeArtifact user guide, "Configure and use twine with CodeArtifact"; the suffixes are those of
    botocore's partitions.
    """
    realm = f"{coordinates.domain}-{coordinates.owner}"
    is_china = coordinates.region.startswith("cn-")
    if dualstack:
        if is_china:
            raise ValueError(f"AWS names no dual-stack address in the region {coordinates.region}")
        host = f"{realm}.codeartifact.{coordinates.region}.on.aws"
    else:
        host = f"{realm}.d.codeartifact.{coordinates.region}.amazonaws.com{'.cn' if is_china else ''}"
    return f"https://{host}/pypi/{coordinates.repository}/"


def endpoint_of(url: str) -> str:
    """Return the endpoint that is meant by an address, be it the endpoint's own or its index's, slash or none.

    Raises:
        ValueError: It is no such address, or holds a user or password, which no file of a project may.
    """
    address = urlsplit(url)
    _ = address.port  # said to be wrong only now
    if address.scheme not in {"http", "https"} or not address.hostname or not re.fullmatch(r"[!-~]+", url):
        raise ValueError(f"`{url}` is not an address; it must begin with http:// or https://")
    if address.username is not None or address.query or address.fragment or re.search(r"[\"'\\]", url):
        raise ValueError("an address has no user, password, query, fragment or quotes")
    return url.rstrip("/").removesuffix("/simple").rstrip("/") + "/"


def without_user(url: str) -> str:
    """Return an address without user and password, fit to be shown."""
    address = urlsplit(url)
    return urlunsplit(address._replace(netloc=address.netloc.rpartition("@")[2]))


@dataclass(frozen=True)
class Address:
    """What an endpoint tells.

    Attributes:
        domain: The domain.
        owner: The account that owns it.
        repository: The repository.
        region: The region; "" when it does not tell.
    """

    domain: str
    owner: str
    repository: str
    region: str


_REALM: Final = re.compile(r"([a-z][a-z0-9-]*)-([0-9]{12})")

_REGION: Final = re.compile(r"\.codeartifact(?:-fips)?\.([a-z0-9-]+)\.")


def read_address(endpoint: str) -> Address | None:
    """Return what an endpoint tells; None when it does not tell domain, owner and repository."""
    address = urlsplit(endpoint)
    host = address.hostname or ""
    *path, repository = [segment for segment in address.path.split("/") if segment] or [""]
    realm = next(filter(None, map(_REALM.fullmatch, [host.split(".")[0], *reversed(path)])), None)
    region = _REGION.search(host)
    return Address(realm[1], realm[2], repository, region[1] if region else "") if realm and repository else None
