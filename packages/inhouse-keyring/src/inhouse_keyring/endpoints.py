"""Which addresses are package repositories that our token is meant for; pure.

A token sent to a stranger is a token lost, so everything that is not surely a repository is left to other keyring
backends. Source of the host names: AWS CodeArtifact user guide (IPv4, dual-stack and FIPS endpoints).
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_AWS_HOST = re.compile(
    r"^[a-z][a-z0-9-]{0,48}[a-z0-9]-\d{12}"
    r"(\.d\.codeartifact(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?|\.codeartifact(-fips)?\.[a-z0-9-]+\.on\.aws)$"
)
_AWS_PATH = re.compile(r"^/pypi/[^/]+(/|$)")
_CUSTOM_PATH = re.compile(r"^/pypi/d/[a-z][a-z0-9-]*-\d{12}/[^/]+(/|$)")


def is_repository(address: str, custom_endpoints: Iterable[str] = ()) -> bool:
    """Say whether `address` is the URL of a CodeArtifact repository for Python packages.

    Args:
        address: What a tool looks a password up for; often a URL, sometimes a bare name.
        custom_endpoints: URLs of the CodeArtifact API elsewhere, for example the embedded repository's; their data
            plane has the same scheme, host and port.
    """
    try:
        url = urlsplit(address)
        host, port = (url.hostname or "").lower(), url.port
    except ValueError:
        return False
    if url.scheme == "https" and port in {None, 443} and _AWS_HOST.match(host) and _AWS_PATH.match(url.path):
        return True
    origin = (url.scheme, host, port)
    return bool(_CUSTOM_PATH.match(url.path)) and any(origin == _origin(endpoint) for endpoint in custom_endpoints)


def _origin(endpoint: str) -> tuple[str, str, int | None] | None:
    try:
        url = urlsplit(endpoint)
        return (url.scheme, (url.hostname or "").lower(), url.port) if url.hostname else None
    except ValueError:
        return None
