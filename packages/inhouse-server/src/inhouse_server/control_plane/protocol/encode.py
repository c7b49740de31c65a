"""From an operation's result to the parts of an answer, by the service model's output shape."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

JSON_TYPE = "application/json"
BYTES_TYPE = "application/octet-stream"
_NUMBERS = ("boolean", "integer", "long")  # as Python sees it


@dataclass(frozen=True, slots=True)
class Stream:
    """Bytes that are read while they are sent, and closed then.

    Attributes:
        size: How many there are.
    """

    body: BinaryIO
    size: int


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """The parts of an answer.

    Attributes:
        content_type: Of the body; None leaves it out.
        headers: Names as the model writes them.
        stream: Stands for the body where that is too long to be held in memory.
    """

    status: int
    body: bytes
    content_type: str | None = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: Stream | None = None


def encode(operation: OperationModel, result: Mapping[str, object]) -> WireAnswer:
    """Return the answer that carries `result`.

    Args:
        operation: Its output shape says where each member goes.
        result: By the model's member names; None means not set. Times are timezone-aware, a blob is bytes
            or a `Stream`.

    Raises:
        TypeError: The result has a member that the model does not know, or one of the wrong type.
    """
    shape = operation.output_shape
    members = {} if shape is None else shape.members
    if unknown := result.keys() - members.keys():
        raise TypeError(f"{operation.name} has no {', '.join(sorted(unknown))} in its output")
    payload = None if shape is None else shape.serialization.get("payload")
    status = int(operation.http.get("responseCode", 200))
    headers: dict[str, str] = {}
    body: dict[str, object] = {}
    raw: bytes | Stream = b""
    for name, value in result.items():
        if value is None:
            continue
        member = members[name]
        if member.serialization.get("location") == "header":
            headers[member.serialization["name"]] = _header(str(value))
        elif name == payload:
            if not isinstance(value, bytes | Stream):
                raise TypeError(f"{operation.name}: {name} must be bytes or a stream of them")
            raw = value
        else:
            body[member.serialization.get("name", name)] = _encode(value, member, name)
    if isinstance(raw, Stream):
        return WireAnswer(status, b"", BYTES_TYPE, headers, raw)
    if payload is not None:
        return WireAnswer(status, raw, BYTES_TYPE, headers)
    return WireAnswer(status, dump(body), JSON_TYPE, headers)


def dump(value: object) -> bytes:
    """Return compact JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _header(value: str) -> str:
    """Return what makes a server send the UTF-8 of a value: headers hold one byte a character (RFC 9110, 5.5)."""
    return value.encode().decode("latin-1")


def _encode(value: object, shape: Shape, member: str) -> object:
    match value:
        case Mapping() if isinstance(shape, StructureShape):
            return _structure(value, shape, member)
        case Mapping() if isinstance(shape, MapShape):
            return {str(key): _encode(item, shape.value, f"{member}.{key}") for key, item in value.items()}
        case list() | tuple() if isinstance(shape, ListShape):
            return [_encode(item, shape.member, member) for item in value]
        case datetime() if shape.type_name == "timestamp":
            return round(value.timestamp(), 3)
        case str() if shape.type_name == "string":
            return str(value)  # an enumeration's member as its text
        case int() if isinstance(value, bool) == (shape.type_name == "boolean") and shape.type_name in _NUMBERS:
            return value
    raise TypeError(f"{member} must be a {shape.type_name}, not {type(value).__name__}")


def _structure(value: Mapping[str, object], shape: StructureShape, member: str) -> dict[str, object]:
    if unknown := value.keys() - shape.members.keys():
        raise TypeError(f"{shape.name} has no {', '.join(sorted(unknown))}")
    return {
        shape.members[name].serialization.get("name", name): _encode(item, shape.members[name], f"{member}.{name}")
        for name, item in value.items()
        if item is not None
    }
