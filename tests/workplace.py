"""People's homes and shells with the latest tools, beside one domain of the embedded repository."""

import json
import shutil
import sys
import threading
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from installers import PLACEHOLDER, Installer
from latest_programs import Programs, untold
from pytest_inhouse import CodeArtifact
from support import Shell

T = TypeVar("T")

INHOUSE: Final = (sys.executable, "-m", "inhouse")
TEAM: Final = "team"
INDEX: Final = "acme"
LOGIN, USE_INDEX, ENV, RUN, LOCK = "inhouse login", "inhouse use-index", "inhouse env", "inhouse run", "inhouse lock"
HEALTHY: Final = 200


class Workplace:
    """A domain, and people who work with it.

    Args:
        domain: It.
        folder: For homes and the folders of commands.
        programs: The tools.
    """

    def __init__(self, domain: CodeArtifact, folder: Path, programs: Programs) -> None:
        self.domain = domain
        self.folder = folder
        self.programs = programs
        self._kept: dict[object, object] = {}
        self._locks: dict[object, threading.Lock] = {}
        self._guard = threading.Lock()
        self._numbers = count()

    def shell(self, home: Path, folder: Path, *environments: str, **variables: str) -> Shell:
        """Return a shell with nothing but the credentials of the repository's administrator."""
        program = {
            **untold(),
            "HOME": str(home),
            "PATH": self.programs.path("keyring", *environments),
            "LANG": "C.UTF-8",
            "NO_COLOR": "1",
            "COLUMNS": "500",
            "INHOUSE_CACHE_DIR": str(self.folder / "tokens"),
            **{name: str(home / path) for name, path in _XDG.items()},
            **self.domain.environment,
        }
        return Shell(folder, {**program, **variables})

    def logged_in(self, repository: str) -> Path:
        """Return a home where `inhouse login` has been; it is made once."""

        def make() -> Path:
            home = self.new_home()
            tools = [word for tool in ("pip", "uv", "poetry", "pdm", "hatch", "twine") for word in ("--tool", tool)]
            shell = self.shell(home, self.folder, "poetry-2", "pip", "pdm", "hatch", "twine")
            shell.run(*INHOUSE, "login", "--yes", *tools, *self.where(repository))
            return home

        return self.once(("login", repository), make)

    def variables(self, installer: Installer, repository: str) -> Mapping[str, str]:
        """Return what `inhouse env` says in the tool's project."""

        def make() -> dict[str, str]:
            name = f"env-{repository}-{installer.name}".replace(" ", "-")
            installer.prepare(self.folder / name, PLACEHOLDER, self.project(installer, repository))
            shell = self.shell(self.new_home(), self.folder / name)
            options = ["--format", "json", "--tool", installer.tool]
            said = shell.run(*INHOUSE, "env", *options, *self.where(repository))
            found: dict[str, str] = json.loads(said.stdout)
            return found

        return self.once(("env", repository, installer.name), make)

    def project(self, installer: Installer, repository: str) -> str:
        """Return the text of a project that belongs to the repository, with one index where a manager has it there."""

        def make() -> str:
            folder = self.folder / "projects" / f"{installer.name}-{repository}".replace(" ", "-")
            installer.prepare(folder, PLACEHOLDER)
            path = folder / "pyproject.toml"
            text = path.read_text(encoding="utf-8") if path.exists() else _PROJECT
            path.write_text(text + self.own_table(repository), encoding="utf-8")
            if installer.manager:
                self.shell(self.new_home(), folder).run(*INHOUSE, "use-index")
            return path.read_text(encoding="utf-8")

        return self.once(("project", installer.name, repository), make)

    def own_table(self, repository: str) -> str:
        """Return the table `[tool.inhouse]` of a project that belongs to a repository."""
        return own_table(self.domain, repository)

    def configured(self, installer: Installer, configuration: str, repository: str) -> tuple[Path, dict[str, str]]:
        """Return a home of its own, and variables, in which a tool is configured."""
        if configuration == LOGIN:
            home = self._new_path()
            shutil.copytree(self.logged_in(repository), home)
            return home, {}
        return self.new_home(), dict(self.variables(installer, repository)) if configuration == ENV else {}

    def new_home(self) -> Path:
        """Return a new, empty home."""
        home = self._new_path()
        home.mkdir(parents=True)
        return home

    def _new_path(self) -> Path:
        with self._guard:
            return self.folder / "homes" / str(next(self._numbers))

    def where(self, repository: str = TEAM) -> list[str]:
        """Return the options that name a repository; without one, the domain alone."""
        domain = ["--domain", self.domain.domain, "--owner", self.domain.owner, "--region", self.domain.region]
        return [*domain, *(["--repository", repository] if repository else [])]

    def answers(self, status: int) -> None:
        """Let the repository answer so to whoever reads from it."""
        self.domain.faults.clear()
        if status != HEALTHY:
            self.domain.faults("ReadFromRepository", status=status)

    def findings(self, command: str, home: Path, folder: Path, *options: str, **variables: str) -> list[dict[str, Any]]:
        """Return what `doctor` or `check-config` finds in a project."""
        shell = self.shell(home, folder, "poetry-2", "pip", "pdm", "hatch", **variables)
        done = shell.run(*INHOUSE, command, "--format", "json", *options, check=False)
        assert done.returncode in {0, 3, 4}, done.stdout
        found: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
        return found

    def once(self, key: object, make: Callable[[], T]) -> T:
        """Return what was made under a key; commands run side by side, and each thing is made by one of them."""
        with self._guard:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._kept:
                self._kept[key] = make()
            return cast("T", self._kept[key])


def own_table(domain: CodeArtifact, repository: str) -> str:
    """Return the table `[tool.inhouse]` of a project that belongs to a repository."""
    own = {"domain": domain.domain, "owner": domain.owner, "region": domain.region, "repository": repository}
    lines = [f'{name} = "{value}"\n' for name, value in {**own, "index": INDEX}.items()]
    return f"[tool.inhouse]\n{''.join(lines)}"


_PROJECT: Final = '[project]\nname = "consumer"\nversion = "1"\n\n'

_XDG: Final = {
    "XDG_CONFIG_HOME": ".config",
    "XDG_CACHE_HOME": ".cache",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
}
