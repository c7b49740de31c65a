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
        CLOCK: The operations that move the server's clock, for tests.
        CORE_METADATA: Metadata files beside wheels, as PEP 658 has them.
        FAULTS: The operations that make requests fail, for tests.
        OWN_NAMES_CLOSED: A name that one repository makes ours is closed to public sources in the whole search.
        PROJECT_LIST: The names of all projects that a repository and those behind it hold.
    """

    CAPABILITIES = "capabilities"
    CLOCK = "clock"
    CORE_METADATA = "core-metadata"
    FAULTS = "faults"
    OWN_NAMES_CLOSED = "own-names-closed"
    PROJECT_LIST = "project-list"


_FOR_TESTS = frozenset({Feature.CLOCK, Feature.FAULTS})


def features(compatibility: Compatibility, *, for_tests: bool) -> frozenset[Feature]:
    """Return what a server does beyond AWS.

    Args:
        compatibility: Its mode.
        for_tests: Whether tests may move its clock and make it fail. In the mode of AWS this is all that it has.
    """
    supersets = frozenset() if compatibility is Compatibility.AWS else frozenset(Feature) - _FOR_TESTS
    return supersets | (_FOR_TESTS if for_tests else frozenset())
