"""Permissions policies of domains and repositories: put, get, delete, under an optimistic lock."""

import base64
import secrets
import sqlite3

from inhouse_server.catalog import Database, domains, policies, repositories
from inhouse_server.errors import ConflictError, NotFoundError, ResourceType
from inhouse_server.model import Domain, Repository, ResourcePolicy
from inhouse_server.rules.policies import Kind, parse
from inhouse_server.services.access import Access, Caller, domain_arn, domain_not_found, repository_arn
from inhouse_server.services.repositories import repository_not_found

_REVISION_BYTES = 32


class Permissions:
    """Use cases around permissions policies; without `repository` they are about the domain's own.

    Args:
        database: The catalog.
        access: Decides what callers may do.
    """

    def __init__(self, database: Database, access: Access) -> None:
        self._database = database
        self._access = access

    def get(self, caller: Caller, owner: str, domain: str, repository: str | None = None) -> ResourcePolicy:
        """Return the policy.

        Raises:
            AccessDeniedError: The caller may not see it.
            NotFoundError: The domain, the repository or the policy does not exist.
        """
        self._require(caller, "Get", owner, domain, repository)
        with self._database.read() as connection:
            resource = _resource(connection, caller, owner, domain, repository)
            return _existing(connection, resource)

    def put(
        self,
        caller: Caller,
        owner: str,
        domain: str,
        repository: str | None = None,
        *,
        document: str,
        revision: str | None,
    ) -> ResourcePolicy:
        """Keep a policy exactly as it is given, in place of the one that is there.

        Args:
            caller: Who asks.
            owner: The account that owns the domain.
            domain: Its name.
            repository: None for the domain's own policy.
            document: The policy.
            revision: Of the policy that it replaces; None replaces whatever is there.

        Raises:
            AccessDeniedError: The caller may not put it, whatever the present policy says.
            ConflictError: The policy that is there has another revision, or there is none.
            MalformedPolicyError: The document is not a policy of a resource.
            NotFoundError: The domain or the repository does not exist.
        """
        self._require(caller, "Put", owner, domain, repository)
        parse(document, Kind.RESOURCE)
        with self._database.write() as connection:
            resource = _resource(connection, caller, owner, domain, repository)
            _check_revision(_find(connection, resource), resource, revision)
            made = base64.b64encode(secrets.token_bytes(_REVISION_BYTES)).decode()
            policy = ResourcePolicy(resource.arn, made, document)
            policies.put(connection, resource, policy)
            return policy

    def delete(
        self, caller: Caller, owner: str, domain: str, repository: str | None = None, *, revision: str | None
    ) -> ResourcePolicy:
        """Take the policy away, and return it.

        Raises:
            AccessDeniedError: The caller may not.
            ConflictError: It has another revision, or there is none and one was named.
            NotFoundError: The domain, the repository or the policy does not exist.
        """
        self._require(caller, "Delete", owner, domain, repository)
        with self._database.write() as connection:
            resource = _resource(connection, caller, owner, domain, repository)
            _check_revision(_find(connection, resource), resource, revision)
            policy = _existing(connection, resource)
            policies.delete(connection, resource)
            return policy

    def _require(self, caller: Caller, verb: str, owner: str, domain: str, repository: str | None) -> None:
        if repository is None:
            operation, arn = f"{verb}DomainPermissionsPolicy", domain_arn(caller.region, owner, domain)
        else:
            operation = f"{verb}RepositoryPermissionsPolicy"
            arn = repository_arn(caller.region, owner, domain, repository)
        self._access.require(caller.principal, f"codeartifact:{operation}", arn)


def _resource(
    connection: sqlite3.Connection, caller: Caller, owner: str, domain: str, repository: str | None
) -> Domain | Repository:
    parent = domains.find(connection, caller.region, owner, domain)
    if parent is None:
        raise domain_not_found(caller.region, owner, domain)
    if repository is None:
        return parent
    found = repositories.find(connection, parent, repository)
    if found is None:
        raise repository_not_found(domain, repository)
    return found


def _find(connection: sqlite3.Connection, resource: Domain | Repository) -> ResourcePolicy | None:
    domain = resource if isinstance(resource, Domain) else resource.domain
    place = (domain.region, domain.owner, domain.name)
    if isinstance(resource, Domain):
        return policies.of_domain(connection, *place)
    return policies.of_repository(connection, *place, resource.name)


def _existing(connection: sqlite3.Connection, resource: Domain | Repository) -> ResourcePolicy:
    found = _find(connection, resource)
    if found is None:
        kind = _kind(resource)
        raise NotFoundError(f"The {kind} {resource.name} has no permissions policy.", kind, resource.name)
    return found


def _check_revision(found: ResourcePolicy | None, resource: Domain | Repository, revision: str | None) -> None:
    if revision is not None and (found is None or found.revision != revision):
        kind = _kind(resource)
        present = "has none" if found is None else "has changed"
        raise ConflictError(
            f"The permissions policy of the {kind} {resource.name} is not of the revision {revision}: it {present}.",
            kind,
            resource.name,
            hint="Get the policy again, and change that.",
        )


def _kind(resource: Domain | Repository) -> ResourceType:
    return ResourceType.DOMAIN if isinstance(resource, Domain) else ResourceType.REPOSITORY
