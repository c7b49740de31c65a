"""A repository with every state that a name of ours can be in, and strangers on both sides of it.

A stranger has each name at a higher version twice: on PyPI, which stands behind the repository, and on a second index.
"""

import json
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from installers import INSTALLERS, PLACEHOLDER, Installer
from latest_programs import Programs, untold
from pytest_inhouse import CodeArtifact, new_domain, running
from strangers_index import STRANGERS, strangers_index
from support import Shell

T = TypeVar("T")

INHOUSE: Final = (sys.executable, "-m", "inhouse")
TEAM, EDGE, STORE = "team", "edge", "store"
LOGIN, USE_INDEX, ENV, RUN, LOCK = "inhouse login", "inhouse use-index", "inhouse env", "inhouse run", "inhouse lock"
HEALTHY: Final = 200
INDEX: Final = "acme"


class Outcome(StrEnum):
    """What comes of asking for a name of ours."""

    OURS = "ours"
    NOTHING = "nothing"
    STRANGERS = "the stranger's"


@dataclass(frozen=True)
class State:
    """What has become of a name of ours in the repository.

    Attributes:
        name: As tables call it.
        target: The name.
        repository: That is asked for it.
        at_aws: What comes of it at AWS.
        in_superset: What comes of it where the embedded repository does more than AWS.
    """

    name: str
    target: str
    at_aws: Outcome
    in_superset: Outcome
    repository: str = TEAM

    @property
    def dependent(self) -> str:
        """The package that requires it."""
        return f"{self.target}-app"

    def expected(self, mode: str) -> Outcome:
        """Return what comes of it."""
        return self.at_aws if mode == "aws" else self.in_superset


OURS, NOTHING, TAKEN = Outcome.OURS, Outcome.NOTHING, Outcome.STRANGERS

PUBLISHED: Final = State("published, reserved", "acme-core", OURS, OURS)
DELETED: Final = State("deleted, not reserved", "bolt-removed", TAKEN, TAKEN)
"""Nothing in the repository remembers the name: once the stranger has it on PyPI, it is like any public one."""
STATES: Final = (
    PUBLISHED,
    State("published, not reserved", "bolt-core", OURS, OURS),
    State("reserved, not published", "acme-planned", NOTHING, NOTHING),
    State("all versions deleted", "bolt-gone", NOTHING, NOTHING),
    State("deleted, reserved", "acme-removed", NOTHING, NOTHING),
    DELETED,
    State("archived", "bolt-archived", NOTHING, NOTHING),
    State("downstream with its own way to PyPI, reserved", "acme-core", OURS, OURS, EDGE),
    State("downstream with its own way to PyPI, not reserved", "bolt-core", TAKEN, OURS, EDGE),
)
"""`acme` is reserved, `bolt` is not. A weak match cannot be among them: see `WEAK`."""

WEAK: Final = "\N{CYRILLIC SMALL LETTER A}cme-core"
"""What `/pypi//acme~` matches weakly. No installer asks for it: names of projects are ASCII."""


class Attacked:
    """The repository in one mode, with people's homes.

    Args:
        mode: Of the repository.
        domain: That all is in.
        second_index: The stranger's.
        folder: For homes and the folders of commands.
        programs: The tools.

    Attributes:
        unreserved_before: What `inhouse check-config` wanted reserved of what a project with `DELETED` asks for, before
            strangers came.
    """

    def __init__(self, mode: str, domain: CodeArtifact, second_index: str, folder: Path, programs: Programs) -> None:
        self.mode = mode
        self.domain = domain
        self.second_index = second_index
        self.folder = folder
        self.programs = programs
        self.unreserved_before: set[str] = set()
        self._kept: dict[object, object] = {}
        self._locks: dict[object, threading.Lock] = {}
        self._guard = threading.Lock()
        self._numbers = count()

    def furnish(self) -> None:
        """Bring every name into its state."""
        domain = self.domain
        domain.repository(STORE, public=True)
        domain.repository(TEAM, upstreams=[STORE])
        domain.repository(EDGE, upstreams=[TEAM, STORE])
        names = {state.target: state.dependent for state in STATES}
        for name, dependent in names.items():
            domain.publish(dependent, repository=TEAM, requires=[name])
            if name != "acme-planned":
                domain.publish(name, repository=TEAM)
        client, name = domain.client(), domain.domain
        client.delete_package_versions(
            domain=name, repository=TEAM, format="pypi", package="bolt-gone", versions=["1.0"]
        )
        client.update_package_versions_status(
            domain=name,
            repository=TEAM,
            format="pypi",
            package="bolt-archived",
            versions=["1.0"],
            targetStatus="Archived",
        )
        for package in ("acme-removed", "bolt-removed"):
            client.delete_package(domain=name, repository=TEAM, format="pypi", package=package)
        shell = self.shell(self.new_home(), self.folder)
        shell.run(*INHOUSE, "reserve", "acme", "--yes", *self.where(""))
        shell.run(*INHOUSE, "reserve", "consumer", "--exact", *self.where(""))  # which all projects are called

    def unreserved(self, state: State) -> set[str]:
        """Return the names that `inhouse check-config` wants reserved, in a project that asks for a name."""

        def make() -> set[str]:
            uv, home = INSTALLERS["uv"], self.new_home()
            uv.prepare(home / "work", state.target, self.project(uv, state.repository))
            found = self.findings("check-config", home, home / "work")
            return {finding["place"] for finding in found if finding["id"] == "name-unreserved"}

        return self.once(("unreserved", state), make)

    def strangers_come(self) -> None:
        """Let PyPI have all names at a higher version."""
        for name in {state.target for state in STATES}:
            self.domain.public.add(name, STRANGERS)

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
            tools = [word for tool in ("pip", "uv", "poetry", "pdm", "hatch") for word in ("--tool", tool)]
            shell = self.shell(home, self.folder, "poetry-2", "pip", "pdm", "hatch")
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
        domain = self.domain
        own = {"domain": domain.domain, "owner": domain.owner, "region": domain.region, "repository": repository}
        lines = [f'{name} = "{value}"\n' for name, value in {**own, "index": INDEX}.items()]
        return f"[tool.inhouse]\n{''.join(lines)}"

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


_PROJECT: Final = '[project]\nname = "consumer"\nversion = "1"\n\n'

_XDG: Final = {
    "XDG_CONFIG_HOME": ".config",
    "XDG_CACHE_HOME": ".cache",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
}


@contextmanager
def attacked(mode: str, folder: Path, programs: Programs) -> Iterator[Attacked]:
    """Run such a repository while the block lasts."""
    names = {state.target: state.dependent for state in STATES}
    with (
        running(compat="aws" if mode == "aws" else "superset") as server,
        new_domain(server) as domain,
        strangers_index(names) as second,
    ):
        place = Attacked(mode, domain, second, folder, programs)
        place.furnish()
        place.unreserved_before = place.unreserved(DELETED)
        place.strangers_come()
        yield place
