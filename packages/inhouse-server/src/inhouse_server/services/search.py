"""Collects what a lookup over a repository's upstreams finds, for the rules to decide over."""

import sqlite3
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace

from packaging.utils import NormalizedName

from inhouse_server.catalog import Database, packages, repositories
from inhouse_server.compat import MAXIMUM_SEARCHED_REPOSITORIES
from inhouse_server.errors import NotFoundError, RemoteUnavailableError, ResourceType
from inhouse_server.model import File, PackageFormat, Repository
from inhouse_server.remotes import Remote
from inhouse_server.rules.group_patterns import PackagePath
from inhouse_server.rules.origin_controls import makes_the_name_ours
from inhouse_server.rules.package_groups import GroupControls
from inhouse_server.rules.resolution import Place, is_ours, may_ask_public_source, search_order
from inhouse_server.services.group_controls import read_group_controls


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found of one project.

    Attributes:
        project: Its normalised name.
        repositories: Those visited, in order; the first is the one that was asked.
        places: What each of them has.
        failure: Why a public source could not be asked; None where all answered.
    """

    project: NormalizedName
    repositories: tuple[Repository, ...]
    places: tuple[Place, ...]
    failure: RemoteUnavailableError | None = None


class Search:
    """Searches for a project.

    Args:
        database: The catalog.
        remotes: The public sources by the name of their external connection.
        closes_own_names: Whether a name that one repository makes ours is closed to the public sources of all that a
            search visits; on AWS it is closed in that repository alone.
    """

    def __init__(self, database: Database, remotes: Mapping[str, Remote], *, closes_own_names: bool) -> None:
        self._database = database
        self._remotes = remotes
        self._closes_own_names = closes_own_names

    def search(self, repository: Repository, project: NormalizedName) -> Found:
        """Return what the repository, those behind it and their public sources have of a project.

        The catalog is read first and let go: nobody waits for a public source with a transaction open.
        """
        with self._database.read() as connection:
            found = self.read_catalog(connection, repository, project)
        return self.ask_public_sources(found)

    def read_catalog(
        self,
        connection: sqlite3.Connection,
        repository: Repository,
        project: NormalizedName,
        *,
        package_format: PackageFormat = PackageFormat.PYPI,
        namespace: str | None = None,
    ) -> Found:
        """Return what the catalog alone knows; of other formats than `pypi` this is all there is."""
        behind = self._behind(connection, repository)
        visited = behind[:MAXIMUM_SEARCHED_REPOSITORIES]
        path = PackagePath(package_format, namespace or "", project)
        group = read_group_controls(connection, repository.domain, path)
        places = tuple(self._read_place(connection, each, group) for each in visited)
        if not is_ours(places):
            # Those that are too far to be searched still say whose a name is: one more in the chain opens none.
            beyond = (self._read_place(connection, each, group) for each in behind[MAXIMUM_SEARCHED_REPOSITORIES:])
            places = (replace(places[0], ours=any(place.ours for place in beyond)), *places[1:])
        return Found(project, visited, places)

    def read_again(self, connection: sqlite3.Connection, found: Found) -> Found:
        """Return what the catalog says now of a project in the repository that was asked; others may have changed it.

        Raises:
            NotFoundError: The repository is gone.
        """
        entry = found.repositories[0]
        now = repositories.find(connection, entry.domain, entry.name)
        if now is None or now.id != entry.id:  # one of the same name is another one
            raise NotFoundError(
                f"Repository not found. The repository {entry.name} has been deleted.",
                ResourceType.REPOSITORY,
                entry.name,
            )
        return self.read_catalog(connection, now, found.project)

    def visited(self, connection: sqlite3.Connection, repository: Repository) -> tuple[Repository, ...]:
        """Return the repositories that a lookup in one visits, in order; it is the first."""
        return self._behind(connection, repository)[:MAXIMUM_SEARCHED_REPOSITORIES]

    def _behind(self, connection: sqlite3.Connection, repository: Repository) -> tuple[Repository, ...]:
        """Return a repository and all that stand behind it, in the order of a search without end."""
        known: dict[str, Repository] = {repository.name: repository}

        def upstreams_of(name: str) -> tuple[str, ...]:
            if name not in known:
                upstream = repositories.find(connection, repository.domain, name)
                if upstream is None:  # pragma: no cover - the catalog's foreign keys keep upstreams in existence
                    raise AssertionError(name)
                known[name] = upstream
            return known[name].upstreams

        return tuple(known[name] for name in search_order(repository.name, upstreams_of, sys.maxsize))

    def with_offers_of(self, found: Found, earlier: Found) -> Found:
        """Return `found`, read from the catalog anew, with what the public sources said in an earlier search."""
        offered = {place.repository: place.offered for place in earlier.places}
        places = tuple(replace(place, offered=offered.get(place.repository, {})) for place in found.places)
        return replace(found, places=places, failure=earlier.failure)

    def ask_public_sources(self, found: Found) -> Found:
        """Return `found`, read from the catalog, with what the public sources have."""
        places, failure = list(found.places), None
        for index, repository in enumerate(found.repositories):
            if repository.external_connection is not None and may_ask_public_source(found.places, index):
                try:
                    offered = self._offered(repository, found.project)
                except RemoteUnavailableError as error:
                    failure = error
                else:
                    places[index] = replace(places[index], offered=offered)
        return replace(found, places=tuple(places), failure=failure)

    def _offered(self, repository: Repository, project: NormalizedName) -> Mapping[str, tuple[File, ...]]:
        remote = self._remotes.get(repository.external_connection or "")
        return {} if remote is None else remote.list_files(project).by_version

    def _read_place(self, connection: sqlite3.Connection, repository: Repository, group: GroupControls) -> Place:
        path = group.package
        package = packages.find_package(connection, repository.id, path.format, path.name, namespace=path.namespace)
        if package is None:
            return Place(repository.name, group=group)
        versions = packages.list_versions(connection, package, with_metadata=False)
        held = {packages.canonical_version(path.format, version.version): version for version in versions}
        ours = self._closes_own_names and makes_the_name_ours(package.controls, versions)
        return Place(repository.name, package.controls, held, group=group, ours=ours)
