"""What the workflow asks of a package repository, apart from how it is asked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from packaging.utils import NormalizedName

if TYPE_CHECKING:
    from inhouse.codeartifact.explain.facts import Facts
    from inhouse.codeartifact.name_facts import NameFacts


@dataclass(frozen=True)
class Token:
    """An authorization token.

    Attributes:
        value: The token; kept out of `repr`, so that no traceback shows it.
        expires_at: When it stops working, timezone-aware; None when nobody said.
    """

    value: str = field(repr=False)
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Identity:
    """Who asks.

    Attributes:
        account: The account, 12 digits.
        arn: The user or role.
    """

    account: str
    arn: str


@dataclass(frozen=True)
class PublishedFile:
    """A file of a project as an index lists it.

    Attributes:
        filename: Its name.
        version: The version it belongs to, as its name says.
        sha256: Its digest in small hexadecimal digits; "" when the index does not say.
        is_yanked: Whether it is yanked, so that only who asks for exactly this version gets it.
        requires_python: The Pythons that it is for; "" for any.
    """

    filename: str
    version: str
    sha256: str = ""
    is_yanked: bool = False
    requires_python: str = ""


@dataclass(frozen=True)
class VersionOrigin:
    """How a version came into the repository, as the repository itself records it.

    Attributes:
        is_internal: Whether somebody published it inside the domain.
        source: Where it entered the domain: an external connection such as `public:pypi`, or a repository; "" when the
            repository does not say.
    """

    is_internal: bool
    source: str = ""


class Repository(Protocol):
    """One package repository.

    Every method raises `RepositoryError`, or one of its children, when the repository does not answer as asked.
    """

    def token(self) -> Token:
        """Return an authorization token: the exported one, else a kept or a new one. The same for the whole run."""
        ...

    def endpoint(self) -> str:
        """Ask for the repository's endpoint for PyPI's protocols; it ends in `/`."""
        ...

    def identity(self) -> Identity:
        """Ask who we are."""
        ...

    def published(self, url: str, project: str) -> tuple[PublishedFile, ...]:
        """Return the files that an index lists of a project; none when it does not know the project.

        Args:
            url: The index, ending in `simple/`.
            project: The project's name.
        """
        ...

    def origin(self, project: str, version: str) -> VersionOrigin | None:
        """Ask how a version came into the repository.

        Args:
            project: The project's name.
            version: Its version.

        Returns:
            None when the repository itself does not hold the version, even if an upstream of it offers it.
        """
        ...

    def facts(self, project: NormalizedName) -> "Facts":
        """Gather what decides over what an installer gets of a project; what is hidden from the asker is unknown.

        Args:
            project: The project's name, normalised.
        """
        ...

    def name_facts(self, names: Iterable[NormalizedName], own: NormalizedName | None) -> "tuple[NameFacts, ...]":
        """Gather whose names are, and which package groups those of ours belong to, in the order of the alphabet.

        Args:
            names: The names.
            own: The name of the project that asks; None for none.
        """
        ...
