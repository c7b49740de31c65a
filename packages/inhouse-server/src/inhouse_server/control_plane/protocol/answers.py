"""The one table from errors to AWS's error answers, in both of its wire formats."""

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from inhouse_server.control_plane.protocol.encode import WireAnswer, dump
from inhouse_server.errors import (
    AccessDeniedError,
    AuthenticationError,
    ConflictError,
    ExpiredCredentialsError,
    ExpiredIdentityTokenError,
    IdentityProviderUnavailableError,
    IncompleteSignatureError,
    InternalError,
    InvalidIdentityTokenError,
    InvalidRequestError,
    MalformedPolicyError,
    MissingAuthenticationError,
    NotFoundError,
    QuotaExceededError,
    RequestError,
    SignatureMismatchError,
    StorageError,
    ThrottledError,
    UnavailableError,
    UnknownAccessKeyError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """How an error is told.

    Attributes:
        shape: Its name in CodeArtifact's REST-JSON protocol.
        status: The HTTP status.
        code: Its code in STS's query protocol.
    """

    shape: str
    status: int
    code: str


TABLE: dict[type[RequestError], Answer] = {
    MissingAuthenticationError: Answer("MissingAuthenticationTokenException", 403, "MissingAuthenticationToken"),
    IncompleteSignatureError: Answer("IncompleteSignatureException", 400, "IncompleteSignature"),
    UnknownAccessKeyError: Answer("UnrecognizedClientException", 403, "InvalidClientTokenId"),
    SignatureMismatchError: Answer("InvalidSignatureException", 403, "SignatureDoesNotMatch"),
    ExpiredCredentialsError: Answer("ExpiredTokenException", 403, "ExpiredToken"),
    AuthenticationError: Answer("UnrecognizedClientException", 403, "InvalidClientTokenId"),
    AccessDeniedError: Answer("AccessDeniedException", 403, "AccessDenied"),
    NotFoundError: Answer("ResourceNotFoundException", 404, "ResourceNotFound"),
    ConflictError: Answer("ConflictException", 409, "Conflict"),
    QuotaExceededError: Answer("ServiceQuotaExceededException", 402, "LimitExceeded"),
    MalformedPolicyError: Answer("ValidationException", 400, "MalformedPolicyDocument"),
    ExpiredIdentityTokenError: Answer("ValidationException", 400, "ExpiredTokenException"),
    IdentityProviderUnavailableError: Answer("ValidationException", 400, "IDPCommunicationError"),
    InvalidIdentityTokenError: Answer("ValidationException", 400, "InvalidIdentityToken"),
    InvalidRequestError: Answer("ValidationException", 400, "ValidationError"),
    ThrottledError: Answer("ThrottlingException", 429, "Throttling"),
    UnavailableError: Answer("InternalServerException", 500, "ServiceUnavailable"),
    InternalError: Answer("InternalServerException", 500, "InternalFailure"),
    StorageError: Answer("InternalServerException", 500, "InternalFailure"),
    RequestError: Answer("ValidationException", 400, "ValidationError"),
}
"""A class that is not here is told as the nearest one above it in the tree of errors."""

INTERNAL = Answer("InternalServerException", 500, "InternalFailure")
"""What is told of an exception that nobody foresaw."""


def find(error: type[RequestError]) -> Answer:
    """Return how errors of a class are told."""
    return next(TABLE[ancestor] for ancestor in error.__mro__ if ancestor in TABLE)


def text(error: RequestError) -> str:
    """Return an error's message with its hint behind it: AWS's clients show nothing but the message."""
    return f"{error.message} {error.hint}".rstrip()


def in_json(error: RequestError) -> WireAnswer:
    """Return the error as CodeArtifact answers it."""
    answer = find(type(error))
    body: dict[str, object] = {"message": text(error)}
    headers = {"x-amzn-ErrorType": answer.shape}
    match error:
        case NotFoundError() | ConflictError() | QuotaExceededError():
            body |= {"resourceId": error.resource_id, "resourceType": error.resource_type}
        case InvalidRequestError():
            body |= {"reason": error.reason}
        case ThrottledError():
            headers["Retry-After"] = str(error.retry_after)
        case _:
            pass
    return WireAnswer(answer.status, dump(body), headers=headers)


def internal_in_json(request_id: str) -> WireAnswer:
    """Return the answer to an exception that nobody foresaw; what it was stands in the server's log."""
    body = dump({"message": internal_text(request_id)})
    return WireAnswer(INTERNAL.status, body, headers={"x-amzn-ErrorType": INTERNAL.shape})


def internal_text(request_id: str) -> str:
    """Return the message about an exception that nobody foresaw."""
    return f"An internal error occurred; the repository's log has more under request id {request_id}."


def in_xml(status: int, code: str, message: str, *, namespace: str, request_id: str) -> WireAnswer:
    """Return an error as STS answers it."""
    root = ET.Element("ErrorResponse", xmlns=namespace)
    error = ET.SubElement(root, "Error")
    ET.SubElement(error, "Type").text = "Receiver" if status >= 500 else "Sender"
    ET.SubElement(error, "Code").text = code
    ET.SubElement(error, "Message").text = message
    ET.SubElement(root, "RequestId").text = request_id
    return WireAnswer(status, ET.tostring(root, encoding="utf-8", xml_declaration=True), "text/xml")
