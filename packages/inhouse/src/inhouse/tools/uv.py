"""uv: environments, locks, installation and building.

Every run gets a configuration file of its own; see `uv_configuration` for what it holds and why.
"""

import re
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path
from typing import Final

import uv

from inhouse.errors import ProgramFailedError, ProgramMissingError
from inhouse.process import Completed, Runner

MISSING_HINT: Final = "install inhouse anew (uv comes with it), or say where uv is with INHOUSE_UV"


class Failure(Enum):
    """Why uv failed, as far as its words tell."""

    LOCK_STALE = auto()
    INTERPRETER_MISSING = auto()
    CREDENTIALS_REFUSED = auto()
    ACCESS_DENIED = auto()
    UNREACHABLE = auto()
    OTHER = auto()


class Uv:
    """Runs uv for one project.

    Args:
        runner: Runs it.
        executable: uv.
        folder: The project's folder.
        environment: The environment variables, credentials of the index included.
        configuration: The text of its `uv.toml`.
        secrets: What must not be shown, such as the token.
    """

    def __init__(
        self,
        runner: Runner,
        executable: Path,
        folder: Path,
        environment: Mapping[str, str],
        *,
        configuration: str,
        secrets: Collection[str] = (),
    ) -> None:
        self._runner = runner
        self._executable = executable
        self._folder = folder
        self._environment = environment
        self._configuration = configuration
        self._secrets = secrets

    def run(
        self,
        arguments: Sequence[str],
        *,
        stream: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> Completed:
        """Run uv.

        Args:
            arguments: Its arguments, from one of the builders below.
            stream: Show what it says while it runs.
            environment: Variables to add.

        Raises:
            ProgramMissingError: There is no uv.
            ProgramFailedError: It failed; `failure` reads its output.
        """
        with _configuration_file(self._configuration) as file:
            completed = self._runner.run(
                [str(self._executable), *arguments],
                cwd=self._folder,
                env={**self._environment, **(environment or {}), "UV_CONFIG_FILE": str(file)},
                secrets=self._secrets,
                stream=stream,
                check=False,
                missing_hint=MISSING_HINT,
            )
        if completed.exit_code != 0:
            said = completed.stderr or completed.stdout
            raise ProgramFailedError(completed.argv, completed.exit_code, said, seen=stream)
        return completed


def bundled() -> Path:
    """Return the uv that was installed with inhouse.

    Raises:
        ProgramMissingError: It is not there.
    """
    try:
        return Path(uv.find_uv_bin())
    except FileNotFoundError as error:
        raise ProgramMissingError("uv", hint=MISSING_HINT) from error


def venv_arguments(environment: Path, prompt: str, *, python: str | None) -> list[str]:
    """Build the command that makes an environment.

    Args:
        environment: The folder to make it in.
        prompt: The name that an activated environment shows.
        python: A version, a range of versions or a path; None is what the project asks for, in `.python-version` or
            `requires-python`.
    """
    return ["venv", *(["--python", python] if python else []), "--prompt", prompt, str(environment)]


def find_arguments(python: str | None) -> list[str]:
    """Build the question for the Python that an environment would be made with; environments themselves do not count.

    Args:
        python: A version, a range of versions or a path; None is what the project asks for.
    """
    return ["python", "find", "--system", *([python] if python else [])]


def lock_arguments(*, upgrade: bool = False) -> list[str]:
    """Build the command that resolves and writes the lock."""
    return ["lock", *(["--upgrade"] if upgrade else [])]


def check_lock_arguments() -> list[str]:
    """Build the question whether the lock goes with the `pyproject.toml`; it fails when it does not."""
    return ["lock", "--check"]


def sync_arguments(groups: Sequence[str], *, exact: bool) -> list[str]:
    """Build the command that installs the project and what it needs, as locked.

    Args:
        groups: The dependency groups to install.
        exact: Whether to remove what is not asked for.
    """
    chosen = [argument for group in groups for argument in ("--group", group)]
    return ["sync", "--locked", "--no-default-groups", *chosen, *([] if exact else ["--inexact"])]


def export_arguments(group: str) -> list[str]:
    """Build the command that prints what the lock holds for one group, and nothing of the project itself."""
    return [
        "export",
        "--locked",
        "--quiet",
        "--format=requirements-txt",
        "--no-header",
        "--no-annotate",
        "--only-group",
        group,
    ]


def install_arguments(python: Path, requirements: Path, fresh: str) -> list[str]:
    """Build the command that installs requirements into an environment.

    Args:
        python: The environment's interpreter.
        requirements: A file of requirements.
        fresh: The package that must come from the repository as it is now, and from no cache.
    """
    return ["pip", "install", "--python", str(python), "--refresh-package", fresh, "--requirements", str(requirements)]


def build_arguments(target: Path) -> list[str]:
    """Build the command that makes the sdist and, from it, the wheel: so the published source is known to build."""
    return ["build", "--sdist", "--wheel", "--no-create-gitignore", "--out-dir", str(target)]


_SIGNS: Final[Sequence[tuple[str, Failure]]] = (
    # The order matters: a refusal is often reported together with "not found".
    (r"needs? to be updated, but `--(locked|check)`", Failure.LOCK_STALE),
    (r"Unable to find lockfile", Failure.LOCK_STALE),
    (r"No interpreter found", Failure.INTERPRETER_MISSING),
    (r"\b401 Unauthorized|Missing credentials", Failure.CREDENTIALS_REFUSED),
    (r"\b403 Forbidden", Failure.ACCESS_DENIED),
    (r"error sending request|client error \(Connect\)|Connection refused|dns error", Failure.UNREACHABLE),
)


def failure(output: str) -> Failure:
    """Tell from its words why uv failed."""
    return next((kind for pattern, kind in _SIGNS if re.search(pattern, output)), Failure.OTHER)


@contextmanager
def _configuration_file(text: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="inhouse-uv-") as folder:
        file = Path(folder) / "uv.toml"
        file.write_text(text, encoding="utf-8")
        yield file
