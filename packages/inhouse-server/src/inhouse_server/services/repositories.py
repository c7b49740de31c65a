"""Repositories: make, change, describe, list, connect, delete."""

import sqlite3
from collections.abc import Mapping, Sequence

from inhouse_server import compat
from inhouse_server.catalog import Database, domains, repositories, tags
from inhouse_server.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    QuotaExceededError,
    ResourceType,
)
from inhouse_server.model import Clock, Domain, Repository
from inhouse_server.quotas import Quotas
from inhouse_server.services.access import Access, Caller, domain_arn, domain_not_found, repository_arn
from inhouse_server.services.domains import check_tag_count


class Repositories:
    """Use cases around repositories; a repository is named by its domain's owner, its domain and its name.

    Args:
        database: The catalog.
        access: Decides what callers may do.
        clock: Gives the time now.
        quotas: How many there may be.
    """

    def __init__(self, database: Database, access: Access, clock: Clock, quotas: Quotas) -> None:
        self._database = database
        self._access = access
        self._clock = clock
        self._quotas = quotas

    def create(
        self,
        caller: Caller,
        owner: str,
        domain: str,
        name: str,
        *,
        description: str | None,
        upstreams: Sequence[str],
        new_tags: Mapping[str, str],
    ) -> Repository:
        """Make a repository.

        Raises:
            AccessDeniedError: The caller may not make it, or not stand downstream of one of `upstreams`.
            ConflictError: The domain has one of that name.
            InvalidRequestError: The upstreams name one twice, or the repository itself.
            NotFoundError: The domain or an upstream does not exist.
            QuotaExceededError: Too many upstreams or tags, or the domain has as many repositories as it may have.
        """
        arn = repository_arn(caller.region, owner, domain, name)
        self._access.require(caller.principal, "codeartifact:CreateRepository", arn)
        self._require_downstream(caller, owner, domain, upstreams)
        check_tag_count(new_tags, ResourceType.REPOSITORY, name)
        with self._database.write() as connection:
            parent = _domain(connection, caller, owner, domain)
            if repositories.find(connection, parent, name) is not None:
                raise ConflictError(
                    f"Repository with name {name} already exists in domain {domain}.", ResourceType.REPOSITORY, name
                )
            most = self._quotas.repositories
            if most is not None and domains.repository_count(connection, parent) >= most:
                raise QuotaExceededError(
                    f"Domain {domain} has {most} repositories, and may have no more.", ResourceType.REPOSITORY, name
                )
            made = repositories.insert(
                connection,
                parent,
                name=name,
                administrator=caller.principal.account,
                description=description,
                created_at=self._clock(),
            )
            _set_upstreams(connection, made, upstreams)
            tags.put(connection, made.arn, new_tags)
            return _repository(connection, parent, name)

    def update(
        self,
        caller: Caller,
        owner: str,
        domain: str,
        name: str,
        *,
        description: str | None,
        upstreams: Sequence[str] | None,
    ) -> Repository:
        """Change a repository's description, its upstreams, or both; None leaves as it is, an empty list clears.

        Raises:
            AccessDeniedError: The caller may not change it, or not stand downstream of one of `upstreams`.
            ConflictError: It has an external connection and is to get upstreams.
            InvalidRequestError: The upstreams name one twice, or lead back to the repository.
            NotFoundError: The domain, the repository or an upstream does not exist.
            QuotaExceededError: Too many upstreams.
        """
        self._require(caller, "UpdateRepository", owner, domain, name)
        self._require_downstream(caller, owner, domain, upstreams or ())
        with self._database.write() as connection:
            parent = _domain(connection, caller, owner, domain)
            repository = _repository(connection, parent, name)
            if description is not None:
                repositories.set_description(connection, repository, description)
            if upstreams is not None:
                _set_upstreams(connection, repository, upstreams)
            return _repository(connection, parent, name)

    def describe(self, caller: Caller, owner: str, domain: str, name: str) -> Repository:
        """Return a repository.

        Raises:
            AccessDeniedError: The caller may not see it.
            NotFoundError: The domain or the repository does not exist.
        """
        return self._find(caller, "DescribeRepository", owner, domain, name)

    def find_for_endpoint(self, caller: Caller, owner: str, domain: str, name: str) -> Repository:
        """Return a repository whose address the caller asks for.

        Raises:
            AccessDeniedError: The caller may not know it.
            NotFoundError: The domain or the repository does not exist.
        """
        return self._find(caller, "GetRepositoryEndpoint", owner, domain, name)

    def list_administered(
        self, caller: Caller, *, prefix: str, after: tuple[str, str, str] | None, limit: int
    ) -> list[Repository]:
        """Return repositories of all domains that the caller's account administers; see the catalog for the order."""
        self._access.require(caller.principal, "codeartifact:ListRepositories", "*")
        with self._database.read() as connection:
            return repositories.list_administered(
                connection, caller.region, caller.principal.account, prefix=prefix, after=after, limit=limit
            )

    def list_in_domain(
        self,
        caller: Caller,
        owner: str,
        domain: str,
        *,
        prefix: str,
        administrator: str | None,
        after: str | None,
        limit: int,
    ) -> list[Repository]:
        """Return up to `limit` of a domain's repositories, ordered by name, beginning behind `after`.

        Raises:
            AccessDeniedError: The caller may not see them.
            NotFoundError: The domain does not exist.
        """
        self._access.require(
            caller.principal, "codeartifact:ListRepositoriesInDomain", domain_arn(caller.region, owner, domain)
        )
        with self._database.read() as connection:
            return repositories.list_in_domain(
                connection,
                _domain(connection, caller, owner, domain),
                prefix=prefix,
                administrator=administrator,
                after=after,
                limit=limit,
            )

    def associate(self, caller: Caller, owner: str, domain: str, name: str, external_connection: str) -> Repository:
        """Give a repository its external connection.

        Raises:
            AccessDeniedError: The caller may not.
            ConflictError: It has a connection, or upstreams.
            InvalidRequestError: There is no connection of that name.
            NotFoundError: The domain or the repository does not exist.
        """
        self._require(caller, "AssociateExternalConnection", owner, domain, name)
        _check_external_connection(external_connection)
        with self._database.write() as connection:
            parent = _domain(connection, caller, owner, domain)
            repository = _repository(connection, parent, name)
            if repository.external_connection is not None:
                raise ConflictError(
                    f"Repository {name} already has the external connection {repository.external_connection}; a "
                    "repository can have one.",
                    ResourceType.REPOSITORY,
                    name,
                )
            if repository.upstreams:
                raise ConflictError(_EXCLUSIVE.format(name=name), ResourceType.REPOSITORY, name)
            repositories.set_external_connection(connection, repository, external_connection)
            return _repository(connection, parent, name)

    def disassociate(self, caller: Caller, owner: str, domain: str, name: str, external_connection: str) -> Repository:
        """Take a repository's external connection away; what has come through it stays.

        Raises:
            AccessDeniedError: The caller may not.
            InvalidRequestError: There is no connection of that name.
            NotFoundError: The domain or the repository does not exist, or it has no such connection.
        """
        self._require(caller, "DisassociateExternalConnection", owner, domain, name)
        _check_external_connection(external_connection)
        with self._database.write() as connection:
            parent = _domain(connection, caller, owner, domain)
            repository = _repository(connection, parent, name)
            if repository.external_connection != external_connection:
                raise NotFoundError(
                    f"External connection not found. Repository {name} is not connected to {external_connection}.",
                    ResourceType.REPOSITORY,
                    name,
                )
            repositories.clear_external_connection(connection, repository)
            return _repository(connection, parent, name)

    def delete(self, caller: Caller, owner: str, domain: str, name: str) -> Repository:
        """Delete a repository with all it holds, and return what it was.

        Those downstream keep what they have retained, and lose it as an upstream.

        Raises:
            AccessDeniedError: The caller may not.
            NotFoundError: The domain or the repository does not exist.
        """
        self._require(caller, "DeleteRepository", owner, domain, name)
        with self._database.write() as connection:
            repository = _repository(connection, _domain(connection, caller, owner, domain), name)
            repositories.delete(connection, repository)
            tags.clear(connection, repository.arn)
        return repository

    def _find(self, caller: Caller, operation: str, owner: str, domain: str, name: str) -> Repository:
        self._require(caller, operation, owner, domain, name)
        with self._database.read() as connection:
            return _repository(connection, _domain(connection, caller, owner, domain), name)

    def _require(self, caller: Caller, operation: str, owner: str, domain: str, name: str) -> None:
        arn = repository_arn(caller.region, owner, domain, name)
        self._access.require(caller.principal, f"codeartifact:{operation}", arn)

    def _require_downstream(self, caller: Caller, owner: str, domain: str, upstreams: Sequence[str]) -> None:
        for upstream in upstreams:
            self._require(caller, "AssociateWithDownstreamRepository", owner, domain, upstream)


