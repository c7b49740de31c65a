"""What a tool's configuration file is to us: text that names indexes and credentials, and can be made to name ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Protocol

from inhouse.access.addresses import without_credentials
from inhouse.project.manifest import Index
from inhouse.tools.locations import Tool

USERNAME = "aws"
"""The only user name that CodeArtifact knows. Source: its user guide, "Using CodeArtifact with Python"."""

Key = tuple[str, ...]
"""Where an entry is in a file: the sections or tables that lead to it, and its own name."""


class Role(Enum):
    """What a file names an address for."""

    INDEX = "the index"
    EXTRA = "another index"
    LINKS = "a place of files beside the index"
    PUBLISH = "a place to publish to"
    CREDENTIALS = "credentials"


@dataclass(frozen=True)
class Mention:
    """An index, a place to publish to or credentials that a file names.

    Attributes:
        key: Where in the file, as its reader knows it, for example `[global] index-url`.
        role: What it is.
        name: The name that the tool gives it, or the host that credentials are for; "" for none.
        url: Its address, without credentials; "" for none.
        username: The user name beside it or in it; "" for none.
        password: The password or token, as it stands in the file; kept out of `repr`.
    """

    key: str
    role: Role
    name: str = ""
    url: str = ""
    username: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_secret(self) -> bool:
        """Whether a secret stands in the file, and not only the name of a variable that holds one."""
        return bool(self.password) and not self.password.startswith("$")

    def __str__(self) -> str:
        """Describe it in a few words, without its secret."""
        what = self.url or self.name
        return self.key + (f" ({what})" if what else "") + (", which holds a password" if self.is_secret else "")


@dataclass(frozen=True)
class Reading:
    """What a file says about indexes and credentials.

    Attributes:
        mentions: What it names, in its order.
        settings: What else decides where packages come from and who is asked for credentials: key to value, for example
            `keyring-provider` to `subprocess`. Keys are the tool's own.
    """

    mentions: tuple[Mention, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    def of(self, *roles: Role) -> tuple[Mention, ...]:
        """Return the mentions of some roles."""
        return tuple(mention for mention in self.mentions if mention.role in roles)

    @property
    def secrets(self) -> tuple[str, ...]:
        """All that must not be shown."""
        return tuple(mention.password for mention in self.mentions if mention.password)


@dataclass(frozen=True)
class Entry:
    """One entry of a file.

    Attributes:
        raw: Its text, enough to put it back as it was.
        meaning: What it says, whatever its spelling.
    """

    raw: str
    meaning: str


class FileFormat(Protocol):
    """How a kind of file is taken apart into entries, and put together again."""

    def entries(self, text: str) -> dict[Key, Entry]:
        """Return every entry of a file.

        Raises:
            ValueError: The text is not of this format.
        """
        ...

    def with_entry(self, text: str, key: Key, raw: str | None) -> str:
        """Return the text with one entry put back, or taken out when `raw` is None; the rest is kept."""
        ...


class ToolFile(Protocol):
    """A configuration file of one tool. All methods are pure."""

    @property
    def tool(self) -> Tool:
        """The tool."""
        ...

    @property
    def format(self) -> FileFormat:
        """The format of the file."""
        ...

    @property
    def holds_secrets(self) -> bool:
        """Whether what we write into it is a secret."""
        ...

    def configured(self, text: str, index: Index, token: str = "") -> str:
        """Return the text with our repository in it, instead of whatever was in its place.

        Comments and formatting of the rest are kept; doing it twice changes nothing.

        Args:
            text: The file's text; "" when there is none.
            index: The repository.
            token: The token; heeded only by files that hold secrets.

        Raises:
            ValueError: The text is not of the file's format.
        """
        ...

    def read(self, text: str) -> Reading:
        """Return what the text says about indexes and credentials.

        Raises:
            ValueError: The text is not of the file's format.
        """
        ...


@dataclass(frozen=True)
class Target:
    """A file to be written.

    Attributes:
        path: The file.
        kind: What it is.
        only_if_there: Whether there is nothing to do when the file does not exist.
    """

    path: Path
    kind: ToolFile
    only_if_there: bool = False


def names_only(reading: Reading, index: Index) -> bool:
    """Say whether a file names our repository, and no index beside it."""
    ours = {index.url.rstrip("/"), index.publish_url.rstrip("/")}
    named = [without_credentials(mention.url).rstrip("/") for mention in reading.of(Role.INDEX)]
    return not reading.of(Role.EXTRA, Role.LINKS) and all(url in ours for url in named)
