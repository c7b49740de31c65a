"""Where everything lies in a project."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """The paths of a project.

    Attributes:
        root: The folder that holds the `pyproject.toml`; absolute.
    """

    root: Path

    @property
    def manifest(self) -> Path:
        """The `pyproject.toml`."""
        return self.root / "pyproject.toml"

    @property
    def uv_configuration(self) -> Path:
        """A `uv.toml`, which would make uv ignore the one index; it must not exist."""
        return self.root / "uv.toml"

    @property
    def lock(self) -> Path:
        """What `lock` resolved."""
        return self.root / "uv.lock"

    @property
    def tool_version(self) -> Path:
        """The file that pins the version of `inhouse` for this project."""
        return self.root / ".inhouse-version"

    @property
    def coverage_configuration(self) -> Path:
        """The file that coverage reads instead of `pyproject.toml` when it exists."""
        return self.root / ".coveragerc"

    @property
    def environment(self) -> Path:
        """The project's own environment."""
        return self.root / ".venv"

    @property
    def tests(self) -> Path:
        """The unit tests."""
        return self.root / "tests"

    @property
    def integration_tests(self) -> Path:
        """The tests that are run against the published wheel."""
        return self.root / "tests_int"

    @property
    def docs(self) -> Path:
        """The sources of the documentation."""
        return self.root / "docs"

    @property
    def site(self) -> Path:
        """The built documentation."""
        return self.build / "docs" / "html"

    @property
    def build(self) -> Path:
        """The folder for whatever can be made again."""
        return self.root / "build"

    @property
    def integration(self) -> Path:
        """The folder of the clean environment for integration tests."""
        return self.build / "integration"

    @property
    def dist(self) -> Path:
        """The built distributions."""
        return self.root / "dist"


def interpreter(environment: Path, *, windows: bool) -> Path:
    """Return the path of an environment's Python.

    Source: the documentation of Python's `venv`: `Scripts` on Windows, `bin` elsewhere.
    """
    return environment / "Scripts" / "python.exe" if windows else environment / "bin" / "python"
