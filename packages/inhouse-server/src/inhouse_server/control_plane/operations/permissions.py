"""Operations on the permissions policies of domains and repositories."""

from inhouse_server.control_plane.registry import Context, Result, operation
from inhouse_server.model import ResourcePolicy


@operation("GetDomainPermissionsPolicy")
def get_domain_permissions_policy(context: Context, *, owner: str, domain: str) -> Result:
    """Tell a domain's policy."""
    return _told(context.services.permissions.get(context.caller, owner, domain))


@operation("PutDomainPermissionsPolicy")
def put_domain_permissions_policy(
    context: Context, *, owner: str, domain: str, policy_document: str, policy_revision: str | None = None
) -> Result:
    """Give a domain a policy."""
    policy = context.services.permissions.put(
        context.caller, owner, domain, document=policy_document, revision=policy_revision
    )
    return _told(policy)


@operation("DeleteDomainPermissionsPolicy")
def delete_domain_permissions_policy(
    context: Context, *, owner: str, domain: str, policy_revision: str | None = None
) -> Result:
    """Take a domain's policy away, and tell it once more."""
    policy = context.services.permissions.delete(context.caller, owner, domain, revision=policy_revision)
    return _told(policy)


@operation("GetRepositoryPermissionsPolicy")
def get_repository_permissions_policy(context: Context, *, owner: str, domain: str, repository: str) -> Result:
    """Tell a repository's policy."""
    return _told(context.services.permissions.get(context.caller, owner, domain, repository))


@operation("PutRepositoryPermissionsPolicy")
def put_repository_permissions_policy(
    context: Context,
    *,
    owner: str,
    domain: str,
    repository: str,
    policy_document: str,
    policy_revision: str | None = None,
) -> Result:
    """Give a repository a policy."""
    policy = context.services.permissions.put(
        context.caller, owner, domain, repository, document=policy_document, revision=policy_revision
    )
    return _told(policy)


@operation("DeleteRepositoryPermissionsPolicy")
def delete_repository_permissions_policy(
    context: Context, *, owner: str, domain: str, repository: str, policy_revision: str | None = None
) -> Result:
    """Take a repository's policy away, and tell it once more."""
    policy = context.services.permissions.delete(context.caller, owner, domain, repository, revision=policy_revision)
    return _told(policy)


def _told(policy: ResourcePolicy) -> Result:
    return {"policy": {"resourceArn": policy.resource_arn, "revision": policy.revision, "document": policy.document}}
