"""`server user`, `server role` and `server oidc` on the data folder of a server that runs, and of none."""

import json
from pathlib import Path

import pytest
import urllib3
from click.testing import CliRunner, Result
from live_server import ACCOUNT, LiveServer
from people import EVERYTHING, allow, policy, trust

from inhouse_server.cli import server
from inhouse_server.compat import ADMINISTRATOR_POLICY

ALL = json.loads(ADMINISTRATOR_POLICY)
ADMIN = f"arn:aws:iam::{ACCOUNT}:user/admin"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(folder: Path, *arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(server, [*arguments, "--data-dir", str(folder)], input=text)


def done(folder: Path, *arguments: str, text: str | None = None) -> str:
    result = run(folder, *arguments, text=text)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(folder: Path, *arguments: str, text: str | None = None) -> str:
    result = run(folder, *arguments, text=text)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: ")
    assert "\n\nhint: " in result.stderr
    return result.stderr


def write(tmp_path: Path, document: str) -> str:
    file = tmp_path / "policy.json"
    file.write_text(document, encoding="utf-8")
    return str(file)


def test_a_user_works_with_a_server_that_runs(live_server: LiveServer, tmp_path: Path) -> None:
    folder = live_server.folder.path
    file = write(tmp_path, policy(allow("codeartifact:ListDomains")))
    result = run(folder, "user", "add", "cli-ann", "--policy", file)
    assert result.stderr == f"Made arn:aws:iam::{ACCOUNT}:user/cli-ann\n"
    first = dict(line.removeprefix("export ").split("=", 1) for line in result.stdout.splitlines())
    first = {name: value.strip("'") for name, value in first.items()}
    assert list(first) == ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]

    def client(key: dict[str, str]) -> None:
        live_server.codeartifact(key_id=key["AWS_ACCESS_KEY_ID"], secret=key["AWS_SECRET_ACCESS_KEY"]).list_domains()

    client(first)
    second = json.loads(done(folder, "user", "rotate", "cli-ann", "--format", "json"))
    client(second)
    with pytest.raises(Exception, match="UnrecognizedClient"):
        client(first)
    done(folder, "user", "set-policy", "cli-ann", "--policy", "-", text=policy(allow("sts:*")))
    with pytest.raises(Exception, match="no identity-based policy"):
        client(second)
    done(folder, "user", "set-policy", "cli-ann", "--administrator")
    client(second)
    listed = done(folder, "user", "list")
    assert f"arn:aws:iam::{ACCOUNT}:user/cli-ann\t{second['AWS_ACCESS_KEY_ID']}\tadministrator\n" in listed
    assert second["AWS_SECRET_ACCESS_KEY"] not in listed
    done(folder, "user", "remove", "cli-ann")
    with pytest.raises(Exception, match="UnrecognizedClient"):
        client(second)


def test_tokens_outlive_the_key_they_were_made_with_and_not_the_user(live_server: LiveServer) -> None:
    folder = live_server.folder.path
    key = json.loads(done(folder, "user", "add", "cli-tom", "--administrator", "--format", "json"))
    api = live_server.codeartifact(key_id=key["AWS_ACCESS_KEY_ID"], secret=key["AWS_SECRET_ACCESS_KEY"])
    live_server.codeartifact().create_domain(domain="cli-tom")
    live_server.codeartifact().create_repository(domain="cli-tom", repository="lib")
    token = api.get_authorization_token(domain="cli-tom")["authorizationToken"]

    def status() -> int:
        address = f"{live_server.url}/pypi/d/cli-tom-{ACCOUNT}/lib/simple/nothing/"
        return urllib3.request("GET", address, headers=urllib3.make_headers(basic_auth=f"aws:{token}")).status

    assert status() == 404
    done(folder, "user", "rotate", "cli-tom")
    assert status() == 404
    done(folder, "user", "remove", "cli-tom")
    assert status() == 401
    said = " ".join(CliRunner().invoke(server, ["user", "rotate", "--help"]).output.split())
    assert "work until they expire, after 12 hours at most. `user remove` ends them at once" in said


@pytest.mark.parametrize(
    ("arguments", "there_is"),
    [
        (["oidc", "rotate"], "`add`, `list`, `remove`"),
        (["role", "rename"], "`add`, `list`, `remove`, `rotate`, `set-policy`"),
        (["stop"], "`env`, `oidc`, `profile`, `role`, `start`, `user`"),
    ],
)
def test_a_command_that_there_is_not_is_answered_with_those_that_there_are(arguments: list[str], there_is: str) -> None:
    result = CliRunner().invoke(server, arguments)
    assert result.exit_code == 2
    assert f"there is no command `{arguments[-1]}` of `server" in result.stderr
    assert f"It has {there_is}." in result.stderr


def test_a_folder_is_made_where_there_is_none(folder: Path) -> None:
    done(folder, "user", "add", "ann")
    done(folder, "user", "add", "ann", "--account", "444455556666", "--administrator")
    lines = [line.split("\t") for line in done(folder, "user", "list").splitlines()]
    assert [(line[0], line[2]) for line in lines] == [
        (ADMIN, "administrator"),
        (f"arn:aws:iam::{ACCOUNT}:user/ann", "no policy"),
        ("arn:aws:iam::444455556666:user/ann", "administrator"),
    ]
    rows = json.loads(done(folder, "user", "list", "--format", "json"))
    assert [row["policy"] for row in rows] == [ALL, None, ALL]
    assert all(len(row["access_key_ids"]) == 1 and row["user_id"].startswith("AIDA") for row in rows)


