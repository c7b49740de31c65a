"""From the parts of a request to the parameters of an operation, checked against the service model."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl

from botocore.model import OperationModel, Shape

from inhouse_server.blobs import IncomingBlob
from inhouse_server.control_plane.protocol import constraints
from inhouse_server.errors import InvalidRequestError, ValidationReason

_MAXIMUM_PROBLEMS = 10
"""How many breaches an answer names: a body may have hundreds of thousands, each a long sentence."""

_INTEGER = re.compile(r"-?[0-9]{1,20}", re.ASCII)
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class WireRequest:
    """The parts of a request that carry parameters.

    Attributes:
        query: Behind the `?`, percent-encoded.
        headers: By name in lower case.
        body: The whole body; empty where `payload` stands for it.
        payload: What a body has been written to that is too long to be held in memory; handed on as it is.
    """

    query: str
    headers: Mapping[str, str]
    body: bytes
    payload: IncomingBlob | None = None


def decode(operation: OperationModel, request: WireRequest) -> dict[str, object]:
    """Return the operation's parameters by the model's member names; those that were not sent are left out.

    Raises:
        InvalidRequestError: CANNOT_PARSE for a query or body that cannot be read; FIELD_VALIDATION_FAILED, naming the
            members that are missing or break their constraints, the first ten of them.
    """
    shape = operation.input_shape
    found: dict[str, object] = {}
    if shape is None:
        return found
    payload = shape.serialization.get("payload")
    query = _query(request.query)
    in_body = {name for name, member in shape.members.items() if "location" not in member.serialization}
    body = _body(request.body) if in_body and not payload else {payload: request.payload or request.body}
    problems: list[str] = []
    for name, member in shape.members.items():
        wire_name = member.serialization.get("name", name)
        value: object
        match member.serialization.get("location"):
            case "querystring":
                values = query.get(wire_name, [])
                if len(values) > 1:
                    problems.append(f"Value at '{name}' failed to satisfy constraint: Member must be given once")
                    continue
                value = _from_text(values[0], member) if values else None
            case "header":
                text = request.headers.get(wire_name.lower())
                value = None if text is None else _from_text(text, member)
            case None:
                value = body.get(name if name == payload else wire_name)
            case other:
                raise NotImplementedError(f"{operation.name}: a parameter in the {other}")
        if value is not None:
            found[name] = value
            problems += islice(constraints.breaches(value, member, name), _MAXIMUM_PROBLEMS)
        elif name in shape.required_members:
            problems.append(constraints.missing(name))
    if problems:
        raise _invalid(problems[:_MAXIMUM_PROBLEMS])
    return found


def _invalid(problems: Sequence[str]) -> InvalidRequestError:
    count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected"
    if len(problems) == _MAXIMUM_PROBLEMS:
        count = f"{len(problems)} or more validation errors detected"
    return InvalidRequestError(f"{count}: {'; '.join(problems)}")


def _query(text: str) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:  # bytes that are not UTF-8, or more fields than any operation has
        raise InvalidRequestError("The query string cannot be parsed.", ValidationReason.CANNOT_PARSE) from error
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _body(data: bytes) -> dict[str, object]:
    if not data:  # botocore sends none where an operation has no members in the body, others where none is set
        return {}
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError("The body is not valid JSON.", ValidationReason.CANNOT_PARSE) from error
    if not isinstance(value, dict):
        raise InvalidRequestError("The body must be a JSON object.", ValidationReason.CANNOT_PARSE)
    return value


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _from_text(text: str, shape: Shape) -> object:
    """Return the value that a query parameter or header spells; the text itself where it spells none of that type."""
    if shape.type_name in ("integer", "long") and _INTEGER.fullmatch(text):
        return int(text)
    if shape.type_name == "boolean":
        return _BOOLEANS.get(text, text)
    return text
