"""What the kind of the repository decides: whether it closes names of ours to public sources in a whole search."""

from typing import Final

from inhouse.codeartifact.capabilities import Capabilities
from inhouse.codeartifact.explain.facts import Fact, Known, Unknown

_FEATURE: Final = "own-names-closed"


def closes_own_names(capabilities: Capabilities | None) -> Fact[bool]:
    """Say whether the repository closes a name of ours to the public sources of a whole search.

    The embedded repository does so unless it is told to be like AWS; AWS does not.

    Args:
        capabilities: What the repository says it does beyond AWS; None where it could not be asked.
    """
    if capabilities is None:
        return Unknown(
            "whether this repository closes a name of yours to public sources: the embedded one does, AWS does not",
            "it did not say which it is",
        )
    return Known(_FEATURE in capabilities.features)
