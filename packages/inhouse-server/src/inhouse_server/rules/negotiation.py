"""Which representation of a project page a client gets.

Sources: PEP 691, "Version + format selection"; RFC 9110, 12.5.1; CodeArtifact user guide, "Python compatibility".
"""

from enum import Enum

from inhouse_server.errors import NotAcceptableError


class Representation(Enum):
    """A representation of a project page; the value is its media type."""

    JSON = "application/vnd.pypi.simple.v1+json"
    HTML = "application/vnd.pypi.simple.v1+html"
    PLAIN_HTML = "text/html"


_NAMES = {
    "application/vnd.pypi.simple.v1+json": Representation.JSON,
    "application/vnd.pypi.simple.latest+json": Representation.JSON,
    "application/vnd.pypi.simple.v1+html": Representation.HTML,
    "application/vnd.pypi.simple.latest+html": Representation.HTML,
    "text/html": Representation.PLAIN_HTML,
}
# Where a client likes several as much, and what a wildcard means: whoever names no format is an old client.
_PREFERENCE = tuple(Representation)
_WILDCARDS = {
    "*/*": (Representation.PLAIN_HTML, Representation.HTML, Representation.JSON),
    "text/*": (Representation.PLAIN_HTML,),
    "application/*": (Representation.JSON, Representation.HTML),
}


def choose(accept: str | None) -> Representation:
    """Return the representation for an `Accept` header; None and the empty text accept everything.

    Raises:
        NotAcceptableError: The header names nothing that we have.
    """
    if accept is None or not accept.strip():
        return Representation.PLAIN_HTML
    named: dict[Representation, float] = {}
    wildcards: dict[Representation, tuple[float, int]] = {}
    for entry in accept.split(","):
        media_type, quality = _parse(entry)
        if quality is None:
            continue
        if (representation := _NAMES.get(media_type)) is not None:
            named[representation] = max(quality, named.get(representation, 0.0))
        for place, representation in enumerate(_WILDCARDS.get(media_type, ())):
            wildcards[representation] = max((quality, -place), wildcards.get(representation, (0.0, -place)))
    # (quality, named or not, preference): a name beats a wildcard of the same quality, and overrides a better one.
    candidates = [(quality, 1, -_PREFERENCE.index(kind), kind.name) for kind, quality in named.items()]
    candidates += [(quality, 0, place, kind.name) for kind, (quality, place) in wildcards.items() if kind not in named]
    quality, _, _, chosen = max(candidates, default=(0.0, 0, 0, ""))
    if quality <= 0:
        raise NotAcceptableError(
            f"No representation of this page is acceptable as {accept!r}.",
            hint="Accept one of: " + ", ".join(kind.value for kind in Representation) + ".",
        )
    return Representation[chosen]


def _parse(entry: str) -> tuple[str, float | None]:
    """Return an entry's media type and quality; None for a quality that cannot be read, which drops the entry."""
    media_type, *parameters = (part.strip().lower() for part in entry.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                return media_type, None
            return media_type, quality if 0 <= quality <= 1 else None
    return media_type, 1.0
