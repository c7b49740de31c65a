from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse_server.data_plane.authentication import read_token
from inhouse_server.errors import AuthenticationError, MissingAuthenticationError, UnknownAccessKeyError


def basic(text: bytes) -> str:
    return f"Basic {b64encode(text).decode()}"


@pytest.mark.parametrize(
    "header", [basic(b"aws:to:ken"), "Bearer to:ken", "bearer  to:ken ", basic(b"aws:to:ken").replace("Basic", "BASIC")]
)
def test_a_token_in_either_scheme(header: str) -> None:
    assert read_token(header) == "to:ken"


def test_no_header() -> None:
    with pytest.raises(MissingAuthenticationError):
        read_token(None)


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        (basic(b"me:token"), "'aws'"),
        (basic(b"aws"), "'aws'"),
        (basic(b""), "'aws'"),
        (basic(b"\xff:x"), "cannot be read"),
        ("Basic !!!", "cannot be read"),
        ("Basic", "'aws'"),
        ("Digest x", "'Digest'"),
        ("", "''"),
    ],
)
def test_what_is_no_token(header: str, complaint: str) -> None:
    with pytest.raises(UnknownAccessKeyError, match=complaint):
        read_token(header)


@given(st.text() | st.binary().map(basic) | st.text().map("Basic ".__add__))
def test_any_header_gives_a_token_or_a_refusal(header: str) -> None:
    try:
        assert isinstance(read_token(header), str)
    except AuthenticationError as error:
        assert error.message  # noqa: PT017 - both outcomes are right
