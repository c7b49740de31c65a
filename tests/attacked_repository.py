"""A repository with every state that a name of ours can be in, and strangers on both sides of it.

A stranger has each name at a higher version twice: on PyPI, which stands behind the repository, and on a second index.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from installers import INSTALLERS
from latest_programs import Programs
from pytest_inhouse import CodeArtifact, new_domain, running
from strangers_index import STRANGERS, strangers_index
from workplace import INHOUSE, TEAM, Workplace

EDGE, STORE = "edge", "store"


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
    def named(self) -> str:
        """What names the hole, fit for a table; "" where there is none."""
        if Outcome.STRANGERS not in {self.at_aws, self.in_superset}:
            return ""
        when = ", until the stranger has the name" if self == DELETED else ""
        return f"`inhouse check-config`: `name-unreserved`{when}"

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


class Attacked(Workplace):
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
        super().__init__(domain, folder, programs)
        self.mode = mode
        self.second_index = second_index
        self.unreserved_before: set[str] = set()

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
