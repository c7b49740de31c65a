"""Operations on repositories."""

from collections.abc import Mapping, Sequence

from inhouse_server import compat
from inhouse_server.control_plane.operations._tags import as_mapping
from inhouse_server.control_plane.registry import Context, Result, operation
from inhouse_server.model import Repository
from inhouse_server.rules.endpoints import repository_endpoint


@operation("CreateRepository")
def create_repository(
    context: Context,
    *,
    owner: str,
    domain: str,
    repository: str,
    description: str | None = None,
    upstreams: Sequence[Mapping[str, str]] = (),
    tags: Sequence[Mapping[str, str]] = (),
) -> Result:
    """Make a repository in a domain."""
    made = context.services.repositories.create(
        context.caller,
        owner,
        domain,
        repository,
        description=description,
        upstreams=_names(upstreams),
        new_tags=as_mapping(tags),
    )
    return {"repository": _description(made)}


@operation("UpdateRepository")
def update_repository(
    context: Context,
    *,
    owner: str,
    domain: str,
    repository: str,
    description: str | None = None,
    upstreams: Sequence[Mapping[str, str]] | None = None,
) -> Result:
    """Change a repository's description or its whole list of upstreams."""
    changed = context.services.repositories.update(
        context.caller,
        owner,
        domain,
        repository,
        description=description,
        upstreams=None if upstreams is None else _names(upstreams),
    )
    return {"repository": _description(changed)}


@operation("DescribeRepository")
def describe_repository(context: Context, *, owner: str, domain: str, repository: str) -> Result:
    """Describe a repository."""
    found = context.services.repositories.describe(context.caller, owner, domain, repository)
    return {"repository": _description(found)}


@operation("ListRepositories")
def list_repositories(context: Context, *, repository_prefix: str = "") -> Result:
    """List the repositories that the caller's account administers, over all domains."""
    page = context.page(key_length=3)
    after = (page.after[0], page.after[1], page.after[2]) if page.after else None
    found = context.services.repositories.list_administered(
        context.caller, prefix=repository_prefix, after=after, limit=page.fetch
    )
    shown, token = page.cut(found, lambda each: (each.domain.name, each.domain.owner, each.name))
    return {"repositories": [_summary(each) for each in shown], "nextToken": token}


@operation("ListRepositoriesInDomain")
def list_repositories_in_domain(
    context: Context, *, owner: str, domain: str, administrator_account: str | None = None, repository_prefix: str = ""
) -> Result:
    """List a domain's repositories."""
    page = context.page()
    found = context.services.repositories.list_in_domain(
        context.caller,
        owner,
        domain,
        prefix=repository_prefix,
        administrator=administrator_account,
        after=page.after[0] if page.after else None,
        limit=page.fetch,
    )
    shown, token = page.cut(found, lambda each: (each.name,))
    return {"repositories": [_summary(each) for each in shown], "nextToken": token}


@operation("AssociateExternalConnection")
def associate_external_connection(
    context: Context, *, owner: str, domain: str, repository: str, external_connection: str
) -> Result:
    """Connect a repository to a public one."""
    changed = context.services.repositories.associate(context.caller, owner, domain, repository, external_connection)
    return {"repository": _description(changed)}


@operation("DisassociateExternalConnection")
def disassociate_external_connection(
    context: Context, *, owner: str, domain: str, repository: str, external_connection: str
) -> Result:
    """Take a repository's connection to a public one away."""
    changed = context.services.repositories.disassociate(context.caller, owner, domain, repository, external_connection)
    return {"repository": _description(changed)}


@operation("DeleteRepository")
def delete_repository(context: Context, *, owner: str, domain: str, repository: str) -> Result:
    """Delete a repository with all it holds."""
    gone = context.services.repositories.delete(context.caller, owner, domain, repository)
    return {"repository": _description(gone)}


@operation("GetRepositoryEndpoint")
def get_repository_endpoint(
    context: Context,
    *,
    owner: str,
    domain: str,
    repository: str,
    package_format: str,
    endpoint_type: str = "ipv4",
) -> Result:
    """Tell the address at which package managers reach a repository; it ends in a slash."""
    found = context.services.repositories.find_for_endpoint(context.caller, owner, domain, repository)
    endpoint = repository_endpoint(
        context.base_url,
        found.domain.name,
        found.domain.owner,
        found.name,
        package_format=package_format,
        dualstack=endpoint_type == "dualstack",
    )
    return {"repositoryEndpoint": endpoint}


def _names(upstreams: Sequence[Mapping[str, str]]) -> list[str]:
    return [upstream["repositoryName"] for upstream in upstreams]


def _summary(repository: Repository) -> dict[str, object]:
    return {
        "name": repository.name,
        "administratorAccount": repository.administrator,
        "domainName": repository.domain.name,
        "domainOwner": repository.domain.owner,
        "arn": repository.arn,
        "description": repository.description,
        "createdTime": repository.created_at,
    }


def _description(repository: Repository) -> dict[str, object]:
    connection = repository.external_connection
    connections = (
        []
        if connection is None
        else [
            {
                "externalConnectionName": connection,
                "packageFormat": compat.EXTERNAL_CONNECTIONS[connection],
                "status": "Available",
            }
        ]
    )
    return {
        **_summary(repository),
        "upstreams": [{"repositoryName": name} for name in repository.upstreams],
        "externalConnections": connections,
    }
