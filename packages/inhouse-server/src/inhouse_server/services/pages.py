"""Project pages: which files a repository offers of a project."""

from dataclasses import dataclass

from packaging.utils import NormalizedName

from inhouse_server.errors import NotFoundError, ResourceType
from inhouse_server.model import File, Repository
from inhouse_server.rules.resolution import project_files
from inhouse_server.services.search import Search


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """What a project page says, whatever its representation.

    Attributes:
        files: By version, the oldest first; never empty.
    """

    project: NormalizedName
    files: tuple[File, ...]


class Pages:
    """Makes project pages. Asking for one imports nothing."""

    def __init__(self, search: Search) -> None:
        self._search = search

    def project_page(self, repository: Repository, project: NormalizedName) -> ProjectPage:
        """Return the project's page in a repository.

        Raises:
            NotFoundError: Nothing of the project is to be shown.
            RemoteUnavailableError: Nothing is known here, and the public source, which might know, does not answer.
        """
        found = self._search.search(repository, project)
        files = project_files(found.places)
        if files:
            return ProjectPage(project, tuple(files))
        if found.failure is not None:
            raise found.failure
        raise NotFoundError(
            f"The repository {repository.name} has no file of the project {project}, and none comes from upstream.",
            ResourceType.PACKAGE,
            project,
            hint="Check the spelling. A project that is published elsewhere in the domain can be reached when that "
            "repository is made an upstream; a public one when a repository upstream is connected to public:pypi.",
        )
