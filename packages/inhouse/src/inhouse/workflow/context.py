"""What every activity needs: the project, the settings, and the ways to the outside world."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inhouse.codeartifact.interface import Repository
from inhouse.errors import ManagerError, ManifestError, NotAProjectError
from inhouse.process import Runner
from inhouse.project.layout import Layout, interpreter
from inhouse.project.manager import LOCKS
from inhouse.project.manifest import FILE, Coordinates, Index, Manifest, read_manifest
from inhouse.settings import Settings
from inhouse.tools.environment import activated, child_environment
from inhouse.tools.git import Git
from inhouse.tools.python import Python
from inhouse.tools.twine import Twine


@dataclass(frozen=True)
class Context:
    """A project and how to work on it.

    Attributes:
        layout: Where everything lies.
        manifest: What its `pyproject.toml` says.
        settings: The settings of the run.
        runner: Runs other programs.
        say: Tells a person, in a line, what is being done.
        connect: Gives access to a repository; nothing is asked until the repository is.
        windows: Whether environments are laid out as on Windows.
    """

    layout: Layout
    manifest: Manifest
    settings: Settings
    runner: Runner
    say: Callable[[str], None]
    connect: Callable[[Coordinates], Repository]
    windows: bool = sys.platform == "win32"

    def environment(self) -> dict[str, str]:
        """Return the environment variables for other programs."""
        return child_environment(self.settings.environment)

    def interpreter(self) -> Path:
        """Return the path of the Python of the project's environment, whether it exists or not."""
        return interpreter(self.layout.environment, windows=self.windows)

    def python(self) -> Python:
        """Return the Python of the project's environment, as if the environment were activated."""
        environment = activated(self.environment(), self.layout.environment, windows=self.windows)
        return Python(self.runner, self.interpreter(), environment)

    def git(self) -> Git:
        """Return git, asked about the project."""
        return Git(self.runner, self.layout.root, self.environment())

    def twine(self) -> Twine:
        """Return the twine that was installed with inhouse."""
        return Twine(self.runner, Path(sys.executable), self.environment())

    def repository(self) -> Repository:
        """Return the repository of `[tool.inhouse]`.

        Raises:
            ManifestError: There is no such table.
        """
        return self.connect(self.manifest.table().coordinates)

    def check_manager(self) -> None:
        """Check that the project is managed by uv, before a command does with uv what is another program's part.

        Raises:
            ManagerError: It is not.
        """
        if self.manifest.manager.is_poetry:
            raise ManagerError(self.manifest.manager.title)

    def one_index(self) -> Index:
        """Return the project's one index.

        Raises:
            ManifestError: There is none, more than one, or something that reaches around it.
        """
        if not self.manifest.manager.is_poetry and self.layout.uv_configuration.exists():
            raise ManifestError(
                self.layout.uv_configuration.name,
                "",
                "takes the place of [tool.uv] in pyproject.toml, so that uv would not see the one index",
                hint="move its settings to [tool.uv] in pyproject.toml and remove it",
            )
        return self.manifest.one_index()


def find_project(start: Path) -> Layout:
    """Return the project that a folder belongs to: the nearest one with a `pyproject.toml`, upwards.

    Raises:
        NotAProjectError: There is none.
    """
    folder = start.resolve()  # `..` must be followed before going upwards
    for candidate in (folder, *folder.parents):
        if (candidate / FILE).is_file():
            return Layout(candidate)
    raise NotAProjectError(folder)


def load_manifest(layout: Layout) -> Manifest:
    """Read a project's `pyproject.toml`.

    Raises:
        ManifestError: It cannot be read, or is not as it must be.
    """
    locks = {name for name in LOCKS if (layout.root / name).is_file()}
    return read_manifest(manifest_text(layout), locks)


def manifest_text(layout: Layout) -> str:
    """Return the text of a project's `pyproject.toml`.

    Raises:
        ManifestError: It cannot be read.
    """
    try:
        return layout.manifest.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        hint = "it must be a file in UTF-8 that you may read"
        raise ManifestError(FILE, "", f"cannot be read: {error}", hint=hint) from error
