"""`inhouse token`: what is printed, where the domain comes from, and that nothing needless is imported."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import Run, run_command
from inline_snapshot import snapshot
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from inhouse.cli import main, quick

DOMAIN = ("--domain", "acme", "--owner", "111122223333", "--region", "us-east-1")
PROJECT = """\
[project]
name = "acme-core"
version = "1"
[tool.inhouse]
domain = "acme"
owner = "111122223333"
region = "us-east-1"
repository = "shared"
index = "shared"
"""


@pytest.fixture
def asked(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What a service was asked that gives tokens."""
    asked: list[dict[str, str]] = []

    def answer(request: Request) -> Response:
        asked.append(dict(request.args))
        life = int(request.args["duration"])
        return Response(json.dumps({"authorizationToken": f"token-{len(asked)}", "expiration": time.time() + life}))

    httpserver.expect_request("/v1/authorization-token", method="POST").respond_with_handler(answer)
    monkeypatch.setenv("AWS_ENDPOINT_URL_CODEARTIFACT", httpserver.url_for("").rstrip("/"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAALICE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    return asked


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        return run_command(capsys, "token", *arguments)

    return run


def test_the_token_alone_is_printed_and_kept(run: Run, asked: list[dict[str, str]]) -> None:
    for _ in range(3):
        assert run(*DOMAIN) == (0, "token-1\n", "")
    assert asked == [{"domain": "acme", "domain-owner": "111122223333", "duration": "3600"}]


def test_the_project_says_which_domain(run: Run, asked: list[dict[str, str]], tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    assert run() == (0, "token-1\n", "")
    assert run() == (0, "token-1\n", "")
    (tmp_path / "pyproject.toml").write_text(PROJECT.replace('"acme"', '"other"'), encoding="utf-8")
    assert run() == (0, "token-2\n", "")
    assert [each["domain"] for each in asked] == ["acme", "other"]


def test_the_project_is_found_from_a_folder_in_it_and_by_option(
    run: Run, asked: list[dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    inner = tmp_path / "src" / "inner"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert run() == (0, "token-1\n", "")
    (inner / "pyproject.toml").write_text(PROJECT.replace('"acme"', '"inner"'), encoding="utf-8")
    assert run() == (0, "token-2\n", "")
    assert run("-C", str(tmp_path)) == (0, "token-1\n", "")
    assert [each["domain"] for each in asked] == ["acme", "inner"]


def test_options_win_over_the_project(run: Run, asked: list[dict[str, str]], tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    assert run("--owner=999999999999", "--duration-seconds", "900", "--repository", "shared")[0] == 0
    assert asked == [{"domain": "acme", "domain-owner": "999999999999", "duration": "900"}]


def test_another_domain_does_not_get_the_projects_owner(
    run: Run, asked: list[dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    code, out, err = run("--domain", "other")
    assert (code, out, asked) == (1, "", [])
    assert err == snapshot("""\
error: nothing says in which region the domain `other` is

hint: give --region, set AWS_DEFAULT_REGION, or choose an AWS profile that has a region
""")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert run("--domain", "other") == (0, "token-1\n", "")
    assert asked == [{"domain": "other", "duration": "3600"}], "whose keys they are says whose domain it is"


def test_without_any_domain_there_is_nothing_to_ask_for(run: Run, asked: list[dict[str, str]]) -> None:
    assert run() == snapshot(
        (
            1,
            "",
            """\
error: nothing says which domain is meant: neither the command line nor a project here

hint: give --domain, or go into a project with [tool.inhouse]
""",
        )
    )
    assert asked == []


def test_json_has_the_form_of_the_aws_cli(run: Run, asked: list[dict[str, str]]) -> None:
    run(*DOMAIN)
    code, out, err = run(*DOMAIN, "--format", "json")
    document = json.loads(out)
    assert (code, document["authorizationToken"], err) == (0, "token-1", "")
    assert document["expiration"] == pytest.approx(time.time() + 3600, abs=60)
    assert len(asked) == 1


def test_a_new_one_is_asked_for_on_request(run: Run, asked: list[dict[str, str]]) -> None:
    run(*DOMAIN)
    assert run(*DOMAIN, "--refresh") == (0, "token-2\n", "")
    assert run(*DOMAIN) == (0, "token-2\n", "")
    assert len(asked) == 2


def test_kept_tokens_can_be_forgotten(run: Run, asked: list[dict[str, str]]) -> None:
    run(*DOMAIN)
    assert run("--clear", "--domain", "other") == (0, "", "0 kept tokens are forgotten\n")
    assert run("--clear") == (0, "", "1 kept token is forgotten\n")
    assert run(*DOMAIN) == (0, "token-2\n", "")
    assert len(asked) == 2


def test_an_exported_token_is_not_the_answer_unless_there_is_no_other(
    run: Run, asked: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEARTIFACT_AUTH_TOKEN", "exported")
    assert run(*DOMAIN) == (0, "token-1\n", "")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    code, out, err = run(*DOMAIN)
    assert (code, out) == (0, "exported\n")
    assert err == "warning: there are no AWS credentials; this is the token in CODEARTIFACT_AUTH_TOKEN\n"
    assert json.loads(run(*DOMAIN, "--format", "json")[1]) == {"authorizationToken": "exported", "expiration": None}
    assert len(asked) == 1


def test_an_address_can_be_given(run: Run, asked: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    url = os.environ["AWS_ENDPOINT_URL_CODEARTIFACT"]
    monkeypatch.setenv("AWS_ENDPOINT_URL_CODEARTIFACT", "http://127.0.0.1:9")
    assert run(*DOMAIN, "--endpoint-url", url) == (0, "token-1\n", "")
    assert len(asked) == 1


def test_the_profile_is_an_option_before_or_behind_the_name(run: Run, asked: list[dict[str, str]]) -> None:
    for arguments in (["token", *DOMAIN, "--profile", "nobody"], ["--profile", "nobody", "token", *DOMAIN]):
        assert main(arguments) == 1
    code, out, err = run(*DOMAIN, "--profile", "nobody")
    assert (code, out, asked) == (1, "", [])
    assert err.startswith(
        "error: The config profile (nobody) could not be found\n\nhint: `aws configure list-profiles`"
    )


@pytest.mark.parametrize("arguments", [["--duration-seconds", "60"], ["--verbose", "--duration-seconds", "60"]])
def test_a_lifetime_that_cannot_be_is_told(run: Run, asked: list[dict[str, str]], arguments: list[str]) -> None:
    code, _, err = run(*DOMAIN, *arguments)
    assert (code, asked) == (1, [])
    assert "`60` is neither 0 nor a number of seconds from 900 to 43200" in err
    assert "the flag --duration-seconds" in err


def test_without_credentials_it_is_said_how_to_get_some(run: Run) -> None:
    code, out, err = run(*DOMAIN)
    assert (code, out) == (1, "")
    assert err.startswith("error: no AWS credentials: Unable to locate credentials\n\nhint: for AWS: `aws sso login`")


def test_a_project_that_is_none_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.inhouse", encoding="utf-8")
    code, _, err = run()
    assert code == 1
    assert str(tmp_path / "pyproject.toml") in err


@pytest.mark.parametrize(
    "arguments", [["--domain"], ["--format", "yaml"], ["--nothing"], ["--re_fresh"], ["something"]]
)
def test_a_wrong_call_is_left_to_click(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "Error: " in err


def test_help_is_left_to_click(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert out.startswith("Usage: inhouse token [OPTIONS]")


@pytest.mark.parametrize(
    "arguments",
    [["--project", "x"], ["--words", "x"], ["--refresh=x"], ["--domain=x", "--domain=y"], ["--domain", "-x"]],
)
def test_what_click_has_to_look_at_is_not_taken(arguments: list[str]) -> None:
    assert quick.parse(arguments) is None


def test_the_quick_way_imports_no_more_than_it_needs(asked: list[dict[str, str]], tmp_path: Path) -> None:
    program = f"import sys; from inhouse.cli import main; main(['token', *{DOMAIN!r}]); print(*sys.modules)"
    command = [sys.executable, "-S", "-c", program]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    def imported() -> set[str]:
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
        token, names = done.stdout.splitlines()
        assert token == "token-1"
        return set(names.split())

    assert not {"boto3", "botocore", "click", "requests", "urllib3", "tomllib"} & imported()
    again = imported()
    assert {name for name in again if name.startswith("inhouse")} == {
        "inhouse",
        "inhouse.cli",
        "inhouse_keyring",
        "inhouse_keyring.memory",
    }
    assert not {"re", "json", "typing", "pathlib", "collections"} & again
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("region", "x@127.0.0.1:1/?"),
        ("region", "us-east-1.example.com"),
        ("domain", "acme/../x"),
        ("owner", "1"),
    ],
)
def test_a_project_cannot_send_credentials_elsewhere(  # noqa: PLR0917 - fixtures, then a case
    run: Run, asked: list[dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """What stands in the pyproject.toml of whatever folder one is in becomes part of the name of a host."""
    monkeypatch.delenv("AWS_ENDPOINT_URL_CODEARTIFACT")
    lines = {"domain": "acme", "owner": "111122223333", "region": "us-east-1", name: value}
    table = "\n".join(f'{key} = "{each}"' for key, each in lines.items())
    (tmp_path / "pyproject.toml").write_text(f'[project]\nname = "x"\nversion = "1"\n[tool.inhouse]\n{table}\n')
    code, out, err = run()
    assert (code, out, asked) == (1, "", [])
    assert err.startswith(f"error: the setting `{name}` cannot be used")
