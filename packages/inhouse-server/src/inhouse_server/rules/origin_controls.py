"""Where a package's versions may come from.

Source: CodeArtifact user guide, "Editing package origin controls" and "Package group origin controls".
"""

from dataclasses import dataclass
from enum import Enum

from inhouse_server.model import OriginControls, Restriction


class Arrival(Enum):
    """How the first version of a package came into a repository."""

    PUBLISHED = "published here"
    INGESTED = "ingested from a public source"
    RETAINED = "retained from an upstream repository"


@dataclass(frozen=True, slots=True)
class Permissions:
    """What may enter a package of a repository, everything considered.

    Attributes:
        publish: By direct upload.
        external_upstream: From the public source that the repository itself is connected to.
        internal_upstream: From the repositories behind it, whatever stands behind those.
    """

    publish: bool
    external_upstream: bool
    internal_upstream: bool


def defaults(arrival: Arrival) -> OriginControls:
    """Return the settings that a package is made with; later arrivals do not change them."""
    if arrival is Arrival.PUBLISHED:
        return OriginControls(publish=Restriction.ALLOW, upstream=Restriction.BLOCK)
    return OriginControls(publish=Restriction.BLOCK, upstream=Restriction.ALLOW)


EVERYTHING = Permissions(publish=True, external_upstream=True, internal_upstream=True)
"""What a package group lets through that restricts nothing."""


def effective(controls: OriginControls | None, group: Permissions = EVERYTHING) -> Permissions:
    """Return what may enter a package: what both its own settings and its package group let through.

    This is the one place where the two meet.

    Args:
        controls: The package's own; None where the repository has no record of it, so that only its group decides.
        group: What the group lets into this very repository.
    """
    publish = controls is None or controls.publish is Restriction.ALLOW
    upstream = controls is None or controls.upstream is Restriction.ALLOW
    return Permissions(
        publish=publish and group.publish,
        external_upstream=upstream and group.external_upstream,
        internal_upstream=upstream and group.internal_upstream,
    )
