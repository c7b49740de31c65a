"""Questions for tokens: from a domain, or from the address of a repository."""

from __future__ import annotations

import sys

from inhouse_keyring.aws_files import DEFAULT_PROFILE, read_files, text
from inhouse_keyring.credentials import chosen_profile
from inhouse_keyring.endpoints import (
    api_endpoint,
    aws_repository,
    custom_repository,
    is_domain,
    is_owner,
    is_region,
    parse_address,
    serves,
)
from inhouse_keyring.errors import ConfigurationError
from inhouse_keyring.settings import read_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from inhouse_keyring.aws_files import ProfileFiles, Section
    from inhouse_keyring.endpoints import Location
    from inhouse_keyring.settings import TokenSettings

__all__ = [
    "PROGRAMS",
    "PROGRAMS_FOR_INHOUSE",
    "Manner",
    "Surroundings",
    "Wanted",
    "configured_region",
    "question_for",
    "question_of",
    "surroundings_of",
]

PROGRAMS = ("inhouse", "aws")
PROGRAMS_FOR_INHOUSE = ("aws",)
"""What may be asked for a token; `inhouse` leaves itself out, since it would be asking itself."""

_ENDPOINT_VARIABLES = ("AWS_ENDPOINT_URL_CODEARTIFACT", "AWS_ENDPOINT_URL")


class Surroundings:
    """All that an answer depends on beside the question.

    Attributes:
        settings: inhouse's own.
        files: AWS's files of profiles.
        environment: The variables.
    """

    __slots__ = ("environment", "files", "settings")

    def __init__(self, settings: TokenSettings, files: ProfileFiles, environment: Mapping[str, str]) -> None:
        self.settings = settings
        self.files = files
        self.environment = environment

    @property
    def paths(self) -> list[str]:
        """The files that were read, and those that were not there."""
        return [*self.settings.paths, *self.files.paths]


class Wanted:
    """A question for a token.

    Attributes:
        domain: The domain; a token is good for all its repositories.
        owner: The account that owns it; empty for the asker's own.
        region: The region.
        endpoint: The address of the API, without a slash at the end.
        profile: The profile that was chosen for the domain; None leaves it to AWS's own rules.
        seconds: How long the token shall work; 0 is as long as the caller's own session.
        connect_timeout: Seconds to wait for a connection.
        read_timeout: Seconds to wait for an answer.
    """

    __slots__ = (
        "connect_timeout",
        "domain",
        "endpoint",
        "owner",
        "profile",
        "read_timeout",
        "region",
        "seconds",
    )

    def __init__(
        self, domain: str, owner: str, region: str, *, endpoint: str, profile: str | None, settings: TokenSettings
    ) -> None:
        self.domain = domain
        self.owner = owner
        self.region = region
        self.endpoint = endpoint.rstrip("/")
        self.profile = profile
        self.seconds = settings.token_seconds
        self.connect_timeout = settings.connect_timeout
        self.read_timeout = settings.read_timeout
        for name, value, fits in (
            ("domain", domain, is_domain(domain)),
            ("owner", owner, not owner or is_owner(owner)),
            ("region", region, is_region(region)),
        ):
            if not fits:
                where = "the command line, the project, a variable or a profile"
                hint = "a domain is like my-domain, an owner 12 digits, a region like eu-west-1"
                raise ConfigurationError(name, where, f"{value!r} cannot be one", hint=hint)
        if parse_address(endpoint) is None or not {"@", "?", "#"}.isdisjoint(endpoint):
            hint = "it must be like http://127.0.0.1:8765, with nothing behind"
            raise ConfigurationError(
                "endpoint", "a variable or a profile", f"`{endpoint}` is not an address", hint=hint
            )


class Manner:
    """How to go about a question.

    Attributes:
        refresh: Whether a new token is wanted in any case.
        programs: What may be asked for a token, in this order, where only botocore knows how to get the credentials
            and this Python has none.
        may_prompt: Whether a person is there who can be asked, for example for a second factor.
        warn: Gets what a person should know although there is a token.
    """

    __slots__ = ("may_prompt", "programs", "refresh", "warn")

    def __init__(
        self,
        *,
        refresh: bool = False,
        programs: Sequence[str] = PROGRAMS,
        may_prompt: bool = False,
        warn: Callable[[str], None] | None = None,
    ) -> None:
        self.refresh = refresh
        self.programs = programs
        self.may_prompt = may_prompt
        self.warn = warn or _warn