_EXCLUSIVE = "Repository {name} can have either upstream repositories or an external connection, not both."


def _check_external_connection(name: str) -> None:
    if name not in compat.EXTERNAL_CONNECTIONS:
        raise InvalidRequestError(
            f"There is no external connection {name}. Known are: {', '.join(compat.EXTERNAL_CONNECTIONS)}."
        )


def _domain(connection: sqlite3.Connection, caller: Caller, owner: str, name: str) -> Domain:
    found = domains.find(connection, caller.region, owner, name)
    if found is None:
        raise domain_not_found(caller.region, owner, name)
    return found


def _repository(connection: sqlite3.Connection, domain: Domain, name: str) -> Repository:
    found = repositories.find(connection, domain, name)
    if found is None:
        raise repository_not_found(domain.name, name)
    return found


def repository_not_found(domain: str, name: str) -> NotFoundError:
    """Return the error for a repository that does not exist."""
    return NotFoundError(
        f"Repository not found. Repository {name} does not exist in domain {domain}.", ResourceType.REPOSITORY, name
    )


def _set_upstreams(connection: sqlite3.Connection, repository: Repository, names: Sequence[str]) -> None:
    """Check the list as a whole, then write it."""
    if len(names) > compat.MAXIMUM_UPSTREAMS:
        raise QuotaExceededError(
            f"A repository can have {compat.MAXIMUM_UPSTREAMS} upstream repositories, not {len(names)}.",
            ResourceType.REPOSITORY,
            repository.name,
        )
    if len(set(names)) < len(names):
        raise InvalidRequestError("The upstream repositories name one of them twice.")
    if names and repository.external_connection is not None:
        raise ConflictError(_EXCLUSIVE.format(name=repository.name), ResourceType.REPOSITORY, repository.name)
    upstreams = [_repository(connection, repository.domain, name) for name in names]
    for upstream in upstreams:
        if upstream.id == repository.id:
            raise InvalidRequestError(f"Repository {repository.name} cannot be its own upstream.")
        if repositories.reaches(connection, upstream, repository):
            raise InvalidRequestError(
                f"Repository {repository.name} stands upstream of {upstream.name}; upstreams cannot form a ring."
            )
    repositories.set_upstreams(connection, repository, upstreams)
