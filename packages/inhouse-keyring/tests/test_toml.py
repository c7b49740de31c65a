"""A table is read as `tomllib` reads it, and without it where that can be."""

import string
import sys

import pytest
import tomllib
from hypothesis import given
from hypothesis import strategies as st

from inhouse_keyring.toml import read_table

PLAIN = """\
# a project
[build-system]
requires = [
    "hatchling",
]
[project]
name = "acme-core"
[tool.inhouse]  # ours
domain = "acme"  # the domain
owner = '111122223333'
"region" = "us-east-1"

reserved = [
    "a",
]
local-publish = "a \\"reason\\""
[[tool.uv.index]]
name = "shared"
domain = "another"
"""

KEYS = ("domain", "owner", "region")
FOUND = {"domain": "acme", "owner": "111122223333", "region": "us-east-1"}


def expected(content: str, name: str, keys: tuple[str, ...] | None) -> dict[str, str] | None:
    """What `tomllib` says; None if it says that it is no TOML."""
    try:
        table = tomllib.loads(content)
    except tomllib.TOMLDecodeError:
        return None
    for part in name.split(".") if name else ():
        inner = table.get(part, {})
        table = inner if isinstance(inner, dict) else {}
    shown = {True: "true", False: "false"}
    return {
        key: shown[value] if isinstance(value, bool) else str(value)
        for key, value in table.items()
        if (keys is None or key in keys) and isinstance(value, str | int | float)
    }


def test_a_plain_table_is_read_without_tomllib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tomllib", None)
    monkeypatch.setitem(sys.modules, "tomli", None)
    assert read_table(PLAIN, "tool.inhouse", KEYS) == FOUND
    with pytest.raises(ValueError, match=r"Python 3\.11"):
        read_table(PLAIN, "tool.inhouse")


@pytest.mark.parametrize(
    "content",
    [
        "[tool]\ninhouse = { domain = 'acme', owner = '111122223333', region = 'us-east-1' }",
        "[tool]\ninhouse.domain = 'acme'\ninhouse.owner = '111122223333'\ninhouse.region = 'us-east-1'",
        "tool.inhouse.domain = 'acme'\ntool.inhouse.owner = '111122223333'\ntool.inhouse.region = 'us-east-1'",
        "[ tool . inhouse ]\ndomain = 'acme'\nowner = '111122223333'\nregion = 'us-east-1'",
        "[tool.'inhouse']\ndomain = 'acme'\nowner = '111122223333'\nregion = 'us-east-1'",
        '[tool.inhouse]\ndomain = "\\u0061cme"\nowner = """111122223333"""\nregion = "us-east-1"',
        '[about]\ntext = """\n[tool.inhouse]\ndomain = "evil"\n"""\n' + PLAIN,
        "[tool.inhouse]\r\ndomain = 'acme'\r\nowner = '111122223333'\r\nregion = 'us-east-1'\r\n",
    ],
)
def test_whatever_the_form_the_content_is_the_same(content: str) -> None:
    assert read_table(content, "tool.inhouse", KEYS) == FOUND


def test_a_file_without_the_table_says_nothing() -> None:
    assert read_table("[project]\nname = 'x'", "tool.inhouse", KEYS) == {}
    assert read_table("[project]\ndescription = 'inhouse'", "tool.inhouse", KEYS) == {}
    assert read_table("[tool]\ninhouse = 1", "tool.inhouse", KEYS) == {}
    assert read_table("tool = 1  # inhouse", "tool.inhouse", KEYS) == {}


def test_what_stands_before_the_first_table_can_be_read() -> None:
    content = "token-seconds = 900\nverbose = true\n# end\n[profiles]\n'acme-111122223333' = \"work\"\n"
    assert read_table(content, "") == {"token-seconds": "900", "verbose": "true"}
    assert read_table(content, "profiles") == {"acme-111122223333": "work"}
    assert read_table(content, "endpoints") == {}


@pytest.mark.parametrize(
    "content", ["[tool.inhouse", "domain", "[tool.inhouse]\n[tool.inhouse]\ndomain = 'x'", "a = 01"]
)
def test_what_is_no_toml_is_an_error(content: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_table(content + "\n# inhouse", "tool.inhouse" if "[" in content else "", None)


_texts = st.text(alphabet=string.ascii_letters + string.digits + "-_#=[]'\" \\.{},\t", max_size=12)
_values = st.one_of(
    _texts.map(lambda text: f'"{text}"'),
    _texts.map(lambda text: f"'{text}'"),
    st.sampled_from(["1", "0900", "1.5", "true", "[1, 2]", "[", "]", '"""', "{ a = 1 }", "1979-05-27", "1_000"]),
)
_keys = st.sampled_from(
    ["domain", "owner", "region", '"domain"', "'owner'", "a.b", "other", "tool.inhouse.domain", "[x"]
)
_lines = st.one_of(
    st.builds("{} = {}".format, _keys, _values),
    st.builds("{} = {} # {}".format, _keys, _values, _texts),
    st.sampled_from(
        ["[tool.inhouse]", "[tool]", "[[tool.inhouse]]", "[ tool.inhouse ]", "", "# x", "[other] # inhouse"]
    ),
    _texts,
)


@given(st.lists(_lines, max_size=8).map("\n".join), st.sampled_from(["tool.inhouse", "tool", "", "other"]))
def test_a_table_of_any_text_is_the_one_that_tomllib_reads(content: str, name: str) -> None:
    for keys in (None, KEYS):
        wanted = expected(content, name, keys)
        if wanted is not None:  # what is no TOML may be found out, and need not be
            assert read_table(content, name, keys) == wanted
