"""Where each tool keeps its configuration and its credentials: pure, from the environment and the platform.

Each tool's list has the file that wins first, and holds every file that the tool would look at, whether it exists or
not. Files that tools write for themselves (a project's `pyproject.toml`, locks) are not among them.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final


class Tool(Enum):
    """A tool that reads from a package repository or publishes to it; netrc is the file that several of them share."""

    PIP = "pip"
    UV = "uv"
    POETRY = "poetry"
    PDM = "pdm"
    TWINE = "twine"
    HATCH = "hatch"
    NETRC = "netrc"


class Scope(Enum):
    """For whom a file counts."""

    VARIABLE = "variable"
    """Whoever has the environment variable that names it."""
    PROJECT = "project"
    ENVIRONMENT = "environment"
    """Whoever uses one Python environment."""
    USER = "user"
    MACHINE = "machine"


@dataclass(frozen=True)
class Location:
    """A file that a tool looks at.

    Attributes:
        path: The file.
        scope: For whom it counts.
        for_secrets: Whether it is the tool's own place for credentials, and not for configuration.
        legacy: Whether the tool reads it only for old times' sake.
    """

    path: Path
    scope: Scope
    for_secrets: bool = False
    legacy: bool = False


def _nowhere(path: Path) -> bool:
    _ = path
    return False


@dataclass(frozen=True)
class Machine:
    """What decides where files are.

    Attributes:
        environment: The environment variables.
        platform: As `sys.platform` has it.
        exists: Says whether a path exists; some tools look at one place only when there is nothing in another. By
            default nothing does.
    """

    environment: Mapping[str, str]
    platform: str = sys.platform
    exists: Callable[[Path], bool] = _nowhere

    @property
    def is_windows(self) -> bool:
        """Whether it is Windows."""
        return self.platform == "win32"

    def variable(self, name: str) -> str:
        """Return a variable; "" when it is not set."""
        return self.environment.get(name, "")

    @property
    def home(self) -> Path | None:
        """The user's home folder; None when nothing says where it is. Source: `os.path.expanduser`."""
        if not self.is_windows:
            return _path(self.variable("HOME"))
        drive, path = self.variable("HOMEDRIVE"), self.variable("HOMEPATH")
        return _path(self.variable("USERPROFILE") or (drive + path if path else ""))

    @property
    def xdg_configuration(self) -> Path | None:
        """The folder for a user's configuration as freedesktop.org has it."""
        return self._said_absolutely("XDG_CONFIG_HOME") or _below(self.home, ".config")

    @property
    def xdg_data(self) -> Path | None:
        """The folder for a user's data as freedesktop.org has it."""
        return self._said_absolutely("XDG_DATA_HOME") or _below(self.home, ".local/share")

    @property
    def xdg_state(self) -> Path | None:
        """The folder for what a program notes for itself as freedesktop.org has it."""
        return self._said_absolutely("XDG_STATE_HOME") or _below(self.home, ".local/state")

    @property
    def xdg_machine_configuration(self) -> tuple[Path, ...]:
        """The folders for the configuration of all users as freedesktop.org has them."""
        return tuple(Path(each) for each in (self.variable("XDG_CONFIG_DIRS") or "/etc/xdg").split(":") if each)

    def user_configuration(self, name: str, *, roaming: bool = False, author: str = "") -> Path | None:
        """Return the folder of a program's configuration for one user. Source: the library `platformdirs`.

        Args:
            name: The program.
            roaming: On Windows, whether the folder travels with the user from machine to machine.
            author: On Windows, the folder between; "" for none.
        """
        if self.is_windows:
            return _below(self.roaming if roaming else self.local, author, name)
        if self.platform == "darwin" and not self._said_absolutely("XDG_CONFIG_HOME"):
            return _below(self.home, "Library/Application Support", name)
        return _below(self.xdg_configuration, name)

    def machine_configuration(self, name: str, *, author: str = "") -> tuple[Path, ...]:
        """Return the folders of a program's configuration for all users. Source: the library `platformdirs`."""
        if self.is_windows:
            folder = _below(self.shared, author, name)
            return (folder,) if folder else ()
        if self.platform == "darwin" and not self.variable("XDG_CONFIG_DIRS"):
            return (Path("/Library/Application Support") / name,)
        return tuple(folder / name for folder in self.xdg_machine_configuration)

    @property
    def roaming(self) -> Path | None:
        """Windows: the folder that travels with the user."""
        return _path(self.variable("APPDATA")) or _below(self.home, "AppData/Roaming")

    @property
    def local(self) -> Path | None:
        """Windows: the folder that stays on the machine."""
        return _path(self.variable("LOCALAPPDATA")) or _below(self.home, "AppData/Local")

    @property
    def shared(self) -> Path | None:
        """Windows: the folder of all users."""
        return _path(self.variable("PROGRAMDATA"))

    def _said_absolutely(self, name: str) -> Path | None:
        # Source: the XDG base directory specification, which has relative paths ignored.
        said = self.variable(name)
        return Path(said) if Path(said).is_absolute() else None


