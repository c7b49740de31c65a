"""What the kind of the repository decides: whether it closes names of ours to public sources in a whole search."""

from inhouse.codeartifact.explain.facts import Fact, Unknown


def closes_own_names() -> Fact[bool]:
    """Say whether the repository closes a name of ours to the public sources of a whole search.

    The embedded repository does so unless it is told to be like AWS, and AWS does not; which of them answers, nobody
    has been asked yet.
    """
    return Unknown(
        "whether this repository closes a name of yours to public sources: the embedded one does, AWS does not",
        "they speak the same API",
    )
