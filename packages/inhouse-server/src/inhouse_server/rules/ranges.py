"""Which bytes of a file a client asks for.

Source: RFC 9110, 14. A request for several ranges, or in a unit we do not know, gets the whole file, as it allows.
"""

import re
from dataclasses import dataclass

_SINGLE = re.compile(r"bytes=\s*(?P<first>\d{0,18})-(?P<last>\d{0,18})\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes `start` up to, not including, `stop`; never empty."""

    start: int
    stop: int


class UnsatisfiableRangeError(Exception):
    """No byte of the file is in the range."""


def parse(header: str | None, size: int) -> ByteRange | None:
    """Return the range that a `Range` header asks of a file of `size` bytes, or None for the whole file.

    Raises:
        UnsatisfiableRangeError: The header is a range, and no byte of the file is in it.
    """
    match = None if header is None else _SINGLE.fullmatch(header)
    if match is None:
        return None
    first, last = match["first"], match["last"]
    if not first and not last:
        return None
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None  # RFC 9110, 14.1.2: such a range is invalid, and an invalid header is ignored
    if start >= stop:
        raise UnsatisfiableRangeError
    return ByteRange(start, stop)
