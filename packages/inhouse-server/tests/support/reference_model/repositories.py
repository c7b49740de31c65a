"""Repositories, their upstreams and external connections (specification, section 7.2)."""

from collections.abc import Mapping, Sequence

from reference_model.expectations import ANYTHING, conflict, invalid, not_found, too_many
from reference_model.state import ACCOUNT, Domain, Repository, World, given
from reference_model.tags import MAXIMUM_TAGS

CONNECTIONS = {"public:pypi": "pypi", "public:npmjs": "npm"}
"""External connections that histories use, by the format of what they bring."""


def create_repository(
    world: World,
    *,
    domain: str,
    repository: str,
    description: str | None = None,
    upstreams: Sequence[Mapping[str, str]] = (),
    tags: Sequence[Mapping[str, str]] = (),
) -> dict[str, object]:
    if len(tags) > MAXIMUM_TAGS:
        raise too_many("repository", repository)
    found = world.domain(domain)
    if repository in found.repositories:
        raise conflict("repository", repository)
    names = [upstream["repositoryName"] for upstream in upstreams]
    if len(set(names)) < len(names):
        raise invalid()
    for name in names:
        if name != repository:
            world.repository(domain, name)
    if repository in names:
        raise invalid()
    found.repositories[repository] = Repository(description, names)
    world.tags[world.arn("repository", domain, repository)] = {tag["key"]: tag["value"] for tag in tags}
    return {"repository": _description(world, domain, repository)}


def update_repository(
    world: World,
    domain: str,
    repository: str,
    description: str | None = None,
    upstreams: Sequence[Mapping[str, str]] | None = None,
) -> dict[str, object]:
    found = world.repository(domain, repository)
    if upstreams is not None:
        names = [upstream["repositoryName"] for upstream in upstreams]
        if len(set(names)) < len(names):
            raise invalid()
        if names and found.connection is not None:
            raise conflict("repository", repository)
        for name in names:
            world.repository(domain, name)
        if any(repository in search_order(world.domain(domain), name) for name in names):
            raise invalid()
        found.upstreams = names
    found.description = description or found.description
    return {"repository": _description(world, domain, repository)}


def describe_repository(world: World, domain: str, repository: str) -> dict[str, object]:
    world.repository(domain, repository)
    return {"repository": _description(world, domain, repository)}


def delete_repository(world: World, domain: str, repository: str) -> dict[str, object]:
    world.repository(domain, repository)
    described = _description(world, domain, repository)
    found = world.domain(domain)
    del found.repositories[repository]
    for other in found.repositories.values():
        other.upstreams = [name for name in other.upstreams if name != repository]
    for group in found.groups.values():
        for allowed in group.allowed.values():
            allowed.discard(repository)
    world.tags.pop(world.arn("repository", domain, repository), None)
    return {"repository": described}


def list_repositories(world: World, repository_prefix: str = "") -> list[object]:
    return [each for domain in world.domains for each in list_repositories_in_domain(world, domain, repository_prefix)]


def list_repositories_in_domain(world: World, domain: str, repository_prefix: str = "") -> list[object]:
    names = (name for name in world.domain(domain).repositories if name.startswith(repository_prefix))
    return [_summary(world, domain, name) for name in names]


def associate_external_connection(
    world: World, domain: str, repository: str, external_connection: str
) -> dict[str, object]:
    if external_connection not in CONNECTIONS:
        raise invalid()
    found = world.repository(domain, repository)
    if found.connection is not None or found.upstreams:
        raise conflict("repository", repository)
    found.connection = external_connection
    return {"repository": _description(world, domain, repository)}


def disassociate_external_connection(
    world: World, domain: str, repository: str, external_connection: str
) -> dict[str, object]:
    if external_connection not in CONNECTIONS:
        raise invalid()
    found = world.repository(domain, repository)
    if found.connection != external_connection:
        raise not_found("repository", repository)
    found.connection = None
    return {"repository": _description(world, domain, repository)}


def search_order(domain: Domain, repository: str) -> list[str]:
    """Return the repositories that a lookup visits: depth first, each once, at most 25 (Appendix C)."""
    found: list[str] = []

    def visit(name: str) -> None:
        if name not in found and len(found) < 25:
            found.append(name)
            for upstream in domain.repositories[name].upstreams:
                visit(upstream)

    visit(repository)
    return found


def _summary(world: World, domain: str, name: str) -> dict[str, object]:
    return given(
        {
            "name": name,
            "administratorAccount": ACCOUNT,
            "domainName": domain,
            "domainOwner": ACCOUNT,
            "arn": world.arn("repository", domain, name),
            "description": world.repository(domain, name).description,
            "createdTime": ANYTHING,
        }
    )


def _description(world: World, domain: str, name: str) -> dict[str, object]:
    found = world.repository(domain, name)
    connections = (
        [
            {
                "externalConnectionName": found.connection,
                "packageFormat": CONNECTIONS[found.connection],
                "status": "Available",
            }
        ]
        if found.connection is not None
        else []
    )
    return {
        **_summary(world, domain, name),
        "upstreams": [{"repositoryName": upstream} for upstream in found.upstreams],
        "externalConnections": connections,
    }
