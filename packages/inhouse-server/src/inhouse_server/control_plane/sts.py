"""STS in its query protocol: who am I. The other actions are answered with an error of STS's own."""

import re
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

from inhouse_server.control_plane.protocol import answers, models
from inhouse_server.control_plane.protocol.encode import WireAnswer
from inhouse_server.errors import InvalidRequestError, RequestError, ValidationReason
from inhouse_server.model import Principal

SERVICE = "sts"
_ACTION = re.compile(r"[A-Za-z0-9]{1,64}", re.ASCII)


def answer(body: bytes, principal: Principal, request_id: str) -> WireAnswer:
    """Return the answer to the action that a form asks for.

    Args:
        body: `Action=…&Version=…`, form-encoded.
        principal: Who signed the request.
        request_id: Stands in the answer.

    Raises:
        InvalidRequestError: CANNOT_PARSE for a form that cannot be read, UNKNOWN_OPERATION for what is not offered.
    """
    action = _action(body)
    if action != "GetCallerIdentity":
        known = action in models.load(SERVICE).operation_names
        raise InvalidRequestError(
            f"This version of the embedded repository does not offer {action} yet."
            if known
            else f"Could not find operation {action} for version {models.load(SERVICE).api_version}",
            ValidationReason.UNKNOWN_OPERATION,
        )
    root = ET.Element(f"{action}Response", xmlns=_namespace())
    result = ET.SubElement(root, f"{action}Result")
    ET.SubElement(result, "Arn").text = principal.arn
    ET.SubElement(result, "UserId").text = principal.user_id
    ET.SubElement(result, "Account").text = principal.account
    ET.SubElement(ET.SubElement(root, "ResponseMetadata"), "RequestId").text = request_id
    return WireAnswer(200, ET.tostring(root, encoding="utf-8", xml_declaration=True), "text/xml")


def error(problem: RequestError | None, request_id: str) -> WireAnswer:
    """Return an error in XML; None is an exception that nobody foresaw."""
    if problem is None:
        status, code, text = answers.INTERNAL.status, answers.INTERNAL.code, answers.internal_text(request_id)
    else:
        found = answers.find(type(problem))
        status, code, text = found.status, found.code, answers.text(problem)
    if isinstance(problem, InvalidRequestError):
        code = _CODES.get(problem.reason, code)
    return answers.in_xml(status, code, text, namespace=_namespace(), request_id=request_id)


_CODES = {ValidationReason.UNKNOWN_OPERATION: "InvalidAction", ValidationReason.CANNOT_PARSE: "MalformedQueryString"}


def _action(body: bytes) -> str:
    try:
        form = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as problem:
        raise InvalidRequestError("The form cannot be parsed.", ValidationReason.CANNOT_PARSE) from problem
    actions = [value for name, value in form if name == "Action"]
    if len(actions) != 1 or not _ACTION.fullmatch(actions[0]):
        raise InvalidRequestError("The form must name one Action.", ValidationReason.CANNOT_PARSE)
    return actions[0]


def _namespace() -> str:
    return str(models.load(SERVICE).metadata["xmlNamespace"])
