import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse_server.errors import NotAcceptableError
from inhouse_server.rules.negotiation import Representation, choose

JSON, HTML, PLAIN = Representation.JSON, Representation.HTML, Representation.PLAIN_HTML
SIMPLE = "application/vnd.pypi.simple"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, PLAIN),
        ("", PLAIN),
        ("  ", PLAIN),
        ("*/*", PLAIN),
        ("text/html", PLAIN),
        ("text/*", PLAIN),
        ("application/*", JSON),
        (f"{SIMPLE}.v1+json", JSON),
        (f"{SIMPLE}.latest+json", JSON),
        (f"{SIMPLE}.v1+html", HTML),
        (f"{SIMPLE}.latest+html", HTML),
        # what pip, uv and Poetry send
        (f"{SIMPLE}.v1+json, {SIMPLE}.v1+html; q=0.1, text/html; q=0.01", JSON),
        (f"{SIMPLE}.v1+json, {SIMPLE}.v1+html;q=0.2, text/html;q=0.01", JSON),
        (f"{SIMPLE}.v1+json, */*;q=0.1", JSON),
        # what a browser sends
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", PLAIN),
        (f"{SIMPLE}.v1+json;q=0.1, text/html", PLAIN),
        (f"{SIMPLE}.v1+json, text/html", JSON),
        (f"{SIMPLE}.v1+json, */*", JSON),
        ("text/html;q=0, */*", HTML),
        ("application/xml, */*;q=0.1", PLAIN),
        ("text/html;q=x, application/vnd.pypi.simple.v1+html;q=0.1", HTML),
        ("text/html;q=2, application/vnd.pypi.simple.v1+html;q=0.1", HTML),
        ("TEXT/HTML;charset=utf-8;Q=0.5", PLAIN),
        (f"{SIMPLE}.v1+json;q=0.2, {SIMPLE}.latest+json;q=0.9, text/html;q=0.5", JSON),
        ("text/*;q=0.1, */*;q=0.9", PLAIN),
    ],
)
def test_the_best_of_what_the_client_understands(accept: str | None, expected: Representation) -> None:
    assert choose(accept) is expected


@pytest.mark.parametrize(
    "accept", ["application/xml", "text/html;q=0", "image/*", "*/*;q=0", ",", ";;;", "text/html;q=nan"]
)
def test_nothing_that_we_have_is_not_acceptable(accept: str) -> None:
    with pytest.raises(NotAcceptableError) as caught:
        choose(accept)
    assert "text/html" in caught.value.hint


@given(st.text())
def test_any_text_has_an_answer(accept: str) -> None:
    with contextlib.suppress(NotAcceptableError):
        assert choose(accept) in Representation


@given(st.permutations([f"{SIMPLE}.v1+json", f"{SIMPLE}.v1+html;q=0.5", "text/html;q=0.4", "*/*;q=0.3"]))
def test_the_order_of_the_entries_does_not_matter(entries: list[str]) -> None:
    assert choose(",".join(entries)) is JSON
