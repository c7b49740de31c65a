"""Where a package's versions may come from.

Source: CodeArtifact user guide, "Editing package origin controls" and "Package group origin controls".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from inhouse_server.model import OriginControls, OriginType, PackageVersion, Restriction


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
    return OriginControls(
        publish=Restriction.BLOCK, upstream=Restriction.ALLOW, beside_public=arrival is Arrival.INGESTED
    )


def chosen(publish: Restriction, upstream: Restriction) -> OriginControls:
    """Return the settings that somebody gives a package: who opens it for upstream means what comes from there."""
    return OriginControls(publish, upstream, beside_public=upstream is Restriction.ALLOW)


def makes_the_name_ours(controls: OriginControls | None, versions: Iterable[PackageVersion]) -> bool:
    """Return whether what one repository has of a package makes the package's name one of ours.

    It does by not letting upstream versions in, or by holding a version that was published to us, in any status, unless
    the package is one whose versions are meant to stand beside public ones.

    Args:
        controls: The package's own, not its group's: a group that narrows what may enter many packages does not make
            them ours. None where the repository has no record of the package.
        versions: Those that the repository holds.
    """
    if controls is None:
        return False
    if controls.upstream is Restriction.BLOCK:
        return True
    return not controls.beside_public and any(version.origin.type is OriginType.INTERNAL for version in versions)


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
