"""Stored tokens, files that others can read, and how a stale token is taken out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse.access.interface import Reading
from inhouse.access.tool_files import CONFIGURATIONS, POETRY_CREDENTIALS
from inhouse.access.uv import read_store
from inhouse.diagnosis.credentials import (
    PrivateFile,
    Standing,
    Stored,
    check_files,
    check_project_secrets,
    check_stored,
)
from inhouse.diagnosis.findings import Code, Finding, MendKind, Severity
from inhouse.diagnosis.mending import without_secret
from inhouse.diagnosis.variables import credentials
from inhouse.tools.locations import Scope, Tool

TOKEN = "made-up-token"


def in_file(tool: Tool | None, standing: Standing, scope: Scope = Scope.USER, *, by_login: bool = False) -> Stored:
    return Stored("~/file: key", tool, scope, standing, TOKEN, "/home/ada/file", "key", by_login=by_login)


def one(stored: Stored) -> Finding:
    (finding,) = check_stored([stored])
    return finding


@pytest.mark.parametrize("tool", Tool)
def test_a_stale_token_in_a_file_is_a_problem_that_can_be_mended(tool: Tool) -> None:
    finding = one(in_file(tool, Standing.STALE))
    assert (finding.code, finding.severity) == (Code.TOKEN_STALE, Severity.PROBLEM)
    assert finding.effect
    assert finding.mend is not None
    assert (finding.mend.kind, finding.mend.tool, finding.mend.secret) == (MendKind.ENTRY, tool, TOKEN)
    assert TOKEN not in repr(finding)


def test_a_machine_s_file_is_left_to_the_machine_s_owner() -> None:
    assert one(in_file(Tool.PIP, Standing.STALE, Scope.MACHINE)).mend is None


@pytest.mark.parametrize("standing", [Standing.GOOD, Standing.UNKNOWN])
def test_a_token_that_still_works_will_not_for_long(standing: Standing) -> None:
    finding = one(in_file(Tool.PIP, standing))
    assert (finding.code, finding.severity, finding.mend) == (Code.TOKEN_STORED, Severity.PROBLEM, None)
    assert one(in_file(Tool.NETRC, standing)).fix == "take it out; then: inhouse login"
    assert one(in_file(Tool.NETRC, standing, by_login=True)).severity is Severity.NOTE


def test_variables_with_good_tokens_are_as_they_should_be_and_with_stale_ones_not() -> None:
    def variable(standing: Standing, password: str = TOKEN) -> Stored:
        return Stored("CODEARTIFACT_AUTH_TOKEN", None, Scope.VARIABLE, standing, password)

    assert list(check_stored([variable(Standing.GOOD), variable(Standing.UNKNOWN)])) == []
    assert one(variable(Standing.STALE)).fix == "unset CODEARTIFACT_AUTH_TOKEN"
    assert one(variable(Standing.STALE, '{"authorizationToken": "x"}')).code is Code.TOKEN_IS_JSON


@pytest.mark.parametrize(
    ("mode", "who"), [(0o644, "everybody"), (0o640, "the group"), (0o604, "everybody"), (0o600, ""), (None, "")]
)
def test_who_else_can_read_a_secret_is_said(mode: int | None, who: str) -> None:
    found = list(check_files([PrivateFile("/home/ada/pip.conf", "~/pip.conf", mode)]))
    if not who:
        assert found == []
        return
    (finding,) = found
    assert finding.problem.startswith(f"{who} on this machine can read the secrets in it")
    assert finding.severity is Severity.DANGER
    assert finding.mend is not None
    assert finding.mend.kind is MendKind.PERMISSIONS


def test_a_secret_in_the_project_is_a_danger() -> None:
    (finding,) = check_project_secrets(["pyproject.toml: tool.uv.index.shared"])
    assert (finding.code, finding.severity) == (Code.SECRET_IN_PROJECT, Severity.DANGER)


URL = "http://{user}127.0.0.1:9/pypi/d/acme-111122223333/shared/simple/"
WITH, WITHOUT = URL.format(user=f"aws:{TOKEN}@"), URL.format(user="aws@")

FILES = {
    "pip": (Tool.PIP, f"# mine\n[global]\nindex-url = {WITH}\ntimeout = 9\n", "[global] index-url"),
    "netrc": (
        Tool.NETRC,
        f"machine 127.0.0.1 login aws password {TOKEN}\nmachine b login c password d\n",
        "machine 127.0.0.1",
    ),
    "netrc default": (Tool.NETRC, f"machine b login c password d\ndefault login aws password {TOKEN}\n", "default"),
    "pypirc": (Tool.TWINE, f"[shared]\nrepository = {WITHOUT}\nusername = aws\npassword = {TOKEN}\n", "[shared]"),
    "pypirc, in the address": (Tool.TWINE, f"[shared]\nrepository = {WITH}\nusername = aws\n", "[shared]"),
    "uv store": (
        Tool.UV,
        f'[[credential]]\nservice = "x"\npassword = "{TOKEN}"\n[[credential]]\nservice = "y"\npassword = "z"\n',
        "[[credential]]",
    ),
    "uv.toml": (Tool.UV, f'[[index]]\nname = "shared"\nurl = "{WITH}"\n', "[[index]]"),
    "auth.toml": (Tool.POETRY, f'[http-basic.shared]\nusername = "aws"\npassword = "{TOKEN}"\n', "http-basic.shared"),
    "auth.toml, a name with a dot": (
        Tool.POETRY,
        f'[http-basic."a.b"]\nusername = "aws"\npassword = "{TOKEN}"\n[http-basic.c]\nusername = "d"\npassword = "e"\n',
        "http-basic.a.b",
    ),
    "auth.toml, a token": (Tool.POETRY, f'[pypi-token]\nshared = "{TOKEN}"\n', "pypi-token.shared"),
    "pdm": (Tool.PDM, f'[pypi]\nurl = "{WITHOUT}"\nusername = "aws"\npassword = "{TOKEN}"\n', "pypi"),
    "pdm, in the address": (Tool.PDM, f'[pypi]\nurl = "{WITH}"\n', "pypi"),
    "hatch": (
        Tool.HATCH,
        f'[publish.index.repos.shared]\nurl = "{WITHOUT}"\nauth = "{TOKEN}"\n',
        "publish.index.repos.shared",
    ),
    "hatch, for all": (Tool.HATCH, f'[publish.index]\nuser = "aws"\nauth = "{TOKEN}"\n', "publish.index"),
}


def read(name: str, text: str) -> Reading:
    if name == "uv store":
        return read_store(text)
    return POETRY_CREDENTIALS.read(text) if name.startswith("auth") else CONFIGURATIONS[FILES[name][0]].read(text)


@pytest.mark.parametrize("name", FILES)
def test_a_stale_token_is_taken_out_and_the_rest_stays(name: str) -> None:
    tool, text, key = FILES[name]
    before = read(name, text)
    assert [mention.key for mention in before.mentions if mention.password == TOKEN] == [key]
    changed = without_secret(tool, text, key, TOKEN)
    assert changed is not None
    assert TOKEN not in changed
    after = read(name, changed)
    kept = [mention for mention in before.mentions if mention.password and mention.password != TOKEN]
    assert [mention for mention in after.mentions if mention.password] == kept
    addresses = [mention.url for mention in before.mentions if mention.url and mention.key != "[[credential]]"]
    assert [mention.url for mention in after.mentions if mention.url and mention.key != "[[credential]]"] == addresses
    assert without_secret(tool, changed, key, TOKEN) is None


@pytest.mark.parametrize("name", FILES)
def test_a_token_that_is_not_there_changes_nothing(name: str) -> None:
    tool, text, key = FILES[name]
    assert without_secret(tool, text, key, "") is None


def test_a_token_that_stands_elsewhere_too_is_left_to_a_person() -> None:
    tool, text, key = FILES["pdm"]
    assert without_secret(tool, f'{text}\n# it was "{TOKEN}"\n', key, TOKEN) is None


def test_tokens_in_variables_are_found() -> None:
    environment = {
        "CODEARTIFACT_AUTH_TOKEN": "a",
        "UV_INDEX_SHARED_PASSWORD": "b",
        "UV_INDEX_SHARED_USERNAME": "aws",
        "POETRY_HTTP_BASIC_SHARED_PASSWORD": "c",
        "POETRY_PYPI_TOKEN_SHARED": "d",
        "PDM_SHARED_PASSWORD": "e",
        "PDM_PUBLISH_PASSWORD": "f",
        "TWINE_PASSWORD": "g",
        "TWINE_REPOSITORY_URL": "https://x.example/",
        "UV_PUBLISH_PASSWORD": "h",
        "HATCH_INDEX_AUTH": "i",
        "PIP_INDEX_URL": "https://aws:j@x.example/simple/",
        "UV_INDEX": "name=https://aws:k@x.example/simple/ https://aws:$L@x.example/",
        "UV_INDEX_EMPTY_PASSWORD": "",
        "PIP_EXTRA_INDEX_URL": "https://x.example/",
    }
    found = {each.password: each for each in credentials(environment)}
    assert set(found) == set("abcdefghijk")
    assert (found["b"].tool, found["b"].name) == (Tool.UV, "SHARED")
    assert found["g"].url == "https://x.example/"
    assert (found["j"].tool, found["j"].url) == (Tool.PIP, "https://x.example/simple/")
    assert not any(each.password in repr(each).partition("password")[2] for each in found.values())


NAMES = st.sampled_from(
    [
        "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL",
        "UV_INDEX",
        "UV_INDEX_ACME_PASSWORD",
        "UV_PUBLISH_PASSWORD",
        "POETRY_HTTP_BASIC_ACME_PASSWORD",
        "POETRY_PYPI_TOKEN_ACME",
        "PDM_PUBLISH_PASSWORD",
        "TWINE_PASSWORD",
    ]
) | st.from_regex(r"(PIP|UV|PDM|POETRY)_[A-Z_]{1,20}", fullmatch=True)
VALUES = st.text(max_size=30) | st.from_regex(r"(acme=)?https?://[a-z]*(:[^ ]{0,5})?@[^ ]{0,9}", fullmatch=True)


@given(st.dictionaries(NAMES, VALUES))
def test_no_variable_makes_it_fail(environment: dict[str, str]) -> None:
    assert all(each.password for each in credentials(environment))
