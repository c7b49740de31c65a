"""Every error that a request can end with has an answer in both protocols."""

import json
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from inhouse_server import errors
from inhouse_server.control_plane import sts
from inhouse_server.control_plane.protocol import answers, models
from inhouse_server.errors import (
    AuthenticationError,
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    QuotaExceededError,
    RequestError,
    ResourceType,
    ValidationReason,
)


def tree(root: type[RequestError] = RequestError) -> Iterator[type[RequestError]]:
    yield root
    for child in root.__subclasses__():
        yield from tree(child)


EXPECTED = {
    "AccessDeniedError": ("AccessDeniedException", 403),
    "AuthenticationError": ("UnrecognizedClientException", 403),
    "ConflictError": ("ConflictException", 409),
    "ExpiredCredentialsError": ("ExpiredTokenException", 403),
    "IncompleteSignatureError": ("IncompleteSignatureException", 400),
    "InvalidRequestError": ("ValidationException", 400),
    "MissingAuthenticationError": ("MissingAuthenticationTokenException", 403),
    "NotFoundError": ("ResourceNotFoundException", 404),
    "QuotaExceededError": ("ServiceQuotaExceededException", 402),
    "InternalError": ("InternalServerException", 500),
    "ThrottledError": ("ThrottlingException", 429),
    "UnavailableError": ("InternalServerException", 500),
    "StorageError": ("InternalServerException", 500),
    "RequestError": ("ValidationException", 400),
    "SignatureMismatchError": ("InvalidSignatureException", 403),
    "UnknownAccessKeyError": ("UnrecognizedClientException", 403),
}


def make(kind: type[RequestError]) -> RequestError:
    if issubclass(kind, (NotFoundError, ConflictError, QuotaExceededError)):
        return kind("The message.", ResourceType.REPOSITORY, "lib", hint="The hint.")
    return kind("The message.", hint="The hint.")


@pytest.mark.parametrize("kind", list(tree()), ids=lambda kind: kind.__name__)
def test_every_error_of_the_tree_is_told_as_the_table_says(kind: type[RequestError]) -> None:
    nearest = next(ancestor.__name__ for ancestor in kind.__mro__ if ancestor.__name__ in EXPECTED)
    answer = answers.in_json(make(kind))
    assert (answer.headers["x-amzn-ErrorType"], answer.status) == EXPECTED[nearest]
    assert json.loads(answer.body)["message"] == "The message. The hint."


@pytest.mark.parametrize("kind", list(tree()), ids=lambda kind: kind.__name__)
def test_every_error_of_the_tree_has_an_answer_of_sts(kind: type[RequestError]) -> None:
    answer = sts.error(make(kind), "request-1")
    root = ET.fromstring(answer.body)
    name = {"sts": models.load("sts").metadata["xmlNamespace"]}
    assert answer.status == answers.in_json(make(kind)).status
    assert root.findtext("sts:Error/sts:Message", namespaces=name) == "The message. The hint."
    assert root.findtext("sts:Error/sts:Type", namespaces=name) == ("Receiver" if answer.status == 500 else "Sender")
    assert root.findtext("sts:RequestId", namespaces=name) == "request-1"


def test_only_the_roots_are_not_told_by_a_line_of_their_own() -> None:
    """A new class directly below a root must be added to the table, not fall through to it."""
    for parent in (RequestError, AuthenticationError):
        for child in parent.__subclasses__():
            if child.__module__ == errors.__name__ and child.__name__ not in _OF_THE_DATA_PLANE:
                assert child in answers.TABLE


_OF_THE_DATA_PLANE = {"NotAcceptableError"}


def test_modelled_shapes_have_the_models_status() -> None:
    model = models.load("codeartifact")
    modelled = {shape.name: shape.metadata for shape in model.error_shapes}
    for answer in [*answers.TABLE.values(), answers.INTERNAL]:
        if answer.shape in modelled:
            assert modelled[answer.shape]["error"]["httpStatusCode"] == answer.status


@pytest.mark.parametrize("kind", [NotFoundError, ConflictError, QuotaExceededError])
def test_resources_are_named(kind: type[NotFoundError | ConflictError | QuotaExceededError]) -> None:
    body = json.loads(answers.in_json(kind("x", ResourceType.PACKAGE_VERSION, "1.0")).body)
    assert body == {"message": "x", "resourceId": "1.0", "resourceType": "package-version"}


def test_reasons_are_named() -> None:
    body = json.loads(answers.in_json(InvalidRequestError("x", ValidationReason.CANNOT_PARSE)).body)
    assert body == {"message": "x", "reason": "CANNOT_PARSE"}


def test_an_unforeseen_exception_is_told_without_what_it_was() -> None:
    answer = answers.internal_in_json("request-1")
    assert (answer.status, answer.headers) == (500, {"x-amzn-ErrorType": "InternalServerException"})
    assert "request-1" in json.loads(answer.body)["message"]
    xml = sts.error(None, "request-1")
    assert xml.status == 500
    assert b"<Code>InternalFailure</Code>" in xml.body
