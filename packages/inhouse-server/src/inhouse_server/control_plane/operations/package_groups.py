"""Operations on package groups."""

from collections.abc import Mapping, Sequence

from inhouse_server.control_plane.operations._tags import as_mapping
from inhouse_server.control_plane.registry import Context, Result, operation
from inhouse_server.errors import InvalidRequestError
from inhouse_server.model import GroupMode, GroupRestriction, PackageFormat, PackageGroup
from inhouse_server.services.package_groups import (
    AllowedRepository,
    GroupDescription,
    OriginUpdate,
    RestrictionDescription,
)


@operation("CreatePackageGroup")
def create_package_group(
    context: Context,
    *,
    owner: str,
    domain: str,
    package_group: str,
    contact_info: str | None = None,
    description: str | None = None,
    tags: Sequence[Mapping[str, str]] = (),
) -> Result:
    """Make a package group."""
    made = context.services.package_groups.create(
        context.caller,
        owner,
        domain,
        package_group,
        contact_info=contact_info,
        description=description,
        new_tags=as_mapping(tags),
    )
    return {"packageGroup": _description(made)}


@operation("UpdatePackageGroup")
def update_package_group(
    context: Context,
    *,
    owner: str,
    domain: str,
    package_group: str,
    contact_info: str | None = None,
    description: str | None = None,
) -> Result:
    """Change a package group's contact information or description."""
    changed = context.services.package_groups.update(
        context.caller, owner, domain, package_group, contact_info=contact_info, description=description
    )
    return {"packageGroup": _description(changed)}


@operation("UpdatePackageGroupOriginConfiguration")
def update_package_group_origin_configuration(
    context: Context,
    *,
    owner: str,
    domain: str,
    package_group: str,
    restrictions: Mapping[str, str] | None = None,
    add_allowed_repositories: Sequence[Mapping[str, str]] = (),
    remove_allowed_repositories: Sequence[Mapping[str, str]] = (),
) -> Result:
    """Change what a package group lets into repositories."""
    update = OriginUpdate(
        modes={GroupRestriction(name): GroupMode(mode) for name, mode in (restrictions or {}).items()},
        added=_allowed(add_allowed_repositories, "addAllowedRepositories"),
        removed=_allowed(remove_allowed_repositories, "removeAllowedRepositories"),
    )
    updated = context.services.package_groups.update_origin_configuration(
        context.caller, owner, domain, package_group, update
    )
    updates: dict[str, dict[str, list[str]]] = {}
    for what, entries in (("ADDED", updated.added), ("REMOVED", updated.removed)):
        for entry in entries:
            updates.setdefault(entry.restriction, {}).setdefault(what, []).append(entry.repository)
    return {"packageGroup": _description(updated.described), "allowedRepositoryUpdates": updates}


@operation("DeletePackageGroup")
def delete_package_group(context: Context, *, owner: str, domain: str, package_group: str) -> Result:
    """Delete a package group; what it held belongs to the next more general one."""
    deleted = context.services.package_groups.delete(context.caller, owner, domain, package_group)
    return {"packageGroup": _description(deleted)}


@operation("DescribePackageGroup")
def describe_package_group(context: Context, *, owner: str, domain: str, package_group: str) -> Result:
    """Describe a package group."""
    found = context.services.package_groups.describe(context.caller, owner, domain, package_group)
    return {"packageGroup": _description(found)}


@operation("ListPackageGroups")
def list_package_groups(context: Context, *, owner: str, domain: str, prefix: str = "") -> Result:
    """List a domain's package groups."""
    page = context.page()
    found = context.services.package_groups.list_groups(
        context.caller, owner, domain, prefix=prefix, after=page.after[0] if page.after else None, limit=page.fetch
    )
    shown, token = page.cut(found, lambda described: (described.group.pattern,))
    return {"packageGroups": [_description(described) for described in shown], "nextToken": token}


@operation("ListSubPackageGroups")
def list_sub_package_groups(context: Context, *, owner: str, domain: str, package_group: str) -> Result:
    """List the groups right below a package group."""
    page = context.page()
    found = context.services.package_groups.list_children(
        context.caller, owner, domain, package_group, after=page.after[0] if page.after else None, limit=page.fetch
    )
    shown, token = page.cut(found, lambda described: (described.group.pattern,))
    return {"packageGroups": [_description(described) for described in shown], "nextToken": token}


@operation("ListAssociatedPackages")
def list_associated_packages(
    context: Context, *, owner: str, domain: str, package_group: str, preview: bool = False
) -> Result:
    """List the packages that belong to a group, or would if there were one of that pattern."""
    page = context.page(key_length=3)
    found = context.services.package_groups.list_packages(
        context.caller,
        owner,
        domain,
        package_group,
        preview=preview,
        after=(page.after[0], page.after[1], page.after[2]) if page.after else None,
        limit=page.fetch,
    )
    shown, token = page.cut(found, lambda each: (each[0].format, each[0].namespace, each[0].name))
    packages = [
        {
            "format": path.format,
            "namespace": path.namespace or None,
            "package": path.name,
            "associationType": association,
        }
        for path, association in shown
    ]
    return {"packages": packages, "nextToken": token}


@operation("ListAllowedRepositoriesForGroup")
def list_allowed_repositories_for_group(
    context: Context, *, owner: str, domain: str, package_group: str, origin_restriction_type: str
) -> Result:
    """List the repositories on one of a package group's lists."""
    page = context.page()
    found = context.services.package_groups.list_allowed(
        context.caller,
        owner,
        domain,
        package_group,
        GroupRestriction(origin_restriction_type),
        after=page.after[0] if page.after else None,
        limit=page.fetch,
    )
    shown, token = page.cut(found, lambda name: (name,))
    return {"allowedRepositories": list(shown), "nextToken": token}


@operation("GetAssociatedPackageGroup")
def get_associated_package_group(
    context: Context, *, owner: str, domain: str, package_format: str, package: str, namespace: str | None = None
) -> Result:
    """Tell which group a package belongs to, or would if it existed."""
    described, association = context.services.package_groups.associated(
        context.caller, owner, domain, package_format=PackageFormat(package_format), namespace=namespace, name=package
    )
    return {"packageGroup": _description(described), "associationType": association}


def _allowed(entries: Sequence[Mapping[str, str]], member: str) -> list[AllowedRepository]:
    found = []
    for number, entry in enumerate(entries, start=1):
        for required in ("repositoryName", "originRestrictionType"):
            if entry.get(required) is None:  # the model requires neither, and one without the other says nothing
                raise InvalidRequestError(f"Value at '{member}.{number}.member.{required}' must not be null.")
        found.append(AllowedRepository(entry["repositoryName"], GroupRestriction(entry["originRestrictionType"])))
    return found


def _description(described: GroupDescription) -> dict[str, object]:
    group = described.group
    return {
        "arn": group.arn,
        "pattern": group.pattern,
        "domainName": group.domain.name,
        "domainOwner": group.domain.owner,
        "createdTime": group.created_at,
        "contactInfo": group.contact_info,
        "description": group.description,
        "originConfiguration": {
            "restrictions": {kind: _restriction(each) for kind, each in described.restrictions.items()}
        },
        "parent": _reference(described.parent),
    }


def _restriction(described: RestrictionDescription) -> dict[str, object]:
    return {
        "mode": described.mode,
        "effectiveMode": described.effective_mode,
        "inheritedFrom": _reference(described.inherited_from),
        "repositoriesCount": described.repositories,
    }


def _reference(group: PackageGroup | None) -> dict[str, str] | None:
    return None if group is None else {"arn": group.arn, "pattern": group.pattern}