def locations(
    tool: Tool, machine: Machine, *, project: Path | None = None, prefix: Path | None = None
) -> tuple[Location, ...]:
    """Return every file that a tool looks at for indexes or credentials; an earlier one wins over a later one.

    Args:
        tool: The tool.
        machine: What decides where files are.
        project: The folder of the project that the tool works on, if any.
        prefix: The Python environment that the tool runs in, if any; only pip has a file there.
    """
    return tuple(_FINDERS[tool](machine, project, prefix))


def user_file(tool: Tool, machine: Machine) -> Path | None:
    """Return the one file in which a user configures a tool, as the tool itself would choose it to write to.

    Returns:
        None when nothing says where the user's files are. For uv and hatch, which write none, the one they read.
    """
    scopes = (Scope.VARIABLE, Scope.USER)
    found = [each for each in locations(tool, machine) if each.scope in scopes and not each.legacy]
    wanted = [each.path for each in found if each.for_secrets == (tool is Tool.NETRC)]
    return wanted[0] if wanted else None


def project_file(tool: Tool, project: Path) -> Path | None:
    """Return the file in a project, apart from its `pyproject.toml`, that configures a tool; None if it knows none."""
    return {Tool.UV: project / "uv.toml", Tool.POETRY: project / "poetry.toml", Tool.PDM: project / "pdm.toml"}.get(
        tool
    )


def _pip(machine: Machine, project: Path | None, prefix: Path | None) -> Iterator[Location]:
    """Source: pip's documentation, "Configuration", and `pip config debug`."""
    _ = project
    name = "pip.ini" if machine.is_windows else "pip.conf"
    said = machine.variable("PIP_CONFIG_FILE")
    if said == os.devnull:
        return  # "If set to os.devnull, it will disable the loading of all configuration files."
    if said:
        yield Location(Path(said), Scope.VARIABLE)
    if prefix is not None:
        yield Location(prefix / name, Scope.ENVIRONMENT)
    if not (said and machine.exists(Path(said))):
        folder = machine.user_configuration("pip", roaming=True)
        if machine.platform == "darwin" and folder is not None and not machine.exists(folder):
            folder = _below(machine.home, ".config/pip")
        if folder is not None:
            yield Location(folder / name, Scope.USER)
        if machine.home is not None:
            yield Location(machine.home / ("pip" if machine.is_windows else ".pip") / name, Scope.USER, legacy=True)
    if machine.platform not in {"win32", "darwin"}:
        yield Location(Path("/etc") / name, Scope.MACHINE)
    for folder in reversed(machine.machine_configuration("pip")):
        yield Location(folder / name, Scope.MACHINE)


