import json
from collections.abc import Iterator

import pytest

from inhouse_server import compat, errors
from inhouse_server.data_plane.answers import STATUSES, refusal, status_of
from inhouse_server.errors import (
    ConflictError,
    ExpiredCredentialsError,
    InvalidDistributionError,
    InvalidRequestError,
    NotFoundError,
    PublishBlockedError,
    RemoteUnavailableError,
    RequestError,
    ResourceType,
)


def tree(kind: type[RequestError]) -> Iterator[type[RequestError]]:
    for child in kind.__subclasses__():
        yield child
        yield from tree(child)


@pytest.mark.parametrize("kind", list(tree(RequestError)))
def test_every_error_that_a_request_can_meet_has_a_status(kind: type[RequestError]) -> None:
    assert kind.__module__ == errors.__name__, "the tree is drawn in one module"
    assert 400 <= status_of(kind.__new__(kind)) < 600


def test_a_root_without_a_status_is_a_mistake() -> None:
    with pytest.raises(LookupError, match="RequestError"):
        status_of(RequestError("?"))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ExpiredCredentialsError("late"), 401),
        (PublishBlockedError("no"), compat.PUBLISH_REFUSED_STATUS),
        (NotFoundError("where?", ResourceType.ASSET, "x"), 404),
        (ConflictError("twice", ResourceType.ASSET, "x"), 409),
        (InvalidRequestError("what?"), 400),
        (InvalidDistributionError("what?"), 400),
        (RemoteUnavailableError("down"), 503),
    ],
)
def test_statuses_that_clients_rely_on(error: RequestError, status: int) -> None:
    assert status_of(error) == status
    assert refusal(error).status_code == status


def test_a_refusal_says_what_is_wrong_and_what_to_do() -> None:
    response = refusal(InvalidRequestError("wrong", hint="do this"))
    assert json.loads(bytes(response.body)) == {"message": "wrong", "hint": "do this"}
    assert json.loads(bytes(refusal(InvalidRequestError("wrong")).body)) == {"message": "wrong"}
    assert json.loads(bytes(refusal(InvalidRequestError("wrong", hint="a"), hint="b").body))["hint"] == "b"


def test_both_challenges_stand_in_lines_of_their_own() -> None:
    response = refusal(ExpiredCredentialsError("late"))
    lines = [value.decode() for name, value in response.raw_headers if name == b"www-authenticate"]
    assert lines == list(compat.CHALLENGES)


def test_the_table_has_no_class_twice_over() -> None:
    assert len(STATUSES) == len({kind.__name__ for kind in STATUSES})
