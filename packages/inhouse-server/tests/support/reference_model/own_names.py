"""The one rule that is ours and not AWS's: when a name is closed to public sources (docs/adr/0006)."""

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reference_model.state import Package


class Mode(Enum):
    """Which rules a server follows."""

    INHOUSE = "ours"
    AWS = "CodeArtifact's alone"


def is_closed_to_public_sources(mode: Mode, visited: Iterable["Package"]) -> bool:
    """Return whether no public source is heard in a search.

    Args:
        mode: The server's.
        visited: The package in each repository of the search that has it.
    """
    if mode is Mode.AWS:
        return False
    return any(package.upstream == "BLOCK" or _holds_ours_unopened(package) for package in visited)


def is_disputed(visited: Iterable["Package"]) -> bool:
    """Return whether the rule for a name is only being decided: it is ours, and somebody has asked for upstream."""
    return any(_holds_ours(package) and package.upstream_is_asked_for for package in visited)


def _holds_ours(package: "Package") -> bool:
    return any(version.is_internal for version in package.versions.values())


def _holds_ours_unopened(package: "Package") -> bool:
    return _holds_ours(package) and not package.upstream_is_asked_for
