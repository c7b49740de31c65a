"""The settings of one run, as one frozen object built at the edge.

A flag wins over the environment, the environment over the user configuration file, the file over the default. Each
setting is declared once, in `DECLARATIONS`; nothing else in inhouse reads the environment, except botocore, which finds
credentials and endpoints as AWS documents it.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from inhouse.errors import SettingError
from inhouse_keyring.endpoints import parse_address
from inhouse_keyring.settings import (
    DEFAULT_CONNECT_TIMEOUT,
    DEFAULT_READ_TIMEOUT,
    DEFAULT_TOKEN_SECONDS,
    TokenSettings,
    is_pipeline,
    parse_seconds,
    parse_token_seconds,
)
from inhouse_keyring.settings import (
    configuration_file as keyring_configuration_file,
)


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("it is empty")
    return value.strip()


def _path(value: str) -> Path:
    try:
        return Path(_text(value)).expanduser()
    except RuntimeError as error:  # `~nobody`
        raise ValueError(f"`{value}` names a home folder that nobody has") from error


def _program(value: str) -> Path:
    path = _path(value)
    try:
        if path.is_file():
            return path.absolute()
    except OSError as error:  # for example a name that is too long for any file
        raise ValueError(f"`{path}` cannot be looked at: {error.strerror}") from error
    raise ValueError(f"there is no file `{path}`")


def _flag(value: str) -> bool:
    truths = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if value.strip().lower() not in truths:
        raise ValueError(f"`{value}` is neither true nor false")
    return truths[value.strip().lower()]


@dataclass(frozen=True)
class Declaration:
    """A setting, declared.

    Attributes:
        name: Its name: the attribute of `Settings`, and, with `-` for `_`, its key in the file.
        default: Its value when nobody says anything.
        variable: The environment variable that sets it.
        help: What it is for, in a sentence.
        parse: From text to value; raises `ValueError` with the problem in words.
        in_file: Whether the user configuration file may hold it; a secret may not lie there.
    """

    name: str
    default: Any
    variable: str
    help: str
    parse: Callable[[str], Any]
    in_file: bool = True

    @property
    def key(self) -> str:
        """Its key in the user configuration file."""
        return self.name.replace("_", "-")


DECLARATIONS: Final = (
    Declaration(
        "uv", None, "INHOUSE_UV", "The uv to run; otherwise the one that was installed with inhouse.", _program
    ),
    Declaration("python", None, "INHOUSE_PYTHON", "The Python to make environments with: a version or a path.", _text),
    Declaration(
        "profile", None, "INHOUSE_PROFILE", "The AWS profile to use; otherwise [profiles], then what AWS finds.", _text
    ),
    Declaration(
        "token",
        None,
        "CODEARTIFACT_AUTH_TOKEN",
        "An authorization token of CodeArtifact to use instead of asking for one.",
        _text,
        in_file=False,
    ),
    Declaration(
        "token_seconds",
        DEFAULT_TOKEN_SECONDS,
        "INHOUSE_TOKEN_SECONDS",
        "How long a new token works: 0 or 900 to 43200.",
        parse_token_seconds,
    ),
    Declaration(
        "connect_timeout",
        DEFAULT_CONNECT_TIMEOUT,
        "INHOUSE_CONNECT_TIMEOUT",
        "Seconds to wait for a connection to AWS.",
        parse_seconds,
    ),
    Declaration(
        "read_timeout",
        DEFAULT_READ_TIMEOUT,
        "INHOUSE_READ_TIMEOUT",
        "Seconds to wait for an answer from AWS.",
        parse_seconds,
    ),
    Declaration("verbose", False, "INHOUSE_VERBOSE", "Show the programs that are run, and tracebacks.", _flag),
)


@dataclass(frozen=True)
class Settings:
    """The settings of one run; see `DECLARATIONS` for what each is for.

    Attributes:
        profiles: AWS profiles by domain: `<domain>-<owner>` to profile, from the user configuration file.
        environment: The environment of the run, from which the environments of other programs are made.
        configuration: The user configuration file, whether it exists or not.
        endpoints: Addresses of CodeArtifact's API by domain: `<domain>-<owner>` to URL, from that file.
    """

    uv: Path | None
    python: str | None
    profile: str | None
    token: str | None = field(repr=False)
    token_seconds: int
    connect_timeout: float
    read_timeout: float
    verbose: bool
    profiles: Mapping[str, str]
    environment: Mapping[str, str] = field(repr=False)
    configuration: Path
    endpoints: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_pipeline(self) -> bool:
        """Whether a pipeline runs, and not a person."""
        return is_pipeline(self.environment)

    @property
    def for_tokens(self) -> TokenSettings:
        """Those that tokens depend on."""
        return TokenSettings(
            profile=self.profile,
            token_seconds=self.token_seconds,
            connect_timeout=self.connect_timeout,
            read_timeout=self.read_timeout,
            profiles=self.profiles,
            endpoints=self.endpoints,
            in_pipeline=self.in_pipeline,
        )

    def profile_for(self, domain: str, owner: str) -> str | None:
        """Return the AWS profile for a domain; None leaves the choice to AWS's own rules."""
        return self.for_tokens.profile_for(domain, owner)

    def endpoint_for(self, domain: str, owner: str) -> str | None:
        """Return the address of the API for a domain; None leaves it to AWS's variables, which win, and profiles."""
        if self.environment.get("AWS_ENDPOINT_URL_CODEARTIFACT") or self.environment.get("AWS_ENDPOINT_URL"):
            return None
        return self.endpoints.get(f"{domain}-{owner}")


