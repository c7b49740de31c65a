"""Keys are fetched from programs, containers, identity providers, and by botocore from everywhere else."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import AssumeRoleProvider
from pytest_httpserver import HTTPServer
from token_service import asking
from werkzeug import Request, Response

from inhouse_keyring.credentials import Keys, Source, find_source
from inhouse_keyring.errors import ConfigurationError, CredentialsMissingError
from inhouse_keyring.providers import NotHereError, fetch_keys, keys_in

CONTAINER_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
ROLE = """\
[profile people]
aws_access_key_id = AKIAALICE
aws_secret_access_key = made-up
[profile role]
role_arn = arn:aws:iam::111122223333:role/publisher
source_profile = people
[profile chain]
role_arn = arn:aws:iam::111122223333:role/second
source_profile = role
[profile second-factor]
role_arn = arn:aws:iam::111122223333:role/publisher
source_profile = people
mfa_serial = arn:aws:iam::111122223333:mfa/alice
[profile sso]
sso_start_url = https://company.example/start
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = developer
"""
ASSUMED = """\
<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>b</SecretAccessKey><SessionToken>c</SessionToken>
<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
"""


@pytest.fixture
def nobody(environment: dict[str, str]) -> dict[str, str]:
    """The variables of somebody who has no keys in them."""
    return {name: value for name, value in environment.items() if name != "AWS_ACCESS_KEY_ID"}


def configure(home: Path, text: str) -> None:
    (home / ".aws").mkdir(exist_ok=True)
    (home / ".aws" / "config").write_text(text, encoding="utf-8")


def fetch(environment: dict[str, str], profile: str | None = None, *, may_prompt: bool = False) -> tuple[str, str, str]:
    wanted, surroundings = asking(environment)
    source = find_source(profile, surroundings.files, environment)
    found = fetch_keys(source, wanted, surroundings, may_prompt=may_prompt)
    return found.access_key, found.secret, found.session_token


def test_keys_that_are_known_are_not_fetched(environment: dict[str, str]) -> None:
    wanted, surroundings = asking(environment)
    known = Keys("a", "b")
    assert fetch_keys(Source("", "", keys=known), wanted, surroundings) is known


def test_a_program_is_run_and_its_output_read(nobody: dict[str, str], home: Path) -> None:
    answer = '{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c"}'
    configure(home, f"[default]\ncredential_process = /bin/echo '{answer}'\n")
    assert fetch(nobody) == ("a", "b", "c")


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("/bin/sh -c 'echo it is broken >&2; exit 3'", "failed: it is broken"),
        ("/bin/sh -c 'exit 3'", "failed: exit code 3"),
        ("/nowhere/program", "failed: .*No such file"),
        ("/bin/echo rubbish", "failed: Expecting value"),
        ("/bin/echo {}", "gave none"),
        ("/bin/echo 'unclosed", "No closing quotation"),
    ],
)
def test_a_program_that_fails_is_named_with_its_profile(
    nobody: dict[str, str], home: Path, command: str, problem: str
) -> None:
    configure(home, f"[profile work]\ncredential_process = {command}\n")
    with pytest.raises(CredentialsMissingError, match=problem) as caught:
        fetch(nobody, "work")
    assert "credential_process of the profile `work`" in caught.value.message


@pytest.fixture
def agent(httpserver: HTTPServer) -> list[str | None]:
    shown: list[str | None] = []

    def answer(request: Request) -> Response:
        shown.append(request.headers.get("Authorization"))
        return Response(json.dumps({"AccessKeyId": "a", "SecretAccessKey": "b", "Token": "c"}))

    httpserver.expect_request("/agent").respond_with_handler(answer)
    return shown


def test_a_containers_agent_is_asked_with_what_it_wants_to_see(
    nobody: dict[str, str], agent: list[str | None], httpserver: HTTPServer, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text("from-a-file\n", encoding="utf-8")
    nobody |= {CONTAINER_URI: httpserver.url_for("/agent"), "http_proxy": "http://127.0.0.1:9"}
    assert fetch(nobody) == ("a", "b", "c")
    assert fetch({**nobody, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "shown"}) == ("a", "b", "c")
    assert fetch({**nobody, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(file)}) == ("a", "b", "c")
    assert agent == [None, "shown", "from-a-file"]


def test_a_token_for_the_agent_goes_to_no_stranger(nobody: dict[str, str]) -> None:
    nobody |= {CONTAINER_URI: "http://stranger.example/x", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "shown"}
    with pytest.raises(ConfigurationError, match=r"`stranger\.example` is neither"):
        fetch(nobody)


@pytest.mark.parametrize(("status", "body"), [(500, ""), (200, "rubbish"), (200, "[]")])
def test_an_agent_without_keys_is_named(nobody: dict[str, str], httpserver: HTTPServer, status: int, body: str) -> None:
    httpserver.expect_request("/agent").respond_with_data(body, status, {"Retry-After": "0"})
    with pytest.raises(
        CredentialsMissingError, match=f"agent at (localhost|127.0.0.1) .it answered {status}. gave none"
    ):
        fetch({**nobody, CONTAINER_URI: httpserver.url_for("/agent")})


def test_what_the_agent_wants_to_see_must_be_readable(nobody: dict[str, str], httpserver: HTTPServer) -> None:
    nobody |= {CONTAINER_URI: httpserver.url_for("/agent"), "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/nowhere"}
    with pytest.raises(CredentialsMissingError, match="/nowhere cannot be read"):
        fetch(nobody)


def test_a_pipelines_role_is_assumed(nobody: dict[str, str], httpserver: HTTPServer, tmp_path: Path) -> None:
    file = tmp_path / "identity"
    file.write_text("an-identity", encoding="utf-8")
    httpserver.expect_request("/sts/", method="POST").respond_with_data(ASSUMED)
    nobody |= {"AWS_ENDPOINT_URL_STS": httpserver.url_for("/sts"), "AWS_ROLE_ARN": "arn"}
    assert fetch({**nobody, "AWS_WEB_IDENTITY_TOKEN_FILE": str(file)}) == ("ASIAROLE", "b", "c")


def answer_the_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let botocore be answered as if a person had typed."""
    original = AssumeRoleProvider.__init__

    def initialise(self: AssumeRoleProvider, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
        original(self, *arguments, **{**options, "prompter": lambda _: "123456"})

    monkeypatch.setattr(AssumeRoleProvider, "__init__", initialise)


def test_a_role_of_a_profile_is_assumed(nobody: dict[str, str], home: Path, httpserver: HTTPServer) -> None:
    configure(home, ROLE)
    httpserver.expect_request("/sts/", method="POST").respond_with_data(ASSUMED)
    nobody["AWS_ENDPOINT_URL_STS"] = httpserver.url_for("/sts/")
    for profile, number in (("role", 1), ("chain", 3)):
        assert fetch(nobody, profile) == ("ASIAROLE", "b", "c")
        assert len(httpserver.log) == number
    assert "Credential=ASIAROLE/" in httpserver.log[-1][0].headers["Authorization"]


def test_a_role_with_a_second_factor_is_assumed_by_botocore_and_its_session_kept_as_the_aws_cli_does(
    nobody: dict[str, str], home: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(home, ROLE)
    httpserver.expect_request("/sts/", method="POST").respond_with_data(ASSUMED, content_type="text/xml")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", httpserver.url_for("/sts/"))
    answer_the_second_factor(monkeypatch)
    for _ in range(2):
        assert fetch(nobody, "second-factor", may_prompt=True) == ("ASIAROLE", "b", "c")
    assert len(httpserver.log) == 1
    assert len(list((home / ".aws" / "cli" / "cache").glob("*.json"))) == 1


def test_a_role_that_is_refused_says_why(
    nobody: dict[str, str], home: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(home, ROLE)
    body = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not for you</Message></Error></ErrorResponse>"
    httpserver.expect_request("/sts/", method="POST").respond_with_data(body, 403, content_type="text/xml")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", httpserver.url_for("/sts/"))
    answer_the_second_factor(monkeypatch)
    with pytest.raises(CredentialsMissingError, match="not for you"):
        fetch(nobody, "second-factor", may_prompt=True)


def test_nobody_is_asked_for_a_second_factor_where_there_is_nobody(nobody: dict[str, str], home: Path) -> None:
    configure(home, ROLE)
    with pytest.raises(CredentialsMissingError, match="second factor") as caught:
        fetch(nobody, "second-factor")
    assert "inhouse token" in caught.value.hint


def test_a_sign_on_that_has_ended_says_how_to_sign_on(nobody: dict[str, str], home: Path) -> None:
    configure(home, ROLE)
    with pytest.raises(CredentialsMissingError, match="SSO") as caught:
        fetch(nobody, "sso")
    assert caught.value.hint == "`aws sso login --profile sso`"


def test_no_credentials_anywhere_is_told(nobody: dict[str, str]) -> None:
    wanted, surroundings = asking(nobody)
    with pytest.raises(CredentialsMissingError, match="Unable to locate"):
        fetch_keys(Source("botocore", ""), wanted, surroundings)


def test_without_botocore_it_is_said_that_it_is_missing(
    nobody: dict[str, str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(home, ROLE)
    monkeypatch.setitem(sys.modules, "botocore.session", None)
    with pytest.raises(NotHereError):
        fetch(nobody, "sso")


@pytest.mark.parametrize("document", [None, [], {}, {"AccessKeyId": "a"}, {"AccessKeyId": 1, "SecretAccessKey": 2}])
def test_an_answer_without_keys_has_none(document: object) -> None:
    with pytest.raises(CredentialsMissingError, match="the program gave none"):
        keys_in(document, "the program")
