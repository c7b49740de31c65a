"""Which projects a repository offers from what it and the repositories behind it hold."""

from collections.abc import Iterator
from itertools import islice

from packaging.utils import NormalizedName

from inhouse_server.catalog import Database, packages
from inhouse_server.model import PackageFormat, Repository
from inhouse_server.rules.resolution import project_files
from inhouse_server.services.access import Access, Caller, repository_arn
from inhouse_server.services.inventory import find_repository
from inhouse_server.services.search import Search


class Projects:
    """Lists projects.

    Args:
        database: The catalog.
        access: Decides what callers may do.
        search: Finds what upstreams have.
    """

    def __init__(self, database: Database, access: Access, search: Search) -> None:
        self._database = database
        self._access = access
        self._search = search

    def list_names(
        self, caller: Caller, owner: str, domain: str, repository: str, *, after: str, limit: int
    ) -> list[NormalizedName]:
        """Return up to `limit` names, in order, beginning behind `after`: those whose project page lists a file.

        What a public source could bring is not among them: nobody can be asked for all that it has.

        Raises:
            AccessDeniedError: The caller may not see them.
            NotFoundError: The domain or the repository does not exist.
        """
        arn = repository_arn(caller.region, owner, domain, repository)
        self._access.require(caller.principal, "inhouse:ListProjects", arn)
        with self._database.read() as connection:
            entry = find_repository(connection, caller, owner, domain, repository)
            return list(islice(self._names(entry, after), limit))

    def _names(self, entry: Repository, after: str) -> Iterator[NormalizedName]:
        with self._database.read() as connection:
            visited = [place.id for place in self._search.visited(connection, entry)]
            for name in packages.list_names(connection, visited, PackageFormat.PYPI, after):
                if project_files(self._search.read_catalog(connection, entry, name).places):
                    yield name
