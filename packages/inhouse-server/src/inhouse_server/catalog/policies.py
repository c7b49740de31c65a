"""Permissions policies of domains and repositories in the catalog."""

import sqlite3

from inhouse_server.catalog.statements import load
from inhouse_server.model import Domain, Repository, ResourcePolicy

_SQL = load("policies")


def of_domain(connection: sqlite3.Connection, region: str, owner: str, domain: str) -> ResourcePolicy | None:
    """Return the policy of the domain of that name, or None."""
    row = connection.execute(_SQL["domain_policy"], {"region": region, "owner": owner, "domain": domain}).fetchone()
    arn = f"arn:aws:codeartifact:{region}:{owner}:domain/{domain}"
    return None if row is None else ResourcePolicy(arn, row["revision"], row["document"])


def of_repository(
    connection: sqlite3.Connection, region: str, owner: str, domain: str, repository: str
) -> ResourcePolicy | None:
    """Return the policy of the repository of that name, or None."""
    row = connection.execute(
        _SQL["repository_policy"], {"region": region, "owner": owner, "domain": domain, "repository": repository}
    ).fetchone()
    arn = f"arn:aws:codeartifact:{region}:{owner}:repository/{domain}/{repository}"
    return None if row is None else ResourcePolicy(arn, row["revision"], row["document"])


def put(connection: sqlite3.Connection, resource: Domain | Repository, policy: ResourcePolicy) -> None:
    """Give a domain or a repository its policy, in place of the one it has."""
    statement = _SQL["put_domain_policy" if isinstance(resource, Domain) else "put_repository_policy"]
    connection.execute(statement, {"id": resource.id, "revision": policy.revision, "document": policy.document})


def delete(connection: sqlite3.Connection, resource: Domain | Repository) -> None:
    """Take the policy of a domain or a repository away."""
    statement = _SQL["delete_domain_policy" if isinstance(resource, Domain) else "delete_repository_policy"]
    connection.execute(statement, {"id": resource.id})