def test_what_a_user_cannot_be(folder: Path, tmp_path: Path) -> None:
    assert "cannot be a name" in refused(folder, "user", "add", "a/b")
    assert "twelve digits" in refused(folder, "user", "add", "ann", "--account", "12")
    done(folder, "user", "add", "ann")
    assert "already" in refused(folder, "user", "add", "ann")
    assert "administrator" in refused(folder, "user", "add", "admin", "--account", "444455556666")
    bad = write(tmp_path, "{}")
    assert "--policy: The policy document is not a valid identity-based policy" in refused(
        folder, "user", "add", "bob", "--policy", bad
    )
    assert "exclude each other" in refused(folder, "user", "add", "bob", "--policy", bad, "--administrator")
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    assert "UTF-8" in refused(folder, "user", "add", "bob", "--policy", str(tmp_path / "latin"))
    assert "No policy is given" in refused(folder, "user", "set-policy", "ann")
    for verb in (["remove"], ["rotate"], ["set-policy", "--administrator"]):
        assert "There is no user" in refused(folder, "user", *verb, "bob")
    assert "stays" in refused(folder, "user", "remove", "admin")
    assert "bob" not in done(folder, "user", "list")


def test_roles(folder: Path, tmp_path: Path) -> None:
    file = write(tmp_path, trust({"AWS": ADMIN}))
    arn = f"arn:aws:iam::{ACCOUNT}:role/ci"
    assert done(folder, "role", "add", "ci", "--trust", file) == f"{arn}\n"
    assert done(folder, "role", "list") == f"{arn}\t3600s\tno policy\n"
    first = json.loads(done(folder, "role", "list", "--format", "json"))[0]
    assert first["trust_policy"] == json.loads(trust({"AWS": ADMIN}))
    document = policy(allow("codeartifact:*"))
    done(folder, "role", "set-policy", "ci", "--policy", "-", text=document)
    done(folder, "role", "set-policy", "ci", "--trust", "-", text=trust({"AWS": "*"}))
    done(folder, "role", "rotate", "ci")
    second = json.loads(done(folder, "role", "list", "--format", "json"))[0]
    assert second["role_id"] != first["role_id"]
    assert (second["policy"], second["trust_policy"]) == (json.loads(document), json.loads(trust({"AWS": "*"})))
    more = ["--administrator", "--max-session-seconds", "7200", "--account", "444455556666"]
    done(folder, "role", "add", "ci", "--trust", file, *more)
    assert done(folder, "role", "list").splitlines()[1] == "arn:aws:iam::444455556666:role/ci\t7200s\tadministrator"
    done(folder, "role", "remove", "ci")
    assert len(done(folder, "role", "list").splitlines()) == 1


def test_what_a_role_cannot_be(folder: Path, tmp_path: Path) -> None:
    file = write(tmp_path, trust({"AWS": ADMIN}))
    assert "cannot be a name" in refused(folder, "role", "add", "", "--trust", file)
    assert "--trust: The policy document is not a valid trust policy" in refused(
        folder, "role", "add", "ci", "--trust", "-", text=EVERYTHING
    )
    assert "43201" in refused(folder, "role", "add", "ci", "--trust", file, "--max-session-seconds", "43201")
    done(folder, "role", "add", "ci", "--trust", file)
    assert "already" in refused(folder, "role", "add", "ci", "--trust", file)
    assert "No policy is given" in refused(folder, "role", "set-policy", "ci")
    assert "not a valid trust policy" in refused(folder, "role", "set-policy", "ci", "--trust", "-", text="{}")
    for verb in (["remove"], ["rotate"], ["set-policy", "--administrator"]):
        assert "There is no role" in refused(folder, "role", *verb, "missing")


def test_issuers(folder: Path) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.example/ci"
    added = done(folder, "oidc", "add", "https://token.example/ci/", "--audience", "b", "--audience", "a")
    assert added == f"{arn}\n"
    assert done(folder, "oidc", "list") == f"{arn}\ta,b\n"
    assert json.loads(done(folder, "oidc", "list", "--format", "json")) == [
        {"arn": arn, "url": "https://token.example/ci", "audiences": ["a", "b"]}
    ]
    assert "already" in refused(folder, "oidc", "add", "https://token.example/ci", "--audience", "a")
    assert "cannot be an issuer" in refused(folder, "oidc", "add", "http://token.example", "--audience", "a")
    assert "not an audience" in refused(folder, "oidc", "add", "https://other.example", "--audience", "a b")
    done(folder, "oidc", "remove", "https://token.example/ci")
    assert "There is no identity provider" in refused(folder, "oidc", "remove", "https://token.example/ci")


def test_folders_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    assert "not a data folder" in refused(tmp_path, "user", "list")
    folder = tmp_path / "data"
    done(folder, "user", "list")
    (folder / "format").write_text("99\n")
    assert "has format 99" in refused(folder, "user", "list")
    (folder / "format").unlink()
    assert "cannot be used" in refused(folder, "user", "list")
