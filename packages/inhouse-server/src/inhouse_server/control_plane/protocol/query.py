"""AWS's query protocol: parameters in a form, results in XML, both by the service model."""

from collections.abc import Mapping
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from botocore.model import ListShape, OperationModel, Shape, StructureShape

from inhouse_server.control_plane.protocol import constraints
from inhouse_server.errors import InvalidRequestError

_LONGEST_LIST = 100
_LONGEST_NUMBER = 20


def decode(operation: OperationModel, form: Mapping[str, str]) -> dict[str, object]:
    """Return the operation's parameters by the model's member names; those that were not sent are left out.

    Raises:
        InvalidRequestError: Names every member that is missing or breaks its constraints.
    """
    shape = operation.input_shape
    if shape is None:
        return {}
    found = _structure(shape, "", form)
    problems: list[str] = []
    for name, member in shape.members.items():
        if name in found:
            problems += constraints.breaches(found[name], member, name)
        elif name in shape.required_members:
            problems.append(constraints.missing(name))
    if problems:
        count = f"{len(problems)} validation error{'s' if len(problems) > 1 else ''} detected"
        raise InvalidRequestError(f"{count}: {'; '.join(problems)}")
    return found


def encode(operation: OperationModel, result: Mapping[str, object], *, namespace: str, request_id: str) -> bytes:
    """Return the XML that carries `result`.

    Args:
        operation: Its output shape says how each member is written.
        result: By the model's member names; None means not set. Times are timezone-aware.
        namespace: Of the service.
        request_id: Stands in the answer.

    Raises:
        TypeError: The result has a member that the model does not know.
    """
    root = ET.Element(f"{operation.name}Response", xmlns=namespace)
    if operation.output_shape is not None:
        _write(ET.SubElement(root, f"{operation.name}Result"), result, operation.output_shape)
    ET.SubElement(ET.SubElement(root, "ResponseMetadata"), "RequestId").text = request_id
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _structure(shape: StructureShape, prefix: str, form: Mapping[str, str]) -> dict[str, object]:
    found = {name: _read(member, f"{prefix}{name}", form) for name, member in shape.members.items()}
    return {name: value for name, value in found.items() if value is not None}


def _read(shape: Shape, name: str, form: Mapping[str, str]) -> object:
    if isinstance(shape, StructureShape):
        return _structure(shape, f"{name}.", form) or None
    if isinstance(shape, ListShape):
        # One more than any list may have, so that a longer one is refused and not cut.
        items = [_read(shape.member, f"{name}.member.{number}", form) for number in range(1, _LONGEST_LIST + 2)]
        return [item for item in items if item is not None] or None
    text = form.get(name)
    if text is not None and shape.type_name == "integer":
        digits = text.removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) < _LONGEST_NUMBER:
            return int(text)
    return text


def _write(element: ET.Element, value: object, shape: Shape) -> None:
    match value:
        case Mapping() if isinstance(shape, StructureShape):
            for name, item in value.items():
                if name not in shape.members:
                    raise TypeError(f"{shape.name} has no {name}")
                if item is not None:
                    _write(ET.SubElement(element, name), item, shape.members[name])
        case datetime():
            element.text = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case str() | int():
            element.text = str(value)
        case _:
            raise TypeError(f"{shape.name} cannot be written from a {type(value).__name__}")
