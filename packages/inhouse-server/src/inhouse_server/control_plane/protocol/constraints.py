"""Whether a value is what its shape allows; each breach becomes one sentence that names the member.

botocore checks only what is required, types and minimums before it sends; maximums, patterns and enumerations arrive
unchecked.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial

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
    if not _TYPES[shape.type_name](value):
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


def _is_integer(value: object, bits: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2 ** (bits - 1)) <= value < 2 ** (bits - 1)


_TYPES: Mapping[str, Callable[[object], bool]] = {
    "string": lambda value: isinstance(value, str),
    **{name: partial(_is_integer, bits=bits) for name, bits in _INTEGER_BITS.items()},
    "boolean": lambda value: isinstance(value, bool),
    "list": lambda value: isinstance(value, list),
    "map": lambda value: isinstance(value, dict),
    "structure": lambda value: isinstance(value, dict),
    "blob": lambda value: isinstance(value, bytes | IncomingBlob),
}
"""Which values are of a shape's type; others, such as timestamps, no operation takes."""


def unchecked_types(shape: Shape) -> frozenset[str]:
    """Return the types, of a shape and of all that is in it, that `breaches` cannot check."""
    found, pending, seen = set(), [shape], set()
    while pending:
        each = pending.pop()
        if each.name in seen:  # a shape may be in itself
            continue
        seen.add(each.name)
        if each.type_name not in _TYPES:
            found.add(each.type_name)
        if isinstance(each, StructureShape):
            pending.extend(each.members.values())
        elif isinstance(each, ListShape):
            pending.append(each.member)
        elif isinstance(each, MapShape):
            pending.extend((each.key, each.value))
    return frozenset(found)


def _kind(shape: Shape) -> str:
    return "number" if shape.type_name in _INTEGER_BITS else shape.type_name


def _shown(value: object) -> str:
    text = ascii(value) if isinstance(value, str) else type(value).__name__
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**64:
        text = str(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
