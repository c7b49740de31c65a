import tomllib

import pytest
from client_fakes import ENDPOINT, PYPROJECT
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from inhouse.project.index import repository_index, set_one_index
from inhouse.project.manifest import read_manifest

INDEX = repository_index("shared", ENDPOINT)

PLAIN = """\
[project]  # the project
name = "acme-core"   # as published
version = "1.2.0"

[tool.inhouse]
domain = "acme"
owner = "111122223333"
region = "us-east-1"
repository = "shared"
index = "shared"

# tests
[tool.pytest.ini_options]
testpaths = [
    "tests",  # all of them
]
"""


def test_a_project_without_an_index_gets_it_and_keeps_all_else() -> None:
    change = set_one_index(PLAIN, INDEX)
    assert change.removed == ()
    assert change.text == snapshot("""\
[project]  # the project
name = "acme-core"   # as published
version = "1.2.0"

[tool.inhouse]
domain = "acme"
owner = "111122223333"
region = "us-east-1"
repository = "shared"
index = "shared"

# tests
[tool.pytest.ini_options]
testpaths = [
    "tests",  # all of them
]

[tool.uv]
index-strategy = "first-index"
keyring-provider = "subprocess"

[[tool.uv.index]]
name = "shared"
url = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/simple/"
publish-url = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/"
default = true
authenticate = "always"
""")


def test_what_is_as_it_must_be_is_left_to_the_letter() -> None:
    odd = PYPROJECT.replace("default = true", "default   =  true  # removes PyPI")
    assert set_one_index(odd, INDEX).text == odd


FOREIGN = '[[tool.uv.index]]\nname = "other"\nurl = "https://other.example/simple/"\n'
OURS = PYPROJECT[PYPROJECT.index("[[tool.uv.index]]") : PYPROJECT.index("[tool.coverage")]


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_blank_lines_line_ends_and_the_end_of_the_file_stay_as_they_were(end: str, line_end: str) -> None:
    wanted = (PYPROJECT.rstrip() + end).replace("\n", line_end)
    for text in (
        PYPROJECT + "\n" + FOREIGN.rstrip() + end,
        PYPROJECT.replace("[tool.coverage", f"{FOREIGN}\n[tool.coverage").rstrip() + end,
        PYPROJECT.replace(OURS, "").rstrip() + end,
    ):
        assert set_one_index(text.replace("\n", line_end), INDEX).text == wanted


def test_a_new_index_at_the_end_is_set_off_by_an_empty_line() -> None:
    without = PYPROJECT.replace(OURS, "")
    last = without.replace(uv := without[without.index("[tool.uv]") : without.index("[tool.coverage")], "") + "\n" + uv
    assert set_one_index(last.rstrip(), INDEX).text == last + OURS.rstrip()


def test_a_project_without_tools_gets_the_index_too() -> None:
    text = set_one_index('[project]\nname = "a"\nversion = "1"\n', INDEX).text
    assert read_manifest(text).indexes == (INDEX,)


BUSY = """\
[project]
name = "acme-core"
version = "1"

[tool.inhouse]
domain = "acme"
owner = "111122223333"
region = "us-east-1"
repository = "shared"
index = "shared"

[tool.uv]
package = true  # kept
index-strategy = "unsafe-best-match"
extra-index-url = ["https://extra.example/simple"]
find-links = ["./wheels"]

[tool.uv.pip]
index-url = "https://pip.example/simple"
index-strategy = "unsafe-first-match"
no-binary = ["numpy"]

[[tool.uv.index]]
name = "torch"
url = "https://torch.example/simple"
explicit = true

[[tool.uv.index]]
name = "shared"
url = "https://old.example/simple"  # moved
explicit = true
ignore-error-codes = [403]

[tool.uv.sources]
torch = { index = "torch" }
ours = { index = "shared" }
fork = { git = "https://forge.example/fork" }
both = [{ index = "torch", marker = "sys_platform == 'linux'" }, { index = "shared" }]
"""


def test_whatever_reaches_around_the_one_index_is_taken_out_and_named() -> None:
    change = set_one_index(BUSY, INDEX)
    assert change.removed == snapshot(
        (
            "`extra-index-url` of [tool.uv]",
            "`find-links` of [tool.uv]",
            "`index-url` of [tool.uv.pip]",
            "`index-strategy` of [tool.uv.pip]",
            "the index `torch` (https://torch.example/simple)",
            "the source of `torch` in the index `torch`",
            "the source of `both` in the index `torch`",
            "`explicit` of the index `shared`",
            "`ignore-error-codes` of the index `shared`",
        )
    )
    manifest = read_manifest(change.text)
    assert manifest.one_index() == INDEX
    assert "package = true  # kept" in change.text
    assert "# moved" in change.text
    assert manifest.uv_settings["sources"] == {
        "ours": {"index": "shared"},
        "fork": {"git": "https://forge.example/fork"},
        "both": [{"index": "shared"}],
    }
    assert manifest.uv_settings["pip"] == {"no-binary": ["numpy"]}


@pytest.mark.parametrize(
    "inline",
    [
        '[tool.uv]\nindex = [{ name = "shared", url = "https://old.example/simple" }]\n',
        '[tool.uv]\nindex = [{ name = "a", url = "https://a.example" }, { name = "b", url = "https://b.example" }]\n',
        '[tool]\nuv = { index = [{ url = "https://a.example" }] }\n',
        'tool.uv.index = [{ url = "https://a.example" }]\n',
    ],
)
def test_an_index_written_in_one_line_is_replaced(inline: str) -> None:
    head = '[project]\nname = "a"\nversion = "1"\n'
    text = inline + head if inline.startswith("tool.") else head + inline
    changed = set_one_index(text, INDEX)
    assert read_manifest(changed.text).indexes == (INDEX,)
    assert set_one_index(changed.text, INDEX).text == changed.text


NAMES = st.sampled_from(["shared", "other", "torch"])
ENTRIES = st.fixed_dictionaries(
    {"name": NAMES, "url": st.sampled_from(["https://a.example/simple", f"{ENDPOINT}simple/"])},
    optional={"explicit": st.booleans(), "default": st.booleans(), "publish-url": st.just("https://a.example/")},
)


@given(
    st.lists(ENTRIES, max_size=3),
    st.dictionaries(st.sampled_from(["a", "b"]), NAMES, max_size=2),
    st.lists(st.sampled_from(["index-url", "no-index", "find-links"]), unique=True),
)
def test_afterwards_there_is_one_index_and_nothing_changes_any_more(
    entries: list[dict[str, object]], sources: dict[str, str], keys: list[str]
) -> None:
    import tomlkit

    uv: dict[str, object] = dict.fromkeys(keys, "x")
    uv["sources"] = {package: {"index": index} for package, index in sources.items()}
    if entries:
        uv["index"] = entries
    document = tomllib.loads(PLAIN)
    document["tool"]["uv"] = uv
    change = set_one_index(tomlkit.dumps(document), INDEX)
    manifest = read_manifest(change.text)
    assert manifest.one_index() == INDEX
    assert set(manifest.uv_settings.get("sources", {})) == {
        package for package, index in sources.items() if index == "shared"
    }
    assert set_one_index(change.text, INDEX).text == change.text
