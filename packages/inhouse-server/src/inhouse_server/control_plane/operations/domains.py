"""Operations on domains."""

from collections.abc import Mapping, Sequence

from inhouse_server.control_plane.operations._tags import as_mapping
from inhouse_server.control_plane.registry import Context, Result, operation
from inhouse_server.model import Domain
from inhouse_server.services.domains import DomainDescription


@operation("CreateDomain")
def create_domain(
    context: Context, *, domain: str, encryption_key: str | None = None, tags: Sequence[Mapping[str, str]] = ()
) -> Result:
    """Make a domain of the caller's account."""
    made = context.services.domains.create(
        context.caller, domain, encryption_key=encryption_key, new_tags=as_mapping(tags)
    )
    return {"domain": _description(made)}


@operation("DescribeDomain")
def describe_domain(context: Context, *, owner: str, domain: str) -> Result:
    """Describe a domain and how much it holds."""
    found = context.services.domains.describe(context.caller, owner, domain)
    return {"domain": _description(found)}


@operation("ListDomains")
def list_domains(context: Context) -> Result:
    """List the domains of the caller's account."""
    page = context.page()
    after = page.after[0] if page.after else None
    found = context.services.domains.list_owned(context.caller, after=after, limit=page.fetch)
    shown, token = page.cut(found, lambda domain: (domain.name,))
    return {"domains": [_summary(domain) for domain in shown], "nextToken": token}


@operation("DeleteDomain")
def delete_domain(context: Context, *, owner: str, domain: str) -> Result:
    """Delete a domain that has no repositories."""
    gone = context.services.domains.delete(context.caller, owner, domain)
    described = DomainDescription(gone, repository_count=0, asset_bytes=0)
    return {"domain": {**_description(described), "status": "Deleted"}}


def _summary(domain: Domain) -> dict[str, object]:
    return {
        "name": domain.name,
        "owner": domain.owner,
        "arn": domain.arn,
        "status": "Active",
        "createdTime": domain.created_at,
        "encryptionKey": domain.encryption_key,
    }


def _description(described: DomainDescription) -> dict[str, object]:
    domain = described.domain
    return {
        **_summary(domain),
        # No bucket stands behind a domain here; the name is one that AWS's own might have.
        "s3BucketArn": f"arn:aws:s3:::assets-{domain.owner}-{domain.region}",
        "repositoryCount": described.repository_count,
        "assetSizeBytes": described.asset_bytes,
    }
