"""The pieces that files and variables are made of."""

import json
import shlex
import subprocess

import pytest
from client_fakes import ENDPOINT
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from inhouse.access.addresses import hidden, host, parse_address, with_credentials
from inhouse.access.ini import Ini, with_option
from inhouse.access.journal import load_journal
from inhouse.access.shells import Shell, mask_commands, written
from inhouse.access.toml import Toml
from inhouse.access.undo import undo_of, undone
from inhouse.access.variables import TOOLS, variables
from inhouse.project.index import repository_index
from inhouse.tools.locations import Tool

INDEX = repository_index("acme_lib2", ENDPOINT)


def test_variables() -> None:
    assert variables(TOOLS, INDEX, "t/k", is_configured=False) == snapshot(
        {
            "PIP_INDEX_URL": "http://aws:t%2Fk@127.0.0.1:9/pypi/d/acme-111122223333/shared/simple/",
            "UV_DEFAULT_INDEX": "acme_lib2=http://127.0.0.1:9/pypi/d/acme-111122223333/shared/simple/",
            "UV_INDEX_ACME_LIB2_USERNAME": "aws",
            "UV_INDEX_ACME_LIB2_PASSWORD": "t/k",
            "UV_PUBLISH_URL": "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/",
            "UV_PUBLISH_USERNAME": "aws",
            "UV_PUBLISH_PASSWORD": "t/k",
            "POETRY_KEYRING_ENABLED": "false",
            "POETRY_HTTP_BASIC_ACME_LIB2_USERNAME": "aws",
            "POETRY_HTTP_BASIC_ACME_LIB2_PASSWORD": "t/k",
            "POETRY_REPOSITORIES_ACME_LIB2_URL": "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/",
            "POETRY_HTTP_BASIC_ACME_LIB2_PUBLISH_USERNAME": "aws",
            "POETRY_HTTP_BASIC_ACME_LIB2_PUBLISH_PASSWORD": "t/k",
            "POETRY_REPOSITORIES_ACME_LIB2_PUBLISH_URL": "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/",
            "PDM_PYPI_URL": "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/simple/",
            "PDM_PYPI_USERNAME": "aws",
            "PDM_PYPI_PASSWORD": "t/k",
            "PDM_PUBLISH_REPO": "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/",
            "PDM_PUBLISH_USERNAME": "aws",
            "PDM_PUBLISH_PASSWORD": "t/k",
            "TWINE_REPOSITORY_URL": "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/",
            "TWINE_USERNAME": "aws",
            "TWINE_PASSWORD": "t/k",
            "HATCH_INDEX_REPO": "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/",
            "HATCH_INDEX_USER": "aws",
            "HATCH_INDEX_AUTH": "t/k",
        }
    )


def test_uv_is_not_told_twice() -> None:
    assert set(variables([Tool.UV], INDEX, "t", is_configured=True)) == {
        "UV_INDEX_ACME_LIB2_USERNAME",
        "UV_INDEX_ACME_LIB2_PASSWORD",
    }


@pytest.mark.parametrize("shell", Shell)
def test_formats(shell: Shell) -> None:
    said = written({"A": "it's $x", "B": ""}, shell)
    assert (
        said
        == {
            Shell.SH: "export A='it'\"'\"'s $x'\nexport B=''\n",
            Shell.FISH: "set -gx A 'it\\'s $x'\nset -gx B ''\n",
            Shell.POWERSHELL: "$env:A = 'it''s $x'\n$env:B = ''\n",
            Shell.GITHUB: "A=it's $x\nB=\n",
            Shell.DOCKER: "A=it's $x\nB=\n",
            Shell.JSON: json.dumps({"A": "it's $x", "B": ""}, indent=2) + "\n",
        }[shell]
    )


@given(st.text(alphabet=st.characters(codec="ascii", exclude_characters="\0\r\n")))
def test_a_shell_reads_what_was_meant(value: str) -> None:
    line = written({"A": value}, Shell.SH)
    assert shlex.split(line) == ["export", f"A={value}"]


