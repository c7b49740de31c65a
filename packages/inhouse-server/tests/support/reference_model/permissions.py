"""Permissions policies (specification, section 13): as many documents as histories use."""

import json

from reference_model.expectations import Opaque, Refusal, conflict, invalid, not_found
from reference_model.state import Domain, Policy, Repository, World


def _document(effect: str, action: str) -> str:
    statement = {"Effect": effect, "Principal": "*", "Action": f"codeartifact:{action}", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


ALLOWS_READING = _document("Allow", "ReadFromRepository")
DENIES_READING = _document("Deny", "ReadFromRepository")
DENIES_PUBLISHING = _document("Deny", "PublishPackageVersion")
MALFORMED = '{"Version": "2012-10-17"}'
DOCUMENTS = (ALLOWS_READING, DENIES_READING, DENIES_PUBLISHING, MALFORMED)


def denies(repository: Repository, document: str) -> bool:
    """Return whether a repository's policy forbids something; a domain's has no say in what its repositories do."""
    return repository.policy is not None and repository.policy.document == document


def check_reading(world: World, domain: str, repository: str) -> None:
    """Return if everybody may read a repository, which need not exist."""
    found = world.domains[domain].repositories.get(repository) if domain in world.domains else None
    if found is not None and denies(found, DENIES_READING):
        raise Refusal("AccessDeniedException")


def put_domain_permissions_policy(
    world: World, domain: str, policy_document: str, policy_revision: str | None = None
) -> dict[str, object]:
    _check_document(policy_document)
    return _put(world, world.domain(domain), ("domain", domain), policy_document, policy_revision)


def get_domain_permissions_policy(world: World, domain: str) -> dict[str, object]:
    return _told(world, _existing(world.domain(domain), ("domain", domain)), ("domain", domain))


def delete_domain_permissions_policy(
    world: World, domain: str, policy_revision: str | None = None
) -> dict[str, object]:
    return _delete(world, world.domain(domain), ("domain", domain), policy_revision)


def put_repository_permissions_policy(
    world: World, domain: str, repository: str, policy_document: str, policy_revision: str | None = None
) -> dict[str, object]:
    _check_document(policy_document)
    found, path = world.repository(domain, repository), ("repository", domain, repository)
    return _put(world, found, path, policy_document, policy_revision)


def get_repository_permissions_policy(world: World, domain: str, repository: str) -> dict[str, object]:
    path = ("repository", domain, repository)
    return _told(world, _existing(world.repository(domain, repository), path), path)


def delete_repository_permissions_policy(
    world: World, domain: str, repository: str, policy_revision: str | None = None
) -> dict[str, object]:
    return _delete(world, world.repository(domain, repository), ("repository", domain, repository), policy_revision)


def _put(
    world: World, resource: Domain | Repository, path: tuple[str, ...], document: str, revision: str | None
) -> dict[str, object]:
    _check_revision(world, resource, path, revision)
    resource.policy = Policy(document, Opaque(("policy", world.tick())))
    return _told(world, resource.policy, path)


def _delete(
    world: World, resource: Domain | Repository, path: tuple[str, ...], revision: str | None
) -> dict[str, object]:
    _check_revision(world, resource, path, revision)
    policy = _existing(resource, path)
    resource.policy = None
    return _told(world, policy, path)


def _check_document(document: str) -> None:
    if document == MALFORMED:
        raise invalid()


def _check_revision(world: World, resource: Domain | Repository, path: tuple[str, ...], revision: str | None) -> None:
    """Return if a policy is the one that was meant; a revision where there is no policy is of another one."""
    if revision is None:
        return
    if resource.policy is None or world.texts.known.get(resource.policy.revision) != revision:
        raise conflict(path[0], path[-1])


def _existing(resource: Domain | Repository, path: tuple[str, ...]) -> Policy:
    if resource.policy is None:
        raise not_found(path[0], path[-1])
    return resource.policy


def _told(world: World, policy: Policy, path: tuple[str, ...]) -> dict[str, object]:
    return {"policy": {"resourceArn": world.arn(*path), "revision": policy.revision, "document": policy.document}}
