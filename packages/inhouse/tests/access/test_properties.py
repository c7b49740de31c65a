"""Whatever a file says: login leaves one repository in it, and logout what was there."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from client_fakes import ENDPOINT
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from inhouse.access.changes import login_change, logout_change
from inhouse.access.interface import Role, Target, ToolFile, names_only
from inhouse.access.journal import dump_journal, load_journal
from inhouse.access.tool_files import CONFIGURATIONS, POETRY_CREDENTIALS
from inhouse.access.undo import undo_of, undone
from inhouse.project.index import repository_index
from inhouse.tools.locations import Tool

INDEX = repository_index("shared", ENDPOINT)
OTHER = repository_index("other", "https://other.example/pypi/d/b-111122223333/b/")
FILE = Path("/home/ada/file")
FILES = {**{tool.value: file for tool, file in CONFIGURATIONS.items()}, "poetry-credentials": POETRY_CREDENTIALS}

URLS = st.sampled_from(
    [INDEX.url, OTHER.url, "https://aws:old-secret@private.example/simple/", "https://third.example/simple", "wheels"]
)
WORDS = st.sampled_from(["x", "aws", "true", "a b", "shared", "subprocess"])
SECRETS = st.sampled_from(["old-secret", "x"])
SECTIONS = ["global", "install", "shared", "other", "distutils", "DEFAULT", "pypi", "x y"]
OPTIONS = [
    "index-url", "extra_index_url", "Find-Links", "no-index", "keyring-provider", "timeout", "repository", "username",
    "password", "index-servers", "pypi-url",
]  # fmt: skip


@st.composite
def ini_texts(draw: st.DrawFn) -> str:
    lines: list[str] = draw(st.lists(st.sampled_from(["", "# a comment", "; another"]), max_size=2))
    for section in draw(st.lists(st.sampled_from(SECTIONS), unique=True, max_size=4)):
        lines.append(draw(st.sampled_from(["[{}]", "[{}]  ", "  [{}] # x"])).format(section))
        for option in draw(st.lists(st.sampled_from(OPTIONS), unique_by=str.lower, max_size=5)):
            sign = draw(st.sampled_from([" = ", "=", ": "]))
            value = draw(SECRETS if option == "password" else URLS | WORDS)
            lines.append(draw(st.sampled_from(["", "", " "])) + option + sign + value)
            for more in draw(st.lists(URLS, max_size=2)):
                lines += [*draw(st.lists(st.sampled_from(["", "# between"]), max_size=1)), f"    {more}"]
        lines += draw(st.lists(st.sampled_from(["", "# a comment", "   "]), max_size=2))
    return "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))


def entries(names: Iterable[str]) -> st.SearchStrategy[list[str]]:
    value = st.one_of(
        URLS.map(repr), WORDS.map(lambda word: f'"{word}"'), st.sampled_from(["true", "3", "1979-05-27", '["wheels"]'])
    )
    secret = SECRETS.map(lambda word: f'"{word}"')
    line = st.sampled_from(list(names)).flatmap(
        lambda name: st.tuples(
            st.just(name), secret if name in {"password", "auth"} else value, st.sampled_from(["", "  # why"])
        )
    )
    return st.lists(line, unique_by=lambda one: one[0], max_size=4).map(
        lambda lines: [f"{name} = {said}{comment}".replace("'", '"') for name, said, comment in lines]
    )


TABLES = [
    ("pip", ("extra-index-url", "link-mode")),
    ("pypi", ("url", "username", "verify_ssl", "password")),
    ("pypi.internal", ("url", "password")),
    ("repository.shared", ("url", "password")),
    ("repositories.shared", ("url",)),
    ("http-basic.shared", ("username", "password")),
    ("http-basic.other", ("username", "password")),
    ("publish.index", ("repo", "auth", "user")),
    ("publish.index.repos.shared", ("url", "auth")),
    ("keyring", ("enabled",)),
]


@st.composite
def toml_texts(draw: st.DrawFn) -> str:
    lines: list[str] = ["# first"] if draw(st.booleans()) else []
    lines += draw(entries(["index-url", "offline", "index-strategy", "keyring-provider", "find-links", "mode"]))
    for name, keys in draw(st.lists(st.sampled_from(TABLES), unique_by=lambda one: one[0], max_size=4)):
        lines += [*draw(st.lists(st.sampled_from(["", "# why"]), max_size=2)), f"[{name}]", *draw(entries(keys))]
    for _ in range(draw(st.integers(0, 2))):
        url, more = draw(URLS), draw(entries(["name", "explicit", "default"]))
        lines += ["[[index]]", f'url = "{url}"', *more, *draw(st.lists(st.sampled_from(["", "# x"]), max_size=2))]
    return "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))


@st.composite
def netrc_texts(draw: st.DrawFn) -> str:
    word = st.sampled_from(["x", "aws", '"a b"', "#1"])
    pieces = []
    for host in draw(st.lists(st.sampled_from(["127.0.0.1", "a.example", "b.example"]), max_size=4)):
        gap = draw(st.sampled_from([" ", "\n  ", "\t"]))
        pieces.append(f"machine {host}{gap}login {draw(word)}{gap}password {draw(word | SECRETS)}")
        pieces += draw(st.lists(st.sampled_from(["# a comment", "", "macdef m\n cd /\n\n"]), max_size=2))
    if draw(st.booleans()):
        pieces.append("default login anonymous password x")
    return "\n".join(pieces) + draw(st.sampled_from(["", "\n"]))


TEXTS = {"ini": ini_texts(), "toml": toml_texts(), "netrc": netrc_texts()}


def texts_for(file: ToolFile) -> st.SearchStrategy[str]:
    return TEXTS[{"Ini": "ini", "Toml": "toml", "Netrc": "netrc"}[type(file.format).__name__]]


def is_of_format(file: ToolFile, text: str) -> bool:
    try:
        file.read(text)
    except ValueError:
        return False
    return True


slowly = settings(
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None, max_examples=60
)


@pytest.mark.parametrize("name", FILES)
@slowly
@given(data=st.data())
def test_logout_leaves_what_was_there(name: str, data: st.DataObject) -> None:
    file = FILES[name]
    before = data.draw(texts_for(file))
    windows = data.draw(st.booleans())
    assume(is_of_format(file, before))
    if windows:
        before = before.replace("\n", "\r\n")
    first = login_change(Target(FILE, file), before, OTHER, "first-token", None)
    assert first.after is not None
    assert "\r\n" not in before or "\n" not in first.after.replace("\r\n", "")
    second = login_change(Target(FILE, file), first.after, INDEX, "new-token", first.record)
    assert second.after is not None
    reading = file.read(second.after.replace("\r\n", "\n"))
    assert names_only(reading, INDEX)
    assert not any("other.example" in mention.url for mention in reading.of(Role.INDEX))
    again = login_change(Target(FILE, file), second.after, INDEX, "new-token", second.record)
    assert again.is_nothing
    for secret in ("first-token", "new-token", "old-secret"):
        assert secret not in second.diff()
    if second.record is None:
        assert second.after == before
        return
    (record,) = load_journal(dump_journal([second.record]))
    change, left = logout_change(record, second.after)
    assert (change.after, left) == (before, ())


@pytest.mark.parametrize("name", FILES)
@slowly
@given(data=st.data())
def test_logout_takes_only_our_entries_back_when_others_have_changed_the_file(name: str, data: st.DataObject) -> None:
    file = FILES[name]
    before = data.draw(texts_for(file))
    assume(is_of_format(file, before))
    added = {
        "Ini": "\n[later]\nkey = value\n",
        "Toml": '\n[later]\nkey = "value"\n',
        "Netrc": "\nmachine later login a\n",
    }
    change = login_change(Target(FILE, file), before, INDEX, "new-token", None)
    assume(change.record is not None)
    assert change.record
    assert change.after is not None
    edited = change.after + added[type(file.format).__name__]
    undo, left = logout_change(change.record, edited)
    assert left == ()
    assert undo.after is not None
    said = {key: entry.meaning for key, entry in file.format.entries(undo.after).items()}
    was = {key: entry.meaning for key, entry in file.format.entries(before).items()}
    more = {key: entry.meaning for key, entry in file.format.entries(added[type(file.format).__name__]).items()}
    assert said == {**was, **more}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_login_made_is_removed(name: str) -> None:
    change = login_change(Target(FILE, FILES[name]), None, INDEX, "new-token", None)
    assert change.record
    assert change.record.created
    undo, _ = logout_change(change.record, change.after)
    assert undo.after is None
    assert logout_change(change.record, None)[0].is_nothing


@given(st.text(alphabet="ab\n"), st.text(alphabet="ab\n"))
def test_lines_are_put_back_to_the_byte(before: str, after: str) -> None:
    class Anything:
        def entries(self, text: str) -> dict[tuple[str, ...], object]:
            _ = text
            return {}

    kind: object = Anything()
    undo = undo_of(before, after, kind)  # type: ignore[arg-type]
    assert undone(after, undo, kind).text == before  # type: ignore[arg-type]


def test_there_is_a_file_for_every_tool() -> None:
    assert set(CONFIGURATIONS) == set(Tool)
