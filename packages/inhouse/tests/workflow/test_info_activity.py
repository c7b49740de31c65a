import pytest
from client_fakes import PYPROJECT, Answer, Bench

from inhouse.errors import CredentialsMissingError
from inhouse.workflow.info import Fact, gather_info


def test_nobody_is_asked_but_git(bench: Bench) -> None:
    bench.repository.error = CredentialsMissingError("no", hint="h")
    bench.runner.on(Answer("git symbolic-ref", stdout="release/1.2.0\n"))
    sections = gather_info(bench.context()).sections
    assert sections["branch"] == {"name": Fact("release/1.2.0"), "kind": Fact("release")}
    assert sections["project"]["version"] == Fact("1.2.0")
    assert sections["links"] == {"Changelog": Fact("https://acme.example/changelog")}
    assert list(sections) == ["project", "branch", "repository", "paths", "links"]
    assert all(call.words.startswith("git ") for call in bench.runner.calls)


def test_a_pipeline_knows_its_branch_better_than_git(bench: Bench) -> None:
    bench.environment |= {"GITLAB_CI": "true", "CI_COMMIT_BRANCH": "fix/a"}
    bench.runner.on(Answer("git symbolic-ref", exit_code=1))
    assert gather_info(bench.context()).sections["branch"]["kind"] == Fact("fix")


def test_what_is_not_known_says_why(bench: Bench) -> None:
    bench.runner.on(Answer("git", exit_code=128))
    bench.write({"pyproject.toml": '[project]\nname = "a"\nversion = "1"\n'})
    sections = gather_info(bench.context()).sections
    assert sections["branch"]["name"] == Fact(None, "this is no git repository with a commit")
    assert sections["project"]["python"] == Fact("any")
    assert sections["project"]["groups"] == Fact(())
    assert sections["repository"]["repository"].value is None
    assert "links" not in sections
    bench.runner.on(Answer("git rev-parse", stdout="abc\n"))
    assert gather_info(bench.context()).sections["branch"]["name"].why == "no branch is checked out"


def test_without_git_nothing_is_claimed_of_a_repository(bench: Bench) -> None:
    bench.runner.on(Answer("git", missing=True))
    assert gather_info(bench.context()).sections["branch"]["name"] == Fact(None, "git was not found on this machine")


@pytest.mark.parametrize(
    ("pyproject", "words"),
    [
        (PYPROJECT + '\n[[tool.uv.index]]\nurl = "https://other.example/simple/"\n', "only one is safe"),
        ('[project]\nname = "a"\nversion = "1"\n', "[tool.inhouse]: is missing"),
    ],
)
def test_an_index_that_is_not_safe_is_trouble(bench: Bench, pyproject: str, words: str) -> None:
    assert gather_info(bench.context()).trouble is None
    bench.write({"pyproject.toml": pyproject})
    trouble = gather_info(bench.context()).trouble
    assert trouble is not None
    assert words in trouble.message
    assert trouble.hint


def test_an_index_that_is_not_set_up_leaves_the_endpoint_unknown(bench: Bench) -> None:
    bench.write({"pyproject.toml": PYPROJECT.replace("default = true\n", "").replace("local-publish", "# ")})
    facts = gather_info(bench.context()).sections["repository"]
    assert facts["endpoint"].value is None
    assert "make use-index" in facts["endpoint"].why
    assert facts["local-publish"] == Fact("closed")


def test_the_repository_is_asked_on_request_and_may_be_away(bench: Bench) -> None:
    asked = gather_info(bench.context(), online=True).sections["asked"]
    assert asked["you"] == Fact("arn:aws:iam::111122223333:user/ada")
    assert asked["endpoint"] == Fact(bench.repository.address)
    bench.repository.error = CredentialsMissingError("no credentials", hint="h")
    asked = gather_info(bench.context(), online=True).sections["asked"]
    assert asked == {"you": Fact(None, "no credentials"), "endpoint": Fact(None, "no credentials")}
