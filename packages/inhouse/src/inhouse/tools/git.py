"""git: what it knows about the project. Every question has the answer "nothing" where there is no git."""

from collections.abc import Mapping
from pathlib import Path

from inhouse.errors import ProgramMissingError
from inhouse.process import Runner


class Git:
    """Asks git about a folder.

    Args:
        runner: Runs git.
        folder: The folder.
        environment: The environment for git.
    """

    def __init__(self, runner: Runner, folder: Path, environment: Mapping[str, str]) -> None:
        self._runner = runner
        self._folder = folder
        # A question must not take locks that somebody's commit in the next window needs.
        self._environment = {**environment, "GIT_OPTIONAL_LOCKS": "0"}

    def is_there(self) -> bool:
        """Say whether there is a git to ask."""
        try:
            self._runner.run(version_command(), cwd=self._folder, env=self._environment, check=False)
        except ProgramMissingError:
            return False
        return True

    def branch(self) -> str:
        """Return the branch that is checked out; "" for a bare commit, or without git."""
        return self._ask(branch_command())

    def commit(self) -> str:
        """Return the commit that is checked out; "" when there is none, or no git."""
        return self._ask(commit_command())

    def commit_time(self) -> int | None:
        """Return when the commit that is checked out was made, in seconds since 1970; None without one."""
        said = self._ask(commit_time_command())
        return int(said) if said.isdecimal() else None

    def is_changed(self) -> bool:
        """Say whether the folder differs from its commit, files that git does not know included."""
        return bool(self._ask(status_command()))

    def _ask(self, argv: list[str]) -> str:
        try:
            completed = self._runner.run(argv, cwd=self._folder, env=self._environment, check=False)
        except ProgramMissingError:
            return ""
        return completed.stdout.strip() if completed.exit_code == 0 else ""


def version_command() -> list[str]:
    """Build a question that needs no repository."""
    return ["git", "--version"]


def branch_command() -> list[str]:
    """Build the question for the branch; it fails on a detached HEAD instead of answering `HEAD`."""
    return ["git", "symbolic-ref", "--quiet", "--short", "HEAD"]


def commit_command() -> list[str]:
    """Build the question for the commit."""
    return ["git", "rev-parse", "--verify", "--quiet", "HEAD^{commit}"]


def commit_time_command() -> list[str]:
    """Build the question for the commit's time."""
    return ["git", "log", "-1", "--no-show-signature", "--format=%ct"]


def status_command() -> list[str]:
    """Build the question for changes in the folder."""
    return ["git", "status", "--porcelain", "--", "."]
