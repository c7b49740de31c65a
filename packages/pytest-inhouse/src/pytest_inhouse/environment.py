"""Which variables lead AWS's clients to the repository, and which would lead them elsewhere."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from pytest_inhouse.server import AccessKey

_LOCAL: Final = "127.0.0.1,localhost"
_PROXIES: Final = ("HTTPS_PROXY", "HTTP_PROXY")
_BUNDLES: Final = (
    "AWS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "PIP_CERT",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "TWINE_CERT",
)
_PAST_THE_FRONT: Final = ("ALL_PROXY", "PIP_PROXY", "SSL_CERT_DIR")
"""What would take clients past the front, or let them trust more than its authority."""


def identity(key: AccessKey, region: str, folder: Path) -> dict[str, str]:
    """Return who asks, and that no file of the user's is to be read or written.

    Args:
        folder: For the files of AWS's tools, which need not exist.
    """
    return {
        "AWS_ACCESS_KEY_ID": key.id,
        "AWS_SECRET_ACCESS_KEY": key.secret,
        # boto3 reads the first; the SDKs for other languages read only the second.
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_CONFIG_FILE": str(folder / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def direct(url: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return where the repository is, and that no proxy is asked for it."""
    exempt = environ.get("no_proxy") or environ.get("NO_PROXY") or _LOCAL
    return {
        "AWS_ENDPOINT_URL_CODEARTIFACT": url,
        "AWS_ENDPOINT_URL_STS": url,
        **dict.fromkeys(("NO_PROXY", "no_proxy"), exempt if exempt.endswith(_LOCAL) else f"{exempt},{_LOCAL}"),
    }


def through_front(proxy: str, authority: Path) -> dict[str, str]:
    """Return that AWS is reached through a proxy, and whose certificates are believed: no others."""
    proxies = [spelling for name in _PROXIES for spelling in (name, name.lower())]
    return {
        **dict.fromkeys(proxies, proxy),
        **dict.fromkeys(("NO_PROXY", "no_proxy"), _LOCAL),
        **dict.fromkeys(_BUNDLES, str(authority)),
    }


def stale(names: Iterable[str], *, front: bool) -> list[str]:
    """Return which of an environment's variables have to go.

    Args:
        names: Of the variables.
        front: Whether AWS's own addresses are used.
    """
    past = _PAST_THE_FRONT if front else ()
    return [name for name in names if name.startswith("AWS_") or name.upper() in past]


def cleaned(environ: Mapping[str, str], *, front: bool) -> dict[str, str]:
    """Return an environment without what is stale."""
    gone = set(stale(environ, front=front))
    return {name: value for name, value in environ.items() if name not in gone}


def at_home(home: Path) -> dict[str, str]:
    """Return where programs find and leave their files: in a home that nobody has used."""
    return {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "APPDATA": str(home / "AppData" / "Roaming"),
        "LOCALAPPDATA": str(home / "AppData" / "Local"),
        "NETRC": os.devnull,
    }
