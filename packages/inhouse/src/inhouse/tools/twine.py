"""twine: checks built distributions and uploads them. It is installed with inhouse and runs on inhouse's own Python."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from inhouse.process import Completed, Runner


class Twine:
    """Runs twine.

    Args:
        runner: Runs it.
        executable: The Python that has twine.
        environment: Its environment variables.
    """

    def __init__(self, runner: Runner, executable: Path, environment: Mapping[str, str]) -> None:
        self._runner = runner
        self._executable = executable
        self._environment = environment

    def check(self, files: Sequence[Path], folder: Path) -> None:
        """Check the metadata of distributions, warnings included.

        Raises:
            ProgramFailedError: Something is wrong with them.
        """
        self._runner.run(check_command(self._executable, files), cwd=folder, env=self._environment)

    def upload(self, files: Sequence[Path], url: str, token: str, folder: Path) -> Completed:
        """Upload distributions; the caller looks at the exit code and at what twine said.

        Args:
            files: The distributions.
            url: The repository's endpoint.
            token: The authorization token; it travels in the environment, where no list of processes shows it.
            folder: The folder to run in.
        """
        return self._runner.run(
            upload_command(self._executable, files, url),
            cwd=folder,
            env={**self._environment, "TWINE_USERNAME": "aws", "TWINE_PASSWORD": token},
            secrets=[token],
            check=False,
        )


def check_command(executable: Path, files: Sequence[Path]) -> list[str]:
    """Build the check."""
    return [str(executable), "-m", "twine", "--no-color", "check", "--strict", *map(str, files)]


def upload_command(executable: Path, files: Sequence[Path], url: str) -> list[str]:
    """Build the upload. A `.pypirc` is not read: it could name another repository or user."""
    return [
        str(executable),
        "-m",
        "twine",
        "--no-color",
        "upload",
        "--non-interactive",
        "--disable-progress-bar",
        "--verbose",
        "--config-file",
        os.devnull,
        "--repository-url",
        url,
        *map(str, files),
    ]


def refusal_status(output: str) -> int | None:
    """Return the HTTP status with which an upload was refused; None when twine says nothing of one."""
    found = re.search(r"HTTPError:\s+(\d{3})\b", output)
    return int(found[1]) if found else None
