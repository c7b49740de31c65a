"""The way into one repository with an authorization token: is it the right domain, may one, is it there?"""

from packaging.utils import NormalizedName

from inhouse_server.catalog import Database, domains, repositories
from inhouse_server.errors import AccessDeniedError, NotFoundError, ResourceType
from inhouse_server.model import PackageFormat, Repository
from inhouse_server.services.access import Access, Bearer, domain_not_found, repository_arn


class RepositoryAccess:
    """Finds repositories for those who may read or publish in them.

    Args:
        database: The catalog.
        access: Decides what the bearer of a token may do.
    """

    def __init__(self, database: Database, access: Access) -> None:
        self._database = database
        self._access = access

    def find(self, bearer: Bearer, owner: str, domain: str, name: str) -> Repository:
        """Return a repository of the token's domain, before it is known what is to be done there.

        Raises:
            AccessDeniedError: The token is for another domain.
            NotFoundError: The domain or the repository does not exist.
        """
        if (owner, domain) != (bearer.owner, bearer.domain):
            raise AccessDeniedError(
                f"The authorization token is for the domain {bearer.domain} of account {bearer.owner}, not for "
                f"{domain} of account {owner}.",
                hint="Get one for it: aws codeartifact get-authorization-token "
                f"--domain {domain} --domain-owner {owner}",
            )
        with self._database.read() as connection:
            parent = domains.find(connection, bearer.region, owner, domain)
            if parent is None:
                raise domain_not_found(bearer.region, owner, domain)
            found = repositories.find(connection, parent, name)
        if found is None:
            raise NotFoundError(
                f"Repository not found. There is no repository {name} in domain {domain}.",
                ResourceType.REPOSITORY,
                name,
                hint=f"List them: aws codeartifact list-repositories-in-domain --domain {domain}",
            )
        return found

    def find_to_read(self, bearer: Bearer, owner: str, domain: str, name: str) -> Repository:
        """Return a repository that the bearer may read.

        Raises:
            AccessDeniedError: The token is for another domain, or its bearer may not read the repository.
            NotFoundError: The domain or the repository does not exist.
        """
        repository = self.find(bearer, owner, domain, name)
        self._access.require(bearer.principal, "codeartifact:ReadFromRepository", repository.arn)
        return repository

    def require_publish(self, bearer: Bearer, repository: Repository, package: NormalizedName) -> None:
        """Return if the bearer may publish versions of a package.

        Raises:
            AccessDeniedError: The bearer may not.
        """
        self._access.require(
            bearer.principal, "codeartifact:PublishPackageVersion", package_arn(repository, PackageFormat.PYPI, package)
        )


def package_arn(repository: Repository, package_format: PackageFormat, name: str) -> str:
    """Return a package's ARN; the namespace, which `pypi` has not, leaves a double slash."""
    domain = repository.domain
    head = repository_arn(domain.region, domain.owner, domain.name, repository.name).replace(
        ":repository/", ":package/", 1
    )
    return f"{head}/{package_format}//{name}"
