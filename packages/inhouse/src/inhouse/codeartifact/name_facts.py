"""What is known of a name that a project asks for: whose it is, and which package group it belongs to."""

from dataclasses import dataclass, field
from enum import StrEnum

from packaging.utils import NormalizedName

from inhouse.codeartifact.explain.facts import Fact, Group, Known

__all__ = ["NameFacts", "Owner"]


class Owner(StrEnum):
    """Whose a name is."""

    PROJECT = "project"
    """It is the project's own."""
    INTERNAL = "internal"
    """A version was published under it in the domain."""
    NOBODY = "nobody"
    """Nobody offers it, neither the domain nor a public source: whoever takes it there first is installed."""
    PUBLIC = "public"
    """It came from a public source, or can."""


@dataclass(frozen=True)
class NameFacts:
    """What is known of a name.

    Attributes:
        name: The name.
        owner: Whose it is.
        group: Its package group; for a public name it need not be known.
        open_repositories: The repositories that the group lets fetch it from a public source they are connected to.
        on_pypi: Whether PyPI has a project of that name; None when it was not asked.
    """

    name: NormalizedName
    owner: Fact[Owner]
    group: Fact[Group] | None = None
    open_repositories: Fact[tuple[str, ...]] = field(default_factory=lambda: Known(()))
    on_pypi: bool | None = None
