"""Which repository is to be reached, from which machine and project: what login, logout, env and run begin with."""

from collections.abc import Callable
from dataclasses import dataclass

from inhouse.codeartifact.interface import Repository
from inhouse.errors import CredentialsMissingError, InhouseError
from inhouse.process import Runner
from inhouse.project.answers import default_index
from inhouse.project.index import repository_index
from inhouse.project.layout import Layout
from inhouse.project.manifest import Coordinates, Index, Manifest
from inhouse.settings import Settings
from inhouse.tools.locations import Machine


@dataclass(frozen=True)
class Access:
    """A repository, and from where it is to be reached.

    Attributes:
        settings: The settings of the run.
        machine: Where the tools' files are.
        runner: Runs other programs.
        say: Tells a person, in a line, what is being done.
        coordinates: The repository.
        connect: Gives access to it; nothing is asked until it is.
        layout: The project at hand; None for none.
        manifest: What its `pyproject.toml` says; None for none.
    """

    settings: Settings
    machine: Machine
    runner: Runner
    say: Callable[[str], None]
    coordinates: Coordinates
    connect: Callable[[Coordinates], Repository]
    layout: Layout | None = None
    manifest: Manifest | None = None

    def repository(self) -> Repository:
        """Return the repository."""
        return self.connect(self.coordinates)

    def project_index(self) -> Index | None:
        """Return the project's one index if it is the repository's; None if there is no such project."""
        table = self.manifest.inhouse if self.manifest is not None else None
        if self.manifest is None or table is None or table.coordinates != self.coordinates:
            return None
        try:
            return self.manifest.one_index()
        except InhouseError:
            return None

    def index(self) -> Index:
        """Return the repository as an index: named as the project names it, else after the domain.

        The repository is asked for its address. Whoever has nothing but a token cannot ask; then the project tells.

        Raises:
            RepositoryError: Nobody tells.
        """
        table = self.manifest.inhouse if self.manifest is not None else None
        is_ours = table is not None and table.coordinates == self.coordinates
        name = table.index if table is not None and is_ours else default_index(self.coordinates.domain)
        try:
            return repository_index(name, self.repository().endpoint())
        except CredentialsMissingError:
            own = self.project_index()
            if own is None:
                raise
            return repository_index(name, own.publish_url)
