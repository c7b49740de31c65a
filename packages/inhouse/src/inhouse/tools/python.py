"""Python: what an interpreter is, and what runs on it: pytest and coverage.

The interpreter is that of an environment, not the one inhouse runs on: a library's tests must see the library's
dependencies and nothing of ours.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inhouse.errors import ProgramMissingError
from inhouse.process import Runner

_ABOUT = "import json, sys; print(json.dumps(['.'.join(map(str, sys.version_info[:3])), sys.prefix, sys.base_prefix]))"

_MISSING = (
    "import importlib.util, json, sys; "
    "print(json.dumps([name for name in sys.argv[1:] if importlib.util.find_spec(name) is None]))"
)

_ORIGIN = """
import importlib, importlib.metadata, json, sys
def place(module):
    return getattr(module, "__file__", None) or next(iter(module.__path__))
distribution = importlib.metadata.distribution(sys.argv[1])
print(json.dumps({
    "version": distribution.version,
    "direct_url": distribution.read_text("direct_url.json") or "",
    "prefix": sys.prefix,
    "files": {name: place(importlib.import_module(name)) for name in sys.argv[2:]},
}))
"""


@dataclass(frozen=True)
class Interpreter:
    """What an interpreter says of itself.

    Attributes:
        version: Its version, for example `3.12.1`.
        prefix: Where its environment lies.
        base_prefix: Where the Python lies that the environment was made with.
    """

    version: str
    prefix: str
    base_prefix: str

    @property
    def is_environment(self) -> bool:
        """Whether it belongs to a virtual environment. Source: the documentation of Python's `venv`."""
        return self.prefix != self.base_prefix


@dataclass(frozen=True)
class Origin:
    """Where an installed package came from.

    Attributes:
        version: The version that is installed.
        direct_url: What PEP 610 records for a package that did not come from an index; "" for one that did.
        prefix: The environment.
        files: What is imported: import package to its file, or its folder for a namespace package.
    """

    version: str
    direct_url: str
    prefix: str
    files: Mapping[str, str]


class Python:
    """Runs things on an interpreter.

    Args:
        runner: Runs it.
        executable: The interpreter.
        environment: Its environment variables.
    """

    def __init__(self, runner: Runner, executable: Path, environment: Mapping[str, str]) -> None:
        self._runner = runner
        self._executable = executable
        self._environment = environment

    def about(self, folder: Path) -> Interpreter | None:
        """Ask the interpreter about itself; None when it cannot run, for example because its Python was removed."""
        try:
            completed = self._runner.run(
                about_command(self._executable), cwd=folder, env=self._environment, check=False
            )
        except ProgramMissingError:
            return None
        return read_about(completed.stdout) if completed.exit_code == 0 else None

    def missing(self, modules: Sequence[str], folder: Path) -> tuple[str, ...]:
        """Return those of the modules that the interpreter cannot import.

        Raises:
            ProgramError: It cannot run.
        """
        command = missing_command(self._executable, modules)
        return tuple(json.loads(self._runner.run(command, cwd=folder, env=self._environment).stdout))

    def origin(self, distribution: str, imports: Sequence[str], folder: Path) -> Origin:
        """Import packages and return where they come from.

        Raises:
            ProgramFailedError: The distribution is not installed, or a package cannot be imported.
        """
        command = origin_command(self._executable, distribution, imports)
        return read_origin(self._runner.run(command, cwd=folder, env=self._environment).stdout)

    def run(self, module: str, arguments: Sequence[str], folder: Path) -> int:
        """Run a module for a person to watch, and return its exit code.

        Raises:
            ProgramMissingError: There is no such interpreter.
        """
        command = module_command(self._executable, module, arguments)
        return self._runner.run(command, cwd=folder, env=self._environment, stream=True, check=False).exit_code


def about_command(executable: Path) -> list[str]:
    """Build the question for the interpreter itself; isolated, so that no file of the folder is imported."""
    return [str(executable), "-I", "-c", _ABOUT]


def missing_command(executable: Path, modules: Sequence[str]) -> list[str]:
    """Build the question for modules that cannot be imported."""
    return [str(executable), "-I", "-c", _MISSING, *modules]


def origin_command(executable: Path, distribution: str, imports: Sequence[str]) -> list[str]:
    """Build the question for the origin of a distribution and its import packages."""
    return [str(executable), "-I", "-c", _ORIGIN, distribution, *imports]


def module_command(executable: Path, module: str, arguments: Sequence[str]) -> list[str]:
    """Build a command that runs a module."""
    return [str(executable), "-m", module, *arguments]


def read_about(text: str) -> Interpreter | None:
    """Read the answer to `about_command`; None when something else than our question answered."""
    try:
        version, prefix, base_prefix = json.loads(text)
    except ValueError:
        return None
    return Interpreter(version, prefix, base_prefix)


def read_origin(text: str) -> Origin:
    """Read the answer to `origin_command`: its last line, since an imported package may print."""
    answer = json.loads(text.strip().splitlines()[-1])
    return Origin(answer["version"], answer["direct_url"], answer["prefix"], answer["files"])
