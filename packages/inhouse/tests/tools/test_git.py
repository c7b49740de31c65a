"""Against the real git."""

import os
from pathlib import Path

import pytest
from client_fakes import Answer, FakeRunner

from inhouse.process import SubprocessRunner
from inhouse.tools.git import Git

ENVIRONMENT = {
    **{name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@acme.example",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@acme.example",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05+00:00",
    "GIT_AUTHOR_DATE": "2020-01-02T03:04:05+00:00",
}


def git(folder: Path, *arguments: str) -> None:
    SubprocessRunner().run(["git", *arguments], cwd=folder, env=ENVIRONMENT)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--initial-branch=feature/parser")
    (tmp_path / "file").write_text("one", encoding="utf-8")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "--quiet", "--message=One")
    return tmp_path


def test_a_repository_is_known(repository: Path) -> None:
    known = Git(SubprocessRunner(), repository, ENVIRONMENT)
    assert known.branch() == "feature/parser"
    assert len(known.commit()) == 40
    assert known.commit_time() == 1767323045
    assert known.is_changed() is False
    (repository / "other").touch()
    assert known.is_changed() is True


def test_a_detached_commit_has_no_branch(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "--detach")
    known = Git(SubprocessRunner(), repository, ENVIRONMENT)
    assert known.branch() == ""
    assert known.commit()


def test_a_repository_without_a_commit_has_a_branch_only(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    known = Git(SubprocessRunner(), tmp_path, ENVIRONMENT)
    assert (known.branch(), known.commit(), known.commit_time()) == ("main", "", None)


def test_a_folder_without_git_is_no_error(tmp_path: Path) -> None:
    known = Git(SubprocessRunner(), tmp_path, {**ENVIRONMENT, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
    assert (known.branch(), known.commit(), known.commit_time(), known.is_changed()) == ("", "", None, False)


def test_a_machine_without_git_is_no_error(tmp_path: Path) -> None:
    runner = FakeRunner()
    runner.on(Answer("git", missing=True))
    known = Git(runner, tmp_path, {})
    assert (known.branch(), known.commit_time()) == ("", None)
    assert runner.calls[0].env == {"GIT_OPTIONAL_LOCKS": "0"}
