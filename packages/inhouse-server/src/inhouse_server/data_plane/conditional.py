"""Whether a client has already what it asks for.

Source: RFC 9110, 13.
"""

import re
from collections.abc import Mapping

_ENTITY_TAG = re.compile(r'(?:W/)?"[^"]*"')


def is_unchanged(if_none_match: str | None, etag: str) -> bool:
    """Return whether an `If-None-Match` header names `etag`, so that 304 answers."""
    if if_none_match is None:
        return False
    if if_none_match.strip() == "*":
        return True
    # The weak comparison: clients that compress, and proxies, make W/"x" of "x".
    return etag in (tag.removeprefix("W/") for tag in _ENTITY_TAG.findall(if_none_match))


def range_holds(headers: Mapping[str, str], etag: str, last_modified: str | None) -> bool:
    """Return whether a `Range` header is to be heeded: `If-Range` is missing, or names the file as it is."""
    condition = headers.get("if-range")
    return condition is None or condition.strip() in {etag, last_modified}
