"""AWS's two files of profiles, read as botocore reads them, without the time that importing `configparser` takes."""

from __future__ import annotations

import os

from inhouse_keyring.errors import ConfigurationError, CredentialsMissingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Section = dict[str, str | dict[str, str]]

DEFAULT_PROFILE = "default"


class ProfileFiles:
    """What stands in the files of profiles.

    Attributes:
        config: Sections of the file of configuration, by their names there: `profile work`, `services local`.
        credentials: Sections of the file of credentials, by profile.
        paths: The files that were read, and those that were not there, to know again whether anything has changed.
    """

    __slots__ = ("config", "credentials", "paths")

    def __init__(self, config: Mapping[str, Section], credentials: Mapping[str, Section]) -> None:
        self.config = config
        self.credentials = credentials
        self.paths: list[str] = []

    def content(self, path: str) -> str:
        """Return what is in a file that a profile or a variable names; empty if it cannot be read."""
        path = os.path.expanduser(path)
        self.paths.append(path)
        try:
            with open(path, encoding="utf-8") as file:
                return file.read().strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def profile(self, name: str) -> Section | None:
        """Return a profile with everything that both files say of it; None if neither knows it."""
        configured = self.config.get(f"profile {name}")
        if configured is None and name == DEFAULT_PROFILE:
            configured = self.config.get(name)
        secret = self.credentials.get(name)
        if configured is None and secret is None:
            return None
        return {**(configured or {}), **(secret or {})}

    def names(self) -> Iterator[str]:
        """Yield the names of the profiles of the file of configuration."""
        for section in self.config:
            kind, _, name = section.partition(" ")
            if kind == "profile" and name:
                yield name
            elif section == DEFAULT_PROFILE:
                yield section

    def session(self, name: str) -> Section:
        """Return a session of single sign-on; empty if there is none of that name."""
        return self.config.get(f"sso-session {name}") or {}

    def endpoint(self, profile: Section, service: str) -> str:
        """Return the address that a profile names for a service; empty if it names none.

        Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
        """
        services = profile.get("services")
        section = self.config.get(f"services {services}") if isinstance(services, str) else None
        nested = (section or {}).get(service)
        said = nested.get("endpoint_url") if isinstance(nested, dict) else None
        return said or text(profile, "endpoint_url")


def text(section: Section, key: str) -> str:
    """Return a value of a section; empty if it is not there or not a single one."""
    value = section.get(key)
    return value if isinstance(value, str) else ""


def read_files(environment: Mapping[str, str]) -> ProfileFiles:
    """Read both files; one that is not there says nothing.

    Raises:
        ConfigurationError: One cannot be read, or is not a file of profiles.
    """
    config = os.path.expanduser(environment.get("AWS_CONFIG_FILE") or "~/.aws/config")
    credentials = os.path.expanduser(environment.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials")
    files = ProfileFiles(_read(config), _read(credentials))
    files.paths += [config, credentials]
    return files


def missing_profile(name: str) -> CredentialsMissingError:
    """Return the error for a profile that neither file knows."""
    return CredentialsMissingError(
        f"The config profile ({name}) could not be found",
        hint="`aws configure list-profiles` lists those there are; choose one with AWS_PROFILE; "
        "for the embedded repository: `inhouse server profile`, then AWS_PROFILE=inhouse-local",
    )


def parse(content: str) -> dict[str, Section]:
    """Return the sections of a file of profiles: name to key to value, or to a table of keys below it.

    Raises:
        ValueError: It is not such a file.
    """
    sections: dict[str, Section] = {}
    section: Section | None = None
    key, indent, blanks = "", 0, 0
    for line in content.splitlines():
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            blanks += not stripped
            continue
        here = len(line) - len(line.lstrip())
        if section is not None and key and here > indent:
            _continue(section, key, stripped, blanks)
        elif stripped[0] == "[":
            name, bracket, _ = stripped[1:].partition("]")
            if not bracket:
                raise ValueError(stripped)
            section = sections.setdefault(_section_name(name), {})
            key, indent = "", here
        elif section is None:
            raise ValueError(stripped)
        else:
            key, value = _pair(stripped)
            section[key] = value
            indent = here
        blanks = 0
    return sections


def _continue(section: Section, key: str, line: str, blanks: int) -> None:
    """Take a line that is indented more: a key below the last one, or more of its value."""
    value = section[key]
    if value == "":
        value = section[key] = {}
    if isinstance(value, dict):
        below, equals, said = line.partition("=")
        if not equals:
            raise ValueError(line)
        value[below.strip()] = said.strip()
    else:
        section[key] = value + "\n" * (blanks + 1) + line


def _pair(line: str) -> tuple[str, str]:
    ends = [index for index in (line.find("="), line.find(":")) if index > 0]
    if not ends:
        raise ValueError(line)
    end = min(ends)
    return line[:end].strip().lower(), line[end + 1 :].strip()


def _section_name(name: str) -> str:
    """Return a section's name with one space between kind and name, and without quotes."""
    kind, _, rest = name.strip().partition(" ")
    rest = rest.strip()
    if len(rest) > 1 and rest[0] == rest[-1] and rest[0] in "\"'":
        rest = rest[1:-1]
    return f"{kind} {rest}" if rest else kind


def _read(path: str) -> dict[str, Section]:
    try:
        with open(path, encoding="utf-8") as file:
            return parse(file.read())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except ValueError:
        problem = "the file is not one of profiles"
    except OSError as error:
        if os.path.isdir(path):
            return {}
        problem = f"the file cannot be read: {error.strerror}"
    hint = "mend it, or name another file with AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE"
    raise ConfigurationError("AWS", path, problem, hint=hint)
