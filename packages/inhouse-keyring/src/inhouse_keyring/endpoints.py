"""Which addresses are package repositories that a token is meant for, and where their API is; pure.

A token sent to a stranger is a token lost, so everything that is not surely a repository is left to other keyring
backends. Source of the host names: AWS CodeArtifact user guide (IPv4, dual-stack, FIPS and VPC endpoints), and
botocore's rules for the service's endpoints.

Regular expressions and `urllib` are not used: importing them takes longer than everything that is done here.
"""

from __future__ import annotations

from inhouse_keyring.errors import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_DIGITS = frozenset("0123456789")
_HOST = _LETTERS | _DIGITS | {"-"}
_REPOSITORY = _HOST | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ._")
_DEFAULT_PORTS = {"http": 80, "https": 443}

_SUFFIXES = (
    ("cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "on.amazonwebservices.com.cn"),
    ("eusc-", "amazonaws.eu", "api.amazonwebservices.eu", "on.amazonwebservices.eu"),
    ("", "amazonaws.com", "api.aws", "on.aws"),
)
"""Partitions, by what the names of their regions begin with: suffix, that of APIs with IPv6, that of repositories."""


class Address:
    """An address, taken apart.

    Attributes:
        scheme: `http` or `https`.
        host: In small letters; an IPv6 address without its brackets.
        port: The port, the scheme's own one if none is named.
        path: From the first `/` on, without query and fragment; may be empty.
    """

    __slots__ = ("host", "path", "port", "scheme")

    def __init__(self, scheme: str, host: str, port: int, path: str) -> None:
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path

    @property
    def origin(self) -> tuple[str, str, int]:
        """What must be the same for a token to be sent."""
        return (self.scheme, self.host, self.port)


class Location:
    """A repository for Python packages.

    Attributes:
        domain: Its domain.
        owner: The account that owns the domain, 12 digits.
        repository: Its name.
        region: The region that the address names; empty where it names none.
        endpoint: The API that gives tokens for it; empty where the address does not tell.
    """

    __slots__ = ("domain", "endpoint", "owner", "region", "repository")

    def __init__(self, domain: str, owner: str, repository: str, region: str, endpoint: str) -> None:
        self.domain = domain
        self.owner = owner
        self.repository = repository
        self.region = region
        self.endpoint = endpoint


def parse_address(text: str) -> Address | None:
    """Take an address apart; None if it is none of HTTP, or one that programs could read in two ways."""
    if not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        return None
    scheme, found, rest = text.partition("://")
    scheme = scheme.lower()
    if not found or scheme not in _DEFAULT_PORTS:
        return None
    rest = rest.partition("#")[0].partition("?")[0]
    authority, slash, path = rest.partition("/")
    host = authority.rpartition("@")[2]
    port = ""
    brackets = (1, 1) if host.startswith("[") else (0, 0)
    if (authority.count("["), authority.count("]")) != brackets:
        return None
    if host.startswith("["):
        host, bracket, after = host[1:].partition("]")
        if not bracket or ":" not in host or (after and not after.startswith(":")):
            return None
        port = after[1:]
    elif ":" in host:
        host, _, port = host.partition(":")
    if not host or (port and not (port.isdigit() and 0 < int(port[:6]) < 65536)):
        return None
    return Address(scheme, host.lower(), int(port) if port else _DEFAULT_PORTS[scheme], slash + path)


def aws_repository(text: str) -> Location | None:
    """Return the repository of AWS behind an address; None if it is none.

    Args:
        text: What a tool looks a password up for; often a URL, sometimes a bare name.
    """
    address = parse_address(text)
    if address is None or address.scheme != "https" or address.port != 443:
        return None
    labels = address.host.split(".")
    place = _aws_place(labels)
    if place is None:
        return None
    region, service, kind = place
    parts = address.path.split("/")
    if kind == "vpce":
        named = _path_form(parts)
    elif len(parts) > 2 and parts[1] == "pypi" and _is_repository_name(parts[2]):
        domain = domain_and_owner(labels[0])
        named = (*domain, parts[2]) if domain else None
    else:
        named = None
    if named is None:
        return None
    endpoint = api_endpoint(region, fips=service.endswith("-fips"), dual_stack=kind == "dual-stack")
    return Location(*named, region, endpoint)


def custom_repository(text: str) -> Location | None:
    """Return the repository that the path form names in an address of any host; None if it names none.

    Whether the address's origin is one that may be trusted is not looked at: see `serves`.
    """
    address = parse_address(text)
    if address is None or "/pypi/d/" not in address.path:
        return None
    named = _path_form(address.path[address.path.index("/pypi/d/") :].split("/"))
    return Location(*named, "", "") if named else None


def serves(endpoint: str, text: str) -> bool:
    """Say whether an address belongs to the data plane beside the API at `endpoint`: same origin, path below it."""
    api, address = parse_address(endpoint), parse_address(text)
    if api is None or address is None or api.origin != address.origin:
        return False
    return address.path.startswith(api.path.rstrip("/") + "/pypi/d/")


def is_repository(text: str, custom_endpoints: Iterable[str] = ()) -> bool:
    """Say whether an address is the URL of a CodeArtifact repository for Python packages.

    Args:
        text: What a tool looks a password up for.
        custom_endpoints: URLs of the CodeArtifact API elsewhere, for example the embedded repository's; their data
            plane has the same scheme, host and port.
    """
    if aws_repository(text) is not None:
        return True
    return custom_repository(text) is not None and any(serves(endpoint, text) for endpoint in custom_endpoints)


def api_endpoint(region: str, *, fips: bool = False, dual_stack: bool = False, service: str = "codeartifact") -> str:
    """Return the URL of a service's API in a region of AWS.

    Raises:
        ConfigurationError: The region is none: what else stands there could name a stranger's host.
    """
    if not is_region(region):
        hint = "regions are named like eu-west-1; look at --region, [tool.inhouse], AWS_DEFAULT_REGION and the profile"
        raise ConfigurationError(
            "region",
            "the command line, the project, a variable or a profile",
            f"{region!r} is not the name of a region",
            hint=hint,
        )
    _, ipv4, with_ipv6, _ = _partition(region)
    suffix = with_ipv6 if dual_stack else ipv4
    return f"https://{service}{'-fips' if fips else ''}.{region}.{suffix}"


def is_region(text: str) -> bool:
    """Say whether a text has the form of a region's name, such as `eu-west-1` or `us-gov-west-1`.

    It becomes part of the name of the host that credentials are shown to, so that nothing else may stand there.
    """
    *words, number = text.split("-")
    return (
        2 <= len(words) <= 4
        and 1 <= len(number) <= 2
        and _DIGITS.issuperset(number)
        and all(1 < len(word) <= 12 and _LETTERS.issuperset(word) for word in words)
    )


def is_domain(text: str) -> bool:
    """Say whether a text has the form of a domain's name."""
    return domain_and_owner(f"{text}-000000000000") is not None


def is_owner(text: str) -> bool:
    """Say whether a text has the form of an account."""
    return len(text) == 12 and _DIGITS.issuperset(text)


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine by its very name."""
    return host in {"localhost", "::1"} or (host.startswith("127.") and host.replace(".", "").isdigit())


def domain_and_owner(text: str) -> tuple[str, str] | None:
    """Take `<domain>-<owner>` apart; None if it is no such name.

    Source: AWS CodeArtifact API reference: a domain's name has 2 to 50 characters.
    """
    domain, hyphen, owner = text.rpartition("-")
    if not hyphen or len(owner) != 12 or not _DIGITS.issuperset(owner) or not 2 <= len(domain) <= 50:
        return None
    if domain[0] not in _LETTERS or domain[-1] == "-" or not _HOST.issuperset(domain):
        return None
    return domain, owner


def _partition(region: str) -> tuple[str, str, str, str]:
    return next(suffixes for suffixes in _SUFFIXES if region.startswith(suffixes[0]))


def _aws_place(labels: list[str]) -> tuple[str, str, str] | None:
    """Return region, service and kind of a host's name; None if it is not one of CodeArtifact's repositories."""
    if len(labels) > 4 and labels[1] == "d":
        service, region, suffix, kind = labels[2], labels[3], labels[4:], "ipv4"
        if suffix[0] == "vpce":
            suffix, kind = suffix[1:], "vpce"
            if not labels[0].startswith("vpce-"):
                return None
    elif len(labels) > 3:
        service, region, suffix, kind = labels[1], labels[2], labels[3:], "dual-stack"
    else:
        return None
    if service not in {"codeartifact", "codeartifact-fips"} or not is_region(region):
        return None
    _, ipv4, _, dual_stack = _partition(region)
    return (region, service, kind) if ".".join(suffix) == (dual_stack if kind == "dual-stack" else ipv4) else None


def _path_form(parts: list[str]) -> tuple[str, str, str] | None:
    if len(parts) < 5 or parts[:3] != ["", "pypi", "d"] or not _is_repository_name(parts[4]):
        return None
    domain = domain_and_owner(parts[3])
    return (*domain, parts[4]) if domain else None


def _is_repository_name(text: str) -> bool:
    # Source: AWS CodeArtifact API reference: `[A-Za-z0-9][A-Za-z0-9._\-]{1,99}`. Everybody else's rule may be wider.
    return bool(text) and len(text) <= 100 and _REPOSITORY.issuperset(text) and text[0] not in "._-"
