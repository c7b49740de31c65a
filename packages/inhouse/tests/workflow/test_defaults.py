"""What the machine already knows."""

from pathlib import Path

import pytest
from client_fakes import Answer, FakeRunner

from inhouse.settings import Settings, read_settings
from inhouse.workflow.defaults import Defaults, find_defaults


def settings(text: str = "") -> Settings:
    return read_settings({}, {"PATH": "/usr/bin"}, Path("config.toml"), text)


ONE = '[profiles]\n"acme-111122223333" = "work"\n'
TWO = ONE + '"other-domain-444455556666" = "home"\nnonsense = "x"\n'


def test_nothing_is_made_up(tmp_path: Path) -> None:
    runner = FakeRunner()
    runner.on(Answer("git config", exit_code=1, stdout="ignored"))

    assert find_defaults(settings(), "", tmp_path, runner, "") == Defaults()


def test_the_author_is_who_git_thinks_commits(tmp_path: Path) -> None:
    runner = FakeRunner()
    runner.on(Answer("user.name", stdout="Ada Example\n"), Answer("user.email", stdout="ada@acme.example\n"))

    found = find_defaults(settings(), "", tmp_path, runner, "eu-central-1")

    assert found == Defaults("Ada Example", "ada@acme.example", region="eu-central-1")


def test_a_machine_without_git_knows_no_author(tmp_path: Path) -> None:
    runner = FakeRunner()
    runner.on(Answer("git", missing=True))

    assert find_defaults(settings(), "", tmp_path, runner, "").author_name == ""


@pytest.mark.parametrize(
    ("configuration", "given", "domain", "owner"),
    [
        (ONE, "", "acme", "111122223333"),
        (ONE, "acme", "acme", "111122223333"),
        (ONE, "unknown", "unknown", ""),
        (TWO, "", "", ""),
        (TWO, "other-domain", "other-domain", "444455556666"),
    ],
)
def test_the_user_configuration_knows_domains_and_their_owners(
    *, configuration: str, given: str, domain: str, owner: str, tmp_path: Path
) -> None:
    found = find_defaults(settings(configuration), given, tmp_path, FakeRunner(), "")

    assert (found.domain, found.owner) == (domain, owner)
