"""Operations that read package groups."""

from inhouse_server.control_plane.registry import Context, Result, operation
from inhouse_server.model import PackageGroup


@operation("DescribePackageGroup")
def describe_package_group(
    context: Context, *, domain: str, package_group: str, domain_owner: str | None = None
) -> Result:
    """Describe a package group."""
    found = context.services.package_groups.describe(context.caller, context.owner(domain_owner), domain, package_group)
    return {"packageGroup": _description(found)}


@operation("ListPackageGroups")
def list_package_groups(context: Context, *, domain: str, domain_owner: str | None = None, prefix: str = "") -> Result:
    """List a domain's package groups."""
    page = context.page()
    found = context.services.package_groups.list_groups(
        context.caller,
        context.owner(domain_owner),
        domain,
        prefix=prefix,
        after=page.after[0] if page.after else None,
        limit=page.fetch,
    )
    shown, token = page.cut(found, lambda group: (group.pattern,))
    return {"packageGroups": [_description(group) for group in shown], "nextToken": token}


@operation("ListSubPackageGroups")
def list_sub_package_groups(
    context: Context, *, domain: str, package_group: str, domain_owner: str | None = None
) -> Result:
    """List the groups right below a package group."""
    page = context.page()
    found = context.services.package_groups.list_children(
        context.caller,
        context.owner(domain_owner),
        domain,
        package_group,
        after=page.after[0] if page.after else None,
        limit=page.fetch,
    )
    shown, token = page.cut(found, lambda group: (group.pattern,))
    return {"packageGroups": [_description(group) for group in shown], "nextToken": token}


@operation("ListAssociatedPackages")
def list_associated_packages(
    context: Context, *, domain: str, package_group: str, domain_owner: str | None = None, preview: bool = False
) -> Result:
    """List the packages that a group holds."""
    page = context.page(key_length=2)
    found = context.services.package_groups.list_packages(
        context.caller,
        context.owner(domain_owner),
        domain,
        package_group,
        preview=preview,
        after=(page.after[0], page.after[1]) if page.after else None,
        limit=page.fetch,
    )
    shown, token = page.cut(found, lambda package: package)
    packages = [
        {"format": package_format, "package": name, "associationType": "STRONG"} for package_format, name in shown
    ]
    return {"packages": packages, "nextToken": token}


@operation("ListAllowedRepositoriesForGroup")
def list_allowed_repositories_for_group(
    context: Context,
    *,
    domain: str,
    package_group: str,
    origin_restriction_type: str,  # noqa: ARG001 - no kind of restriction has a list of repositories yet
    domain_owner: str | None = None,
) -> Result:
    """List the repositories that a group allows one by one; none, as long as no group can be changed."""
    context.page()  # a token that this operation cannot have given is refused
    context.services.package_groups.describe(
        context.caller,
        context.owner(domain_owner),
        domain,
        package_group,
        "ListAllowedRepositoriesForGroup",
    )
    return {"allowedRepositories": []}


def _description(group: PackageGroup) -> dict[str, object]:
    restrictions = {kind: {"mode": mode, "effectiveMode": mode} for kind, mode in group.modes.items()}
    return {
        "arn": group.arn,
        "pattern": group.pattern,
        "domainName": group.domain.name,
        "domainOwner": group.domain.owner,
        "createdTime": group.created_at,
        "contactInfo": group.contact_info,
        "description": group.description,
        "originConfiguration": {"restrictions": restrictions},
    }