def configuration_file(environment: Mapping[str, str]) -> Path:
    """Return the user configuration file: as the environment says, else where the platform keeps such files."""
    return Path(keyring_configuration_file(environment))


def load_settings(flags: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """Build the settings of a run.

    Args:
        flags: Values given on the command line, by the name of their setting; None is not given.
        environment: The environment variables.

    Raises:
        SettingError: A value cannot be used; the error says where it came from.
    """
    file = configuration_file(environment)
    try:
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            "config", str(file), f"it cannot be read: {error}", hint="mend or remove the file"
        ) from error
    return read_settings(flags, environment, file, text)


def read_settings(flags: Mapping[str, str | None], environment: Mapping[str, str], file: Path, text: str) -> Settings:
    """Build the settings of a run from the text of the user configuration file.

    Raises:
        SettingError: A value cannot be used; the error says where it came from.
    """
    filed, profiles, endpoints = _read_file(file, text)
    values: dict[str, Any] = {}
    for declaration in DECLARATIONS:
        name = declaration.name
        flag = flags.get(name)
        if flag is not None:
            origin, value = f"the flag --{declaration.key}", flag
        elif environment.get(declaration.variable):  # an empty variable is the shell's way to say "not set"
            origin, value = f"the variable {declaration.variable}", environment[declaration.variable]
        elif name in filed:
            origin, value = f"{file}, {declaration.key}", filed[name]
        else:
            values[name] = declaration.default
            continue
        try:
            values[name] = declaration.parse(value)
        except ValueError as error:
            raise SettingError(declaration.key, origin, str(error), hint=declaration.help) from None
    return Settings(**values, profiles=profiles, endpoints=endpoints, environment=dict(environment), configuration=file)


def _read_file(file: Path, text: str) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Return the values, by setting, and the profiles and endpoints, by domain and owner."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingError(
            "config", str(file), f"not valid TOML: {error}", hint="mend the line that is named"
        ) from error
    profiles = _table(file, document, "profiles", "work")
    endpoints = _table(file, document, "endpoints", "http://127.0.0.1:8765")
    for name, url in endpoints.items():
        if parse_address(url) is None:
            hint = "it must be like http://127.0.0.1:8765, with nothing behind"
            raise SettingError("endpoints", f"{file}, {name}", f"`{url}` is not an address", hint=hint)
    allowed = {declaration.key: declaration.name for declaration in DECLARATIONS if declaration.in_file}
    values = {}
    for key, value in document.items():
        origin = f"{file}, {key}"
        if key not in allowed:
            hint = f"the file may hold [profiles], [endpoints] and: {', '.join(allowed)}"
            raise SettingError(key, origin, "it is not known there", hint=hint)
        if not isinstance(value, str | int | float):
            declaration = next(each for each in DECLARATIONS if each.key == key)
            raise SettingError(key, origin, "it must be a text, a number, true or false", hint=declaration.help)
        values[allowed[key]] = str(value)
    return values, profiles, endpoints


def _table(file: Path, document: dict[str, Any], name: str, example: str) -> dict[str, str]:
    """Take a table of texts by domain and owner out of the document; empty if there is none."""
    table = document.pop(name, {})
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        hint = f'for example: [{name}] "my-domain-111122223333" = "{example}"'
        raise SettingError(name, f"{file}, [{name}]", "it must be a table of strings", hint=hint)
    return table
