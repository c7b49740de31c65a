"""What the embedded repository does that AWS does not, and in which of its two modes."""

from enum import StrEnum


class Compatibility(StrEnum):
    """How much a server does.

    Attributes:
        AWS: What CodeArtifact does and nothing else, so that what works here works there.
        SUPERSET: More than that, where it is safer or faster.
    """

    AWS = "aws"
    SUPERSET = "superset"


class Feature(StrEnum):
    """Something that AWS does not do; its name is what `GetCapabilities` tells clients.

    Attributes:
        CAPABILITIES: The operation that tells these names.
        CORE_METADATA: Metadata files beside wheels, as PEP 658 has them.
        OWN_NAMES_CLOSED: A name that one repository makes ours is closed to public sources in the whole search.
        PROJECT_LIST: The names of all projects that a repository and those behind it hold.
    """

    CAPABILITIES = "capabilities"
    CORE_METADATA = "core-metadata"
    OWN_NAMES_CLOSED = "own-names-closed"
    PROJECT_LIST = "project-list"


def features(compatibility: Compatibility) -> frozenset[Feature]:
    """Return what a server in this mode does beyond AWS."""
    return frozenset() if compatibility is Compatibility.AWS else frozenset(Feature)
