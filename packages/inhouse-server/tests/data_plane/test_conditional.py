import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse_server.data_plane.conditional import is_unchanged, range_holds

ETAG, TIME = '"abc"', "Fri, 01 May 2020 10:30:00 GMT"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, False),
        (ETAG, True),
        ('W/"abc"', True),
        ('"x", "abc"', True),
        ('"x",W/"abc" ,"y"', True),
        ("*", True),
        (" * ", True),
        ('"x"', False),
        ("abc", False),
        ("", False),
        ('"abc', False),
    ],
)
def test_what_the_client_has_already(header: str | None, expected: bool) -> None:
    assert is_unchanged(header, ETAG) is expected


@given(st.text())
def test_any_header_has_an_answer(header: str) -> None:
    assert is_unchanged(header, ETAG) in {True, False}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, True),
        ({"if-range": ETAG}, True),
        ({"if-range": TIME}, True),
        ({"if-range": f" {ETAG} "}, True),
        ({"if-range": '"other"'}, False),
        ({"if-range": 'W/"abc"'}, False),
        ({"if-range": "Fri, 01 May 2020 10:30:01 GMT"}, False),
    ],
)
def test_a_range_is_heeded_only_of_the_file_the_client_knows(headers: dict[str, str], expected: bool) -> None:
    assert range_holds(headers, ETAG, TIME) is expected


def test_a_file_without_a_time_has_only_its_tag() -> None:
    assert not range_holds({"if-range": TIME}, ETAG, None)
