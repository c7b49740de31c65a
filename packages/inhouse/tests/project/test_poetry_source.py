import tomllib

import pytest
import tomlkit
from client_fakes import ENDPOINT, OLD_POETRY_PYPROJECT, POETRY_PYPROJECT
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from inhouse.errors import ManifestError
from inhouse.project.index import repository_index
from inhouse.project.manifest import read_manifest
from inhouse.project.poetry_source import set_one_source

INDEX = repository_index("shared", ENDPOINT)
SOURCE = f'[[tool.poetry.source]]\nname = "shared"\nurl = "{ENDPOINT}simple/"\npriority = "primary"\n\n'

BUSY = """\
[tool.poetry]
name = "acme-core"   # as published
version = "1"

[tool.poetry.dependencies]
python = "^3.11"
fork = { git = "https://forge.example/fork" }
torch = {version = "^2", source = "torch"}  # big
ours = { version = "1", source = "shared" }
both = [{ version = "1", python = "<3.12", source = "pub" }, { version = "2", python = ">=3.12" }]

[tool.poetry.group.dev.dependencies.ruff]
version = "*"
source = "PyPI"

[[tool.poetry.source]]
name = "PyPI"
priority = "primary"

[[tool.poetry.source]]
name = "shared"  # ours
url = "https://old.example/simple"
secondary = true

[[tool.poetry.source]]
name = "torch"
url = "https://torch.example/simple"
priority = "explicit"

[tool.inhouse]
domain = "acme"
owner = "111122223333"
region = "us-east-1"
repository = "shared"
index = "shared"
"""


def test_other_sources_and_what_is_tied_to_them_are_taken_out_and_named() -> None:
    change = set_one_source(BUSY, INDEX)
    assert change.removed == snapshot(
        (
            "the source `PyPI` (PyPI)",
            "the source `torch` (https://torch.example/simple)",
            "the source `torch` of `torch`",
            "the source `pub` of `both`",
            "the source `PyPI` of `ruff`",
            "`secondary` of the source `shared`",
        )
    )
    assert read_manifest(change.text).one_index().url == INDEX.url
    for kept in ("# as published", "# ours", "# big", "https://forge.example/fork"):
        assert kept in change.text
    poetry = tomllib.loads(change.text)["tool"]["poetry"]
    assert poetry["dependencies"]["ours"] == {"version": "1", "source": "shared"}
    assert poetry["dependencies"]["both"] == [{"version": "1", "python": "<3.12"}, {"version": "2", "python": ">=3.12"}]
    assert set_one_source(change.text, INDEX).text == change.text


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("text", [POETRY_PYPROJECT, OLD_POETRY_PYPROJECT])
def test_a_source_is_added_where_it_belongs_and_all_else_stays(text: str, line_end: str, end: str) -> None:
    wanted = (text.rstrip() + end).replace("\n", line_end)
    assert set_one_source(wanted, INDEX).text == wanted
    assert set_one_source(wanted.replace(SOURCE.replace("\n", line_end), ""), INDEX).text == wanted


def test_a_project_that_only_its_lock_shows_to_be_poetrys_gets_one_too() -> None:
    text = set_one_source('[project]\nname = "a"\nversion = "1"\n', INDEX).text
    assert text == f'[project]\nname = "a"\nversion = "1"\n\n{SOURCE.strip()}\n'


def test_a_table_that_has_no_room_is_left_alone() -> None:
    with pytest.raises(ManifestError, match="leaves no room for a source") as caught:
        set_one_source('tool.poetry.name = "a"\ntool.poetry.version = "1"\n', INDEX)
    assert "a table of its own" in caught.value.hint


NAMES = st.sampled_from(["shared", "other", "PyPI"])
ENTRIES = st.fixed_dictionaries(
    {"name": NAMES, "url": st.sampled_from(["https://a.example/simple", f"{ENDPOINT}simple/"])},
    optional={"priority": st.sampled_from(["primary", "supplemental", "explicit"]), "default": st.booleans()},
)


@given(st.lists(ENTRIES, max_size=3), st.dictionaries(st.sampled_from(["a", "b"]), NAMES, max_size=2))
def test_afterwards_there_is_one_source_and_nothing_changes_any_more(
    entries: list[dict[str, object]], pins: dict[str, str]
) -> None:
    document = tomllib.loads(OLD_POETRY_PYPROJECT)
    poetry = document["tool"]["poetry"]
    poetry["dependencies"] |= {name: {"version": "1", "source": source} for name, source in pins.items()}
    poetry.pop("source")
    if entries:
        poetry["source"] = entries
    change = set_one_source(tomlkit.dumps(document), INDEX)
    assert read_manifest(change.text).one_index().url == INDEX.url
    assert set_one_source(change.text, INDEX).text == change.text
