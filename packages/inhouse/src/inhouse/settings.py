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

from platformdirs import user_config_path

from inhouse.errors import SettingError

CONFIGURATION_VARIABLE: Final = "INHOUSE_CONFIG"


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


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        raise ValueError(f"`{value}` is not a number of seconds") from None
    if not 0 < seconds <= 600:
        raise ValueError(f"`{value}` is not between 0 and 600 seconds")
    return seconds


def _token_seconds(value: str) -> int:
    # Source: AWS CodeArtifact API reference, GetAuthorizationToken, durationSeconds.
    if not value.isdecimal() or not (int(value) == 0 or 900 <= int(value) <= 43_200):
        raise ValueError(f"`{value}` is neither 0 nor a number of seconds from 900 to 43200")
    return int(value)


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
        "token_seconds", 3600, "INHOUSE_TOKEN_SECONDS", "How long a new token works: 0 or 900 to 43200.", _token_seconds
    ),
    Declaration(
        "connect_timeout", 3.0, "INHOUSE_CONNECT_TIMEOUT", "Seconds to wait for a connection to AWS.", _seconds
    ),
    Declaration("read_timeout", 30.0, "INHOUSE_READ_TIMEOUT", "Seconds to wait for an answer from AWS.", _seconds),
    Declaration("verbose", False, "INHOUSE_VERBOSE", "Show the programs that are run, and tracebacks.", _flag),
)


@dataclass(frozen=True)
class Settings:
    """The settings of one run; see `DECLARATIONS` for what each is for.

    Attributes:
        profiles: AWS profiles by domain: `<domain>-<owner>` to profile, from the user configuration file.
        environment: The environment of the run, from which the environments of other programs are made.
        configuration: The user configuration file, whether it exists or not.
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

    @property
    def in_pipeline(self) -> bool:
        """Whether a pipeline runs, and not a person. Source: the variable `CI`, set by all common services."""
        return self.environment.get("CI", "").lower() not in {"", "0", "false"} or bool(
            self.environment.get("CODEBUILD_BUILD_ID")
        )

    def profile_for(self, domain: str, owner: str) -> str | None:
        """Return the AWS profile for a domain; None leaves the choice to AWS's own rules.

        In a pipeline the credentials that it was given win over a person's configuration file.
        """
        if self.profile is not None or self.in_pipeline:
            return self.profile
        return self.profiles.get(f"{domain}-{owner}")


def configuration_file(environment: Mapping[str, str]) -> Path:
    """Return the user configuration file: as the environment says, else where the platform keeps such files."""
    said = environment.get(CONFIGURATION_VARIABLE)
    return Path(said) if said else user_config_path("inhouse", appauthor=False) / "config.toml"


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
    filed, profiles = _read_file(file, text)
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
    return Settings(**values, profiles=profiles, environment=dict(environment), configuration=file)


def _read_file(file: Path, text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the values, by setting, and the profiles, by domain and owner."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingError(
            "config", str(file), f"not valid TOML: {error}", hint="mend the line that is named"
        ) from error
    profiles = document.pop("profiles", {})
    if not isinstance(profiles, dict) or not all(isinstance(profile, str) for profile in profiles.values()):
        hint = 'for example: [profiles] "my-domain-111122223333" = "work"'
        raise SettingError("profiles", f"{file}, [profiles]", "it must be a table of strings", hint=hint)
    allowed = {declaration.key: declaration.name for declaration in DECLARATIONS if declaration.in_file}
    values = {}
    for key, value in document.items():
        origin = f"{file}, {key}"
        if key not in allowed:
            hint = f"the file may hold [profiles] and: {', '.join(allowed)}"
            raise SettingError(key, origin, "it is not known there", hint=hint)
        if not isinstance(value, str | int | float):
            declaration = next(each for each in DECLARATIONS if each.key == key)
            raise SettingError(key, origin, "it must be a text, a number, true or false", hint=declaration.help)
        values[allowed[key]] = str(value)
    return values, profiles
