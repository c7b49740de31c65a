import tomllib
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from inhouse.project.edit import beginnings, with_beginnings, with_value

TEXT = """\
# owner = "a"
[tool.inhouse]  # "a"
index = 'a'
other = "a"\t# "a"
owner   =   'a'
"""


def test_the_value_of_one_key_is_exchanged_and_every_other_byte_stays() -> None:
    assert with_value(TEXT, ("tool", "inhouse", "owner"), "b") == TEXT.replace("owner   =   'a'", "owner   =   'b'")
    assert with_value(TEXT, ("tool", "inhouse", "owner"), "a") == TEXT


def test_a_value_with_escapes_is_not_guessed_at() -> None:
    with pytest.raises(LookupError, match=r"tool\.inhouse\.owner"):
        with_value('[tool.inhouse]\nowner = "\\u0061"\n', ("tool", "inhouse", "owner"), "b")


def test_beginnings_are_exchanged_in_values_and_not_in_comments() -> None:
    text = '# "http://a/x"\nu = "http://a/x" # "http://a/y"\nv = \'http://a/\'\nw = "see http://a/"\n"http://a/" = 1\n'
    moved = with_beginnings(text, ["http://a/"], "http://b/")
    assert moved == (
        '# "http://a/x"\nu = "http://b/x" # "http://a/y"\nv = \'http://b/\'\nw = "see http://a/"\n"http://b/" = 1\n'
    )


def test_the_longest_beginning_counts() -> None:
    assert [found[0] for found in beginnings("\"ab\" 'abc' ab", ["ab", "abc"])] == ["ab", "abc"]


def test_what_would_not_be_read_any_more_is_not_written() -> None:
    assert with_beginnings('"k/a" = "k/1"\n"n/a" = 2\n', ["k/"], "n/") == '"k/a" = "n/1"\n"n/a" = 2\n'


WORDS = st.text(st.sampled_from("abc"), min_size=1, max_size=2)
TREES = st.recursive(WORDS, lambda inner: st.dictionaries(WORDS, inner, min_size=1, max_size=3), max_leaves=8)


@given(st.dictionaries(WORDS, TREES, min_size=1, max_size=3), st.data())
def test_exactly_the_value_that_is_named_changes(document: dict[str, object], data: st.DataObject) -> None:
    path: list[str] = []
    place: object = document
    while isinstance(place, dict):
        path.append(data.draw(st.sampled_from(sorted(place))))
        place = place[path[-1]]
    text = tomlkit.dumps(document)
    changed = tomllib.loads(with_value(text, path, "new"))
    parent: Any = document
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = "new"
    assert changed == document