def _uv(machine: Machine, project: Path | None, prefix: Path | None) -> Iterator[Location]:
    """Source: uv's documentation, "Configuration files" and "Storage".

    A `uv.toml` named by a variable takes the place of all others; of the machine's, only the first that exists counts.
    """
    _ = prefix
    said = machine.variable("UV_CONFIG_FILE")
    if said:
        yield Location(Path(said), Scope.VARIABLE)
    elif machine.variable("UV_NO_CONFIG").lower() not in {"1", "true", "yes", "on", "y", "t"}:
        if project is not None:
            yield Location(project / "uv.toml", Scope.PROJECT)
        folder = machine.roaming if machine.is_windows else machine.xdg_configuration
        if folder is not None:
            yield Location(folder / "uv" / "uv.toml", Scope.USER)
        shared = [machine.shared] if machine.is_windows else [*machine.xdg_machine_configuration, Path("/etc")]
        yield from (Location(folder / "uv" / "uv.toml", Scope.MACHINE) for folder in shared if folder)
    store = _path(machine.variable("UV_CREDENTIALS_DIR")) or (
        _below(machine.roaming, "uv/data/credentials")
        if machine.is_windows
        else _below(machine.xdg_data, "uv/credentials")
    )
    if store is not None:
        yield Location(store / "credentials.toml", Scope.USER, for_secrets=True)


def _poetry(machine: Machine, project: Path | None, prefix: Path | None) -> Iterator[Location]:
    """Source: Poetry's documentation, "Configuration", and its module `poetry.locations`."""
    _ = prefix
    if project is not None:
        yield Location(project / "poetry.toml", Scope.PROJECT)
    folder = _path(machine.variable("POETRY_CONFIG_DIR")) or machine.user_configuration("pypoetry", roaming=True)
    if folder is not None:
        yield Location(folder / "config.toml", Scope.USER)
        yield Location(folder / "auth.toml", Scope.USER, for_secrets=True)


def _pdm(machine: Machine, project: Path | None, prefix: Path | None) -> Iterator[Location]:
    """Source: PDM's documentation, "Configure PDM"; on Windows `platformdirs` puts the name in twice."""
    _ = prefix
    if project is not None:
        yield Location(project / "pdm.toml", Scope.PROJECT)
    said = machine.variable("PDM_CONFIG_FILE")
    folder = machine.user_configuration("pdm", author="pdm")
    if said:
        yield Location(Path(said), Scope.VARIABLE)
    elif folder is not None:
        yield Location(folder / "config.toml", Scope.USER)
    yield from (
        Location(each / "config.toml", Scope.MACHINE) for each in machine.machine_configuration("pdm", author="pdm")[:1]
    )


def _twine(machine: Machine, project: Path | None, prefix: Path | None) -> Iterator[Location]:
    """Source: the specification of the `.pypirc` file. hatch and Python's own `distutils` read it too."""
    _ = project, prefix
    if machine.home is not None:
        yield Location(machine.home / ".pypirc", Scope.USER)


def _hatch(machine: Machine, project: Path | None, prefix: Path | None) -> Iterator[Location]:
    """Source: hatch's documentation, "Configuration"."""
    _ = project, prefix
    said = machine.variable("HATCH_CONFIG")
    folder = machine.user_configuration("hatch")
    if said:
        yield Location(Path(said), Scope.VARIABLE)
    elif folder is not None:
        yield Location(folder / "config.toml", Scope.USER)


def _netrc(machine: Machine, project: Path | None, prefix: Path | None) -> Iterator[Location]:
    """Source: `requests.utils.get_netrc_auth` (pip, Poetry, PDM), uv's documentation; the first that exists counts."""
    _ = project, prefix
    said = machine.variable("NETRC")
    if said:
        yield Location(Path(said), Scope.VARIABLE, for_secrets=True)
    elif machine.home is not None:
        names = [".netrc", "_netrc"]
        if machine.exists(machine.home / "_netrc") and not machine.exists(machine.home / ".netrc"):
            names.reverse()
        yield from (Location(machine.home / name, Scope.USER, for_secrets=True) for name in names)


_FINDERS: Final[Mapping[Tool, Callable[[Machine, Path | None, Path | None], Iterator[Location]]]] = {
    Tool.PIP: _pip,
    Tool.UV: _uv,
    Tool.POETRY: _poetry,
    Tool.PDM: _pdm,
    Tool.TWINE: _twine,
    Tool.HATCH: _hatch,
    Tool.NETRC: _netrc,
}


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _below(folder: Path | None, *parts: str) -> Path | None:
    return folder.joinpath(*(part for part in parts if part)) if folder is not None else None