def test_a_real_shell_reads_what_was_meant() -> None:
    value = "a 'b' \"c\" $d `e` \\"
    script = written({"A": value}, Shell.SH) + 'printf %s "$A"'
    assert subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout == value


@pytest.mark.parametrize("shell", [shell for shell in Shell if shell is not Shell.JSON])
def test_what_would_be_two_lines_is_refused(shell: Shell) -> None:
    with pytest.raises(ValueError, match="the value of A is more than one line"):
        written({"A": "b\nLD_PRELOAD=c"}, shell)


def test_github_is_told_to_hide_secrets() -> None:
    assert mask_commands(("t",)) == "::add-mask::t\n"


def test_addresses() -> None:
    assert parse_address("https://aws:p%40ss@h.example:1/x") == ("https://h.example:1/x", "aws", "p%40ss")
    assert parse_address("https://h.example/x") == ("https://h.example/x", "", "")
    assert parse_address("http://[broken/") == ("http://[broken/", "", "")
    assert host("http://[broken/") == host("wheels") == ""
    assert hidden("see https://a:b@c/ and http://x:y@z") == "see https://a:****@c/ and http://x:****@z"


@given(st.text(min_size=1), st.text(min_size=1))
def test_credentials_in_an_address_are_found_again(username: str, password: str) -> None:
    from urllib.parse import unquote

    address = parse_address(with_credentials("https://h.example/x", username, password))
    assert (address.url, unquote(address.username), unquote(address.password)) == (
        "https://h.example/x",
        username,
        password,
    )


def test_an_option_that_says_it_already_keeps_its_spelling() -> None:
    text = "[a]\nKey : value  \n"
    assert with_option(text, "a", "key", "value") == text
    assert with_option(text, "a", "other", "1") == text + "other = 1\n"
    assert with_option("[a]\nKey = x", "a", "other", "1") == "[a]\nKey = x\nother = 1\n"
    assert with_option("", "b", "key", "1") == "[b]\nkey = 1\n"
    assert with_option("# x", "b", "key", "1") == "# x\n\n[b]\nkey = 1\n"


def test_what_somebody_has_changed_since_is_left_alone() -> None:
    ini = Ini()
    undo = undo_of("[a]\nx = 1\ny = 1\n", "[a]\nx = 2\nz = 2\n", ini)
    result = undone("[a]\nx = 3\nz = 2\n", undo, ini)
    assert (result.text, result.is_exact, result.left) == ("[a]\nx = 3\ny = 1\n", False, (("a", "x"),))
    gone = undone("", undo, ini)
    assert gone.text == "[a]\ny = 1\n"
    assert gone.left == ()


def test_an_entry_goes_back_into_a_table_that_is_gone() -> None:
    toml = Toml()
    undo = undo_of('[a]\nx = "1"  # why\n', "[a]\nx = 2\n", toml)
    assert undone("[b]\n", undo, toml).text == "[b]\n"
    taken = undo_of('[a]\nx = "1"  # why\n', "", toml)
    assert undone("[b]\n", taken, toml).text == '[b]\n\n[a]\nx = "1"  # why\n'
    assert toml.with_entry("a = 3\n", ("a", "b"), None) == "a = 3\n"
    assert toml.with_entry("[a]\n# why\nb = 1\n", ("a", "b"), None) == "[a]\n# why\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "Expecting"),
        ("[]", "not as inhouse writes it"),
        ("{}", "not as inhouse writes it"),
        ('{"version": 9}', "this inhouse knows version 1"),
        ('{"version": 1, "files": [{}]}', "not as inhouse writes it"),
        ('{"version": 1, "files": [{"undo": {}, "format": "xml"}]}', "`xml` is not known"),
    ],
)
def test_a_journal_that_is_none(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        load_journal(text)
