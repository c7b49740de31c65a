"""Whether a value is what its shape allows; each breach becomes one sentence that names the member.

botocore checks only what is required, types and minimums before it sends; maximums, patterns and enumerations arrive
unchecked.
"""

from collections.abc import Iterator
from functools import cache

import regex
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from inhouse_server.blobs import IncomingBlob

_SHOWN_CHARACTERS = 100
_INTEGER_BITS = {"integer": 32, "long": 64}


def breaches(value: object, shape: Shape, member: str) -> Iterator[str]:
    """Yield a sentence for each constraint of `shape` that `value` breaks.

    Args:
        value: A JSON value; for a blob bytes, or what they have been written to.
        shape: What it should be.
        member: Its place, for example `tags.1.member.key`.
    """
    if not _has_type(value, shape):
        yield f"Value {_shown(value)} at '{member}' failed to satisfy constraint: Member must be of type {_kind(shape)}"
    elif isinstance(value, dict):
        yield from _mapping_breaches(value, shape, member)
    elif isinstance(value, list) and isinstance(shape, ListShape):
        yield from _range_breaches(value, len(value), shape, member, "length")
        for number, item in enumerate(value, start=1):
            yield from breaches(item, shape.member, f"{member}.{number}.member")
    elif isinstance(value, str) and isinstance(shape, StringShape):
        yield from _string_breaches(value, shape, member)
    elif isinstance(value, int) and shape.type_name in _INTEGER_BITS:
        yield from _range_breaches(value, value, shape, member, "value")


def missing(member: str) -> str:
    """Return the sentence for a required member that is not there."""
    return f"Value null at '{member}' failed to satisfy constraint: Member must not be null"


def _mapping_breaches(value: dict[str, object], shape: Shape, member: str) -> Iterator[str]:
    if isinstance(shape, StructureShape):
        for name, child in shape.members.items():
            item = value.get(name)
            if item is not None:
                yield from breaches(item, child, f"{member}.{name}")
            elif name in shape.required_members:
                yield missing(f"{member}.{name}")
    elif isinstance(shape, MapShape):
        yield from _range_breaches(value, len(value), shape, member, "length")
        for key, item in value.items():
            yield from breaches(key, shape.key, f"{member}.key")
            yield from breaches(item, shape.value, f"{member}.value")


def _string_breaches(value: str, shape: StringShape, member: str) -> Iterator[str]:
    start = f"Value {_shown(value)} at '{member}' failed to satisfy constraint: "
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        yield f"{start}Member must be valid Unicode text"
        return
    if shape.enum and value not in shape.enum:
        yield f"{start}Member must satisfy enum value set: [{', '.join(shape.enum)}]"
    yield from _range_breaches(value, len(value), shape, member, "length")
    pattern = shape.metadata.get("pattern")
    if pattern and not _compiled(pattern).fullmatch(value):
        yield f"{start}Member must satisfy regular expression pattern: {pattern}"


def _range_breaches(value: object, measure: int, shape: Shape, member: str, what: str) -> Iterator[str]:
    start = f"Value {_shown(value)} at '{member}' failed to satisfy constraint: Member must have {what} "
    if measure < shape.metadata.get("min", measure):
        yield f"{start}greater than or equal to {shape.metadata['min']}"
    if measure > shape.metadata.get("max", measure):
        yield f"{start}less than or equal to {shape.metadata['max']}"


@cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    # The models' patterns are Java's, with classes such as \p{C} that the standard library does not know.
    return regex.compile(pattern)


def _has_type(value: object, shape: Shape) -> bool:
    match shape.type_name:
        case "string":
            return isinstance(value, str)
        case "integer" | "long":
            bits = _INTEGER_BITS[shape.type_name] - 1
            return isinstance(value, int) and not isinstance(value, bool) and -(2**bits) <= value < 2**bits
        case "boolean":
            return isinstance(value, bool)
        case "list":
            return isinstance(value, list)
        case "map" | "structure":
            return isinstance(value, dict)
        case "blob":
            return isinstance(value, bytes | IncomingBlob)
        case other:
            raise NotImplementedError(f"no operation takes a {other}")


def _kind(shape: Shape) -> str:
    return "number" if shape.type_name in _INTEGER_BITS else shape.type_name


def _shown(value: object) -> str:
    text = ascii(value) if isinstance(value, str) else type(value).__name__
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**64:
        text = str(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
