"""`inhouse new`, as a person and as a script sees it."""

import io
import os
import sys
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from inhouse.cli import main
from inhouse.cli import new as command

WHERE = ("--domain", "acme", "--owner", "111122223333", "--region", "eu-central-1", "--repository", "shared")
IDENTITY = """\
<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::111122223333:user/ada</Arn><UserId>AIDAEXAMPLE</UserId><Account>111122223333</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO())


@pytest.fixture
def _aws(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that knows one caller and one repository."""
    url = httpserver.url_for("").rstrip("/")
    httpserver.expect_request("/", method="POST").respond_with_data(IDENTITY, content_type="text/xml")
    httpserver.expect_request(
        "/v1/repository/endpoint",
        query_string={"domain": "acme", "domain-owner": "111122223333", "repository": "shared", "format": "pypi"},
    ).respond_with_json({"repositoryEndpoint": url + "/pypi/d/acme-111122223333/shared/"})
    httpserver.expect_request("/v1/authorization-token", method="POST").respond_with_json(
        {"authorizationToken": "made-up-token", "expiration": 1_767_323_045}
    )
    page = {
        "meta": {"api-version": "1.1"},
        "name": "tomli",
        "files": [{"filename": "tomli-2.tar.gz", "url": "x", "hashes": {}}],
    }
    simple = "/pypi/d/acme-111122223333/shared/simple"
    httpserver.expect_request(f"{simple}/tomli/").respond_with_json(
        page, content_type="application/vnd.pypi.simple.v1+json"
    )
    httpserver.expect_request(f"{simple}/acme-greetings/").respond_with_data("no", 404)
    httpserver.expect_request(f"{simple}/acme-hidden/").respond_with_data("no", 403)
    for name, value in {
        "AWS_ENDPOINT_URL_CODEARTIFACT": url,
        "AWS_ENDPOINT_URL_STS": url,
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }.items():
        monkeypatch.setenv(name, value)


def test_offline_it_asks_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "Acme.Greetings", *WHERE, "--offline", "--yes"]) == 0

    printed = capsys.readouterr()
    assert printed.out == f"{tmp_path / 'acme-greetings'}\n"
    assert "made the library acme-greetings\n" in printed.err
    assert "make venv-create lock install-all cov" in printed.err
    text = (tmp_path / "acme-greetings" / "pyproject.toml").read_text("utf-8")
    assert "https://acme-111122223333.d.codeartifact.eu-central-1.amazonaws.com/pypi/shared/simple/" in text
    assert (tmp_path / "acme-greetings" / ".git").is_dir()


@pytest.mark.usefixtures("_aws")
def test_the_repository_tells_its_address_and_the_caller_is_the_owner(tmp_path: Path, httpserver: HTTPServer) -> None:
    assert main(["new", "acme-greetings", "--domain", "acme", "--repository", "shared", "--yes", "--no-git"]) == 0

    text = (tmp_path / "acme-greetings" / "pyproject.toml").read_text("utf-8")
    assert 'owner = "111122223333"' in text
    assert 'region = "eu-central-1"' in text
    assert f'url = "{httpserver.url_for("/pypi/d/acme-111122223333/shared/simple/")}"' in text
    assert not (tmp_path / "acme-greetings" / ".git").exists()


@pytest.mark.usefixtures("_aws")
def test_a_name_that_the_repository_has_already_is_refused_unless_nobody_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "Tomli", *WHERE, "--yes"]) == 1

    said = capsys.readouterr().err
    assert "the name `tomli` is taken" in said
    assert "/simple/tomli/" in said
    assert "choose another name" in said.split("hint: ")[1]
    assert not list(tmp_path.iterdir())
    assert main(["new", "Tomli", *WHERE, "--yes", "--offline", "--no-git"]) == 0


@pytest.mark.usefixtures("_aws")
def test_a_name_that_nobody_may_look_up_is_taken_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "acme-hidden", *WHERE, "--yes", "--no-git"]) == 0

    assert "warning: nobody can tell whether the name `acme-hidden` is free: reading" in capsys.readouterr().err
    assert (tmp_path / "acme-hidden").is_dir()


def test_every_flag_arrives(tmp_path: Path) -> None:
    flags = {
        "--description": "Says hello.",
        "--author": "Ada Example",
        "--email": "ada@acme.example",
        "--licence": "MIT",
        "--python": "3.12",
        "--first-version": "1.0.0rc1",
        "--index": "company",
        "--local-publish": "no pipeline yet",
    }
    arguments = [word for flag in flags.items() for word in flag]

    assert main(["new", "acme-greetings", *WHERE, *arguments, "--offline", "--yes", "--no-git"]) == 0

    recorded = (tmp_path / "acme-greetings" / ".copier-answers.yml").read_text("utf-8")
    for value in flags.values():
        assert f'"{value}"' in recorded


def test_it_works_below_another_folder(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()

    assert main(["-C", "below", "new", "acme-greetings", *WHERE, "--offline", "--yes", "--no-git"]) == 0

    assert (tmp_path / "below" / "acme-greetings" / "Makefile").is_file()


def test_git_can_be_insisted_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.system("git init --quiet")

    assert main(["new", "acme-one", *WHERE, "--offline", "--yes"]) == 0
    assert "made the library acme-one, not in a git repository of its own" in capsys.readouterr().err
    assert main(["new", "acme-two", *WHERE, "--offline", "--yes", "--git"]) == 0

    assert not (tmp_path / "acme-one" / ".git").exists()
    assert (tmp_path / "acme-two" / ".git").is_dir()


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["new", "--yes"], "NAME: it is missing", "give NAME"),
        (["new", "json", "--yes"], "cannot be named `json`", "choose another name"),
        (["new", "acme-greetings", "--yes"], "--repository: it is missing", "--domain, --region, --repository"),
        (["new", "acme-greetings", *WHERE, "--index", "a-b", "--yes"], "--index: `a-b` cannot be used", "--index"),
        (["new", "acme-greetings", *WHERE, "--yes"], "no AWS credentials", "--offline"),
        (["new", "taken", *WHERE, "--offline", "--yes"], "is there already and is not empty", "move away"),
    ],
)
def test_what_cannot_be_made_is_told_and_leaves_nothing(
    *, arguments: list[str], message: str, hint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").touch()

    assert main(arguments) == 1

    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err
    assert hint in printed.err.split("hint: ")[1]
    assert [path.name for path in tmp_path.rglob("*")] == ["taken", "file"]


@pytest.mark.usefixtures("_aws")
def test_in_a_terminal_it_asks_until_the_answers_are_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = ["Acme.Greetings", "", "Ada", "ada", "ada@acme.example", "acme", "", "shared", "my-index", "", ""]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(typed) + "\n"))
    monkeypatch.setattr(command, "_somebody_is_there", lambda: True)

    assert main(["new", "--no-git"]) == 0

    said = capsys.readouterr().err
    assert "Name of the library" in said
    assert "Error: it must be an e-mail address, or nothing" in said
    assert "Error: it must be letters, digits and `_`" in said
    assert "AWS region of the domain [eu-central-1]" in said
    assert "AWS account that owns the domain [111122223333]" in said
    recorded = (tmp_path / "acme-greetings" / ".copier-answers.yml").read_text("utf-8")
    assert 'author_email: "ada@acme.example"' in recorded
    assert 'index_name: "acme"' in recorded


def test_somebody_is_there_only_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert not command._somebody_is_there()
    monkeypatch.setattr(sys, "stdin", None)
    assert not command._somebody_is_there()
    monkeypatch.setattr(sys, "stdin", Terminal())
    assert command._somebody_is_there()
