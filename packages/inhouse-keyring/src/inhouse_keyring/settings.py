"""What a user has set for tokens: variables, then the user configuration file, then defaults.

The other settings of inhouse stand in the same file and are none of this distribution's business.
"""

from __future__ import annotations

import os
import sys

from inhouse_keyring.endpoints import parse_address
from inhouse_keyring.errors import ConfigurationError
from inhouse_keyring.memory import platform_folder
from inhouse_keyring.toml import read_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    T = TypeVar("T", int, float, str)

DEFAULT_TOKEN_SECONDS = 3600
DEFAULT_CONNECT_TIMEOUT = 3.0
DEFAULT_READ_TIMEOUT = 30.0


class TokenSettings:
    """The settings that tokens depend on.

    Attributes:
        profile: The AWS profile that was chosen for everything; None if none was.
        token_seconds: How long a new token shall work.
        connect_timeout: Seconds to wait for a connection.
        read_timeout: Seconds to wait for an answer.
        profiles: AWS profiles by domain: `<domain>-<owner>` to profile.
        endpoints: Addresses of CodeArtifact's API by domain: `<domain>-<owner>` to URL.
        in_pipeline: Whether a pipeline runs, and not a person.
        paths: The file that was read, or was not there.
    """

    __slots__ = (
        "connect_timeout",
        "endpoints",
        "in_pipeline",
        "paths",
        "profile",
        "profiles",
        "read_timeout",
        "token_seconds",
    )

    def __init__(
        self,
        *,
        profile: str | None = None,
        token_seconds: int = DEFAULT_TOKEN_SECONDS,
        connect_timeout: float = DEFAULT_CONNECT_TIMEOUT,
        read_timeout: float = DEFAULT_READ_TIMEOUT,
        profiles: Mapping[str, str] | None = None,
        endpoints: Mapping[str, str] | None = None,
        in_pipeline: bool = False,
    ) -> None:
        self.profile = profile
        self.token_seconds = token_seconds
        self.connect_timeout = connect_timeout
        self.read_timeout = read_timeout
        self.profiles = profiles or {}
        self.endpoints = endpoints or {}
        self.in_pipeline = in_pipeline
        self.paths: list[str] = []

    def profile_for(self, domain: str, owner: str) -> str | None:
        """Return the AWS profile for a domain; None leaves the choice to AWS's own rules.

        In a pipeline the credentials that it was given win over a person's configuration file.
        """
        if self.profile is not None or self.in_pipeline:
            return self.profile
        return self.profiles.get(f"{domain}-{owner}")

    def endpoint_for(self, domain: str, owner: str) -> str:
        """Return the address of the API for a domain, as the file has it; empty if it has none."""
        return self.endpoints.get(f"{domain}-{owner}", "")


def parse_token_seconds(value: str) -> int:
    """Read how long a token shall work.

    Source: AWS CodeArtifact API reference, GetAuthorizationToken, durationSeconds.

    Raises:
        ValueError: No token can work so long; the message says what can be.
    """
    if not (value.isascii() and value.isdigit()) or not (int(value) == 0 or 900 <= int(value) <= 43_200):
        raise ValueError(f"`{value}` is neither 0 nor a number of seconds from 900 to 43200")
    return int(value)


def parse_seconds(value: str) -> float:
    """Read how long to wait.

    Raises:
        ValueError: It is not a time that anybody would wait.
    """
    try:
        seconds = float(value)
    except ValueError:
        raise ValueError(f"`{value}` is not a number of seconds") from None
    if not 0 < seconds <= 600:
        raise ValueError(f"`{value}` is not between 0 and 600 seconds")
    return seconds


def is_pipeline(environment: Mapping[str, str]) -> bool:
    """Say whether a pipeline runs, and not a person. Source: the variable `CI`, set by all common services."""
    return environment.get("CI", "").lower() not in {"", "0", "false"} or bool(environment.get("CODEBUILD_BUILD_ID"))


def configuration_file(environment: Mapping[str, str], platform: str = sys.platform) -> str:
    """Return the user configuration file: as INHOUSE_CONFIG says, else where the platform keeps such files."""
    said = environment.get("INHOUSE_CONFIG")
    if said:
        return said
    default = "~/Library/Application Support" if platform == "darwin" else "~/.config"
    return os.path.join(platform_folder(environment, "XDG_CONFIG_HOME", default, platform), "config.toml")


def read_settings(environment: Mapping[str, str]) -> TokenSettings:
    """Read the settings.

    Raises:
        ConfigurationError: One cannot be used; the error says where it came from.
    """
    file = configuration_file(environment)
    content = _content(file)
    try:
        top, profiles, endpoints = (read_table(content, name) for name in ("", "profiles", "endpoints"))
    except ValueError as error:
        raise _unusable("config", file, f"not valid TOML: {error}") from error
    for name, url in endpoints.items():
        if parse_address(url) is None:
            raise _unusable("endpoints", f"{file}, {name}", f"`{url}` is not an address")

    def said(key: str, variable: str, parse: Callable[[str], T], default: T) -> T:
        if environment.get(variable):  # an empty variable is the shell's way to say "not set"
            value, origin = environment[variable], f"the variable {variable}"
        elif key in top:
            value, origin = top[key], f"{file}, {key}"
        else:
            return default
        try:
            return parse(value)
        except ValueError as error:
            raise _unusable(key, origin, str(error)) from None

    settings = TokenSettings(
        profile=said("profile", "INHOUSE_PROFILE", str.strip, "") or None,
        token_seconds=said("token-seconds", "INHOUSE_TOKEN_SECONDS", parse_token_seconds, DEFAULT_TOKEN_SECONDS),
        connect_timeout=said("connect-timeout", "INHOUSE_CONNECT_TIMEOUT", parse_seconds, DEFAULT_CONNECT_TIMEOUT),
        read_timeout=said("read-timeout", "INHOUSE_READ_TIMEOUT", parse_seconds, DEFAULT_READ_TIMEOUT),
        profiles=profiles,
        endpoints=endpoints,
        in_pipeline=is_pipeline(environment),
    )
    settings.paths.append(file)
    return settings


def _content(file: str) -> str:
    try:
        with open(file, encoding="utf-8") as opened:
            return opened.read()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable("config", file, f"it cannot be read: {error}") from error


def _unusable(name: str, origin: str, problem: str) -> ConfigurationError:
    return ConfigurationError(name, origin, problem, hint="mend it where it comes from")
