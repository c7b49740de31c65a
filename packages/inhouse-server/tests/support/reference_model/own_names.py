"""The one rule that is ours and not AWS's: when a name is closed to public sources (docs/adr/0006 and 0009)."""

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reference_model.state import Package


class Mode(Enum):
    """Which rules a server follows."""

    INHOUSE = "superset"
    AWS = "aws"


def is_closed_to_public_sources(mode: Mode, visited: Iterable["Package"]) -> bool:
    """Return whether no public source is heard in a search.

    Args:
        mode: The server's.
        visited: The package in each repository of the search that has it.
    """
    return mode is Mode.INHOUSE and any(map(_closes, visited))


def _closes(package: "Package") -> bool:
    return package.upstream == "BLOCK" or (
        not package.is_mixed and any(v.is_internal for v in package.versions.values())
    )
