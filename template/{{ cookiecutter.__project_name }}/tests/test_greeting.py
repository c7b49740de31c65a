"""Unit tests of the greetings."""

import pytest

from {{ cookiecutter.__import_name }}.greeting import greet


@pytest.mark.parametrize(
    ("formal", "expected"),
    [(False, "Hello, Ada!"), (True, "Good day, Ada.")],
)
def test_the_occasion_decides_the_words(formal: bool, expected: str) -> None:
    """A formal occasion gets other words than an informal one."""
    assert greet("Ada", formal=formal) == expected


def test_spaces_around_the_name_do_not_count() -> None:
    """Names often come from forms, with spaces around them."""
    assert greet("  Ada ") == "Hello, Ada!"


@pytest.mark.parametrize("name", ["", "  "])
def test_a_greeting_needs_a_name(name: str) -> None:
    """Nobody is greeted by an empty name."""
    with pytest.raises(ValueError, match="needs a name"):
        greet(name)