def surroundings_of(environment: Mapping[str, str]) -> Surroundings:
    """Read all that an answer depends on.

    Raises:
        ConfigurationError: A file or a variable cannot be used.
    """
    return Surroundings(read_settings(environment), read_files(environment), environment)


def question_for(domain: str, owner: str, region: str, surroundings: Surroundings, endpoint: str = "") -> Wanted:
    """Return the question for a domain whose region is known.

    Args:
        domain: The domain.
        owner: The account that owns it; empty for the asker's own.
        region: The region.
        surroundings: What it depends on.
        endpoint: The address of the API, where a person has named it; empty leaves it to the configuration.

    Raises:
        ConfigurationError: The address of the API is none.
    """
    profile = surroundings.settings.profile_for(domain, owner)
    endpoint = endpoint or configured_endpoint(domain, owner, profile, surroundings)
    if not endpoint:
        fips, dual_stack = (
            surroundings.environment.get(name, "").lower() == "true"
            for name in ("AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT")
        )
        endpoint = api_endpoint(region, fips=fips, dual_stack=dual_stack)
    return Wanted(domain, owner, region, endpoint=endpoint, profile=profile, settings=surroundings.settings)


def question_of(address: str, surroundings: Surroundings) -> Wanted | None:
    """Return the question for the repository behind an address; None unless the address is surely one of ours.

    Args:
        address: What a tool looks a password up for; often a URL, sometimes a bare name.
        surroundings: What it depends on.
    """
    found = aws_repository(address)
    if found is None:
        found = custom_repository(address)
        return _of_custom(address, found, surroundings) if found else None
    profile = surroundings.settings.profile_for(found.domain, found.owner)
    endpoint = configured_endpoint(found.domain, found.owner, profile, surroundings) or found.endpoint
    return _wanted(found, found.region, endpoint, profile, surroundings)


def configured_endpoint(domain: str, owner: str, profile: str | None, surroundings: Surroundings) -> str:
    """Return the address of CodeArtifact's API as it is configured; empty where it is AWS's own.

    Variables come first, as with botocore, then the user's own configuration, which names the domain, then the profile.
    """
    environment = surroundings.environment
    section = _section(profile, surroundings)
    ignored = environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") or text(section, "ignore_configured_endpoint_urls")
    filed = surroundings.settings.endpoint_for(domain, owner)
    if ignored.lower() == "true":
        return filed
    said = next((environment[name] for name in _ENDPOINT_VARIABLES if environment.get(name)), "")
    return said or filed or surroundings.files.endpoint(section, "codeartifact")


def configured_region(profile: str | None, surroundings: Surroundings) -> str:
    """Return the region that AWS is configured for, by variables or the profile; empty where it is for none."""
    environment = surroundings.environment
    said = environment.get("AWS_DEFAULT_REGION") or environment.get("AWS_REGION")
    return said or text(_section(profile, surroundings), "region")


def _of_custom(address: str, found: Location, surroundings: Surroundings) -> Wanted | None:
    """Return the question for a repository at an address of our own configuration; None if it is not there."""
    files = surroundings.files
    profile = surroundings.settings.profile_for(found.domain, found.owner)
    endpoint = configured_endpoint(found.domain, found.owner, profile, surroundings)
    if not (endpoint and serves(endpoint, address)):
        # A profile that names this very API is meant for it, also where nobody has chosen a profile: nothing else could
        # be. Two of them are two identities, and that is for the user to choose.
        naming = [name for name in files.names() if serves(_endpoint_of(name, files), address)]
        if profile is not None or len(naming) != 1:
            return None
        profile, endpoint = naming[0], _endpoint_of(naming[0], files)
    region = configured_region(profile, surroundings) or "us-east-1"
    return _wanted(found, region, endpoint, profile, surroundings)


def _wanted(found: Location, region: str, endpoint: str, profile: str | None, surroundings: Surroundings) -> Wanted:
    settings = surroundings.settings
    return Wanted(found.domain, found.owner, region, endpoint=endpoint, profile=profile, settings=settings)


def _section(profile: str | None, surroundings: Surroundings) -> Section:
    name = profile or chosen_profile(surroundings.environment) or DEFAULT_PROFILE
    return surroundings.files.profile(name) or {}


def _endpoint_of(profile: str, files: ProfileFiles) -> str:
    return files.endpoint(files.profile(profile) or {}, "codeartifact")


def _warn(line: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(f"warning: {line}\n")
