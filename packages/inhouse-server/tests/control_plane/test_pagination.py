import base64
import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inhouse_server.control_plane.protocol import pagination
from inhouse_server.errors import InvalidRequestError

PARAMETERS = {"domain": "dd", "maxResults": 2}


def read(parameters: dict[str, object], operation: str = "ListThings") -> pagination.Page:
    return pagination.read(operation, parameters, asker="me", default_limit=50, key_length=1)


def make_token(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), unique=True, max_size=20), st.integers(1, 7))
def test_pages_together_are_the_whole(names: list[str], size: int) -> None:
    names = sorted(names)
    seen: list[str] = []
    parameters: dict[str, object] = {"domain": "dd", "maxResults": size}
    while True:
        page = read(parameters)
        found = [name for name in names if page.after is None or name > page.after[0]][: page.fetch]
        shown, token = page.cut(found, lambda name: (name,))
        assert len(shown) <= size
        seen += shown
        if token is None:
            break
        assert len(token) <= 2000 or len(seen[-1]) > 100
        assert not any(character.isspace() for character in token)
        parameters["nextToken"] = token
    assert seen == names


def test_the_default_size_of_a_page() -> None:
    page = read({})
    assert (page.limit, page.fetch, page.after) == (50, 51, None)


def next_token() -> str:
    _, token = read(PARAMETERS).cut(["a", "b", "c"], lambda name: (name,))
    assert token is not None
    return token


def test_a_token_is_good_for_another_size_of_page() -> None:
    assert read({"domain": "dd", "maxResults": 500, "nextToken": next_token()}).after == ("b",)


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [("ListOthers", {"domain": "dd"}), ("ListThings", {"domain": "ee"}), ("ListThings", {"domain": "dd", "x": 1})],
)
def test_a_token_of_another_question_is_refused(operation: str, parameters: dict[str, object]) -> None:
    with pytest.raises(InvalidRequestError, match="nextToken"):
        read({**parameters, "nextToken": next_token()}, operation)


@given(st.text(min_size=1, max_size=60))
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequestError):
        read({**PARAMETERS, "nextToken": text})


@given(position=st.integers(0, 60), character=st.sampled_from("abcXYZ019-_=!"))
def test_a_broken_token_is_refused_or_leads_elsewhere_in_the_same_list(position: int, character: str) -> None:
    token = next_token()
    changed = token[: position % len(token)] + character + token[position % len(token) + 1 :]
    assume(changed != token)
    try:
        after = read({**PARAMETERS, "nextToken": changed}).after
    except InvalidRequestError:
        return
    assert after is not None
    assert len(after) == 1


@pytest.mark.parametrize("key", ["b", [], ["a", "b"], [1], [None], {"a": 1}, ["\ud800"]])
def test_a_key_of_another_form_is_refused(key: object) -> None:
    digest = read(PARAMETERS).digest
    with pytest.raises(InvalidRequestError):
        read({**PARAMETERS, "nextToken": make_token(["ListThings", digest, key])})


@pytest.mark.parametrize("value", [None, 5, [], {}, ["ListThings"], "x"])
def test_json_of_another_form_is_refused(value: object) -> None:
    with pytest.raises(InvalidRequestError):
        read({**PARAMETERS, "nextToken": make_token(value)})


def test_a_deeply_nested_token_is_refused() -> None:
    token = base64.urlsafe_b64encode(b"[" * 200_000).decode()
    with pytest.raises(InvalidRequestError):
        read({**PARAMETERS, "nextToken": token})
