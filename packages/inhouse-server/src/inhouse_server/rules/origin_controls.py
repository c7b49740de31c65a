"""Where a package's versions may come from.

Source: CodeArtifact user guide, "Editing package origin controls".
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


def effective(controls: OriginControls | None) -> Permissions:
    """Return what may enter a package; None where the repository has no record of it.

    The package's group narrows this. The only group so far is the root group, whose modes are all ALLOW, so that what
    remains is the package's own setting; decisions of other groups are combined with it here and nowhere else.
    """
    if controls is None:
        return Permissions(publish=True, external_upstream=True, internal_upstream=True)
    upstream = controls.upstream is Restriction.ALLOW
    return Permissions(
        publish=controls.publish is Restriction.ALLOW, external_upstream=upstream, internal_upstream=upstream
    )
