"""The repository, asked for real: AWS CodeArtifact or whatever speaks like it."""

from collections.abc import Callable, Iterable
from functools import cache, cached_property

from packaging.utils import NormalizedName

from inhouse.codeartifact.endpoint import repository_endpoint
from inhouse.codeartifact.explain.facts import Facts
from inhouse.codeartifact.explain.gathering import gather_facts
from inhouse.codeartifact.identity import caller_identity
from inhouse.codeartifact.interface import Identity, PublishedFile, Token, VersionOrigin
from inhouse.codeartifact.name_facts import NameFacts
from inhouse.codeartifact.name_gathering import gather_names
from inhouse.codeartifact.origin import version_origin
from inhouse.codeartifact.pages import published_files
from inhouse.codeartifact.session import Clients, make_clients
from inhouse.codeartifact.token import authorization_token
from inhouse.project.manifest import Coordinates
from inhouse.settings import Settings


class CodeArtifactRepository:
    """A repository behind CodeArtifact's API; see `Repository` for what its methods promise.

    Args:
        coordinates: Which one.
        settings: How to get there.
        make: Makes the clients; tests hand in stubbed ones.
    """

    def __init__(
        self,
        coordinates: Coordinates,
        settings: Settings,
        make: Callable[[Coordinates, Settings], Clients] = make_clients,
    ) -> None:
        self._coordinates = coordinates
        self._settings = settings
        self._make = make

    @cached_property
    def _clients(self) -> Clients:
        return self._make(self._coordinates, self._settings)

    @cached_property
    def _token(self) -> Token:
        if self._settings.token is not None:
            return Token(self._settings.token)
        return authorization_token(self._coordinates, self._settings)

    def token(self) -> Token:
        """Return an authorization token: the exported one, else a kept or a new one, the same for the whole run."""
        return self._token

    def endpoint(self) -> str:
        """Ask for the repository's endpoint."""
        return repository_endpoint(self._clients.codeartifact, self._coordinates)

    def identity(self) -> Identity:
        """Ask who we are."""
        return caller_identity(self._clients.sts)

    def published(self, url: str, project: str) -> tuple[PublishedFile, ...]:
        """Return the files that an index lists of a project."""
        timeout = (self._settings.connect_timeout, self._settings.read_timeout)
        return published_files(url, project, self.token(), timeout)

    def origin(self, project: str, version: str) -> VersionOrigin | None:
        """Ask how a version came into the repository."""
        return version_origin(self._clients.codeartifact, self._coordinates, project, version)

    def facts(self, project: NormalizedName) -> Facts:
        """Gather what decides over what an installer gets of a project."""
        return gather_facts(
            self._clients.codeartifact,
            self._coordinates,
            project,
            lambda: self.published(f"{self.endpoint()}simple/", project),
            self._clients.door.ask,
        )

    def name_facts(self, names: Iterable[NormalizedName], own: NormalizedName | None) -> tuple[NameFacts, ...]:
        """Gather whose names are, and which package groups those of ours belong to."""

        @cache
        def index() -> str:
            return f"{self.endpoint()}simple/"

        return gather_names(
            self._clients.codeartifact, self._coordinates, names, own, lambda name: self.published(index(), name)
        )
