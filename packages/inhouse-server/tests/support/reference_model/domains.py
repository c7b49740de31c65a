"""Domains (specification, section 7.1)."""

from collections.abc import Mapping, Sequence

from reference_model.expectations import ANYTHING, Between, conflict, too_many
from reference_model.groups import ROOT
from reference_model.state import ACCOUNT, RESTRICTIONS, Domain, Group, World
from reference_model.tags import MAXIMUM_TAGS


def create_domain(world: World, domain: str, tags: Sequence[Mapping[str, str]] = ()) -> dict[str, object]:
    if len(tags) > MAXIMUM_TAGS:
        raise too_many("domain", domain)
    if domain in world.domains:
        raise conflict("domain", domain)
    world.domains[domain] = Domain(groups={ROOT: Group(dict.fromkeys(RESTRICTIONS, "ALLOW"))})
    world.tags[world.arn("domain", domain)] = {tag["key"]: tag["value"] for tag in tags}
    return {"domain": _description(world, domain)}


def describe_domain(world: World, domain: str) -> dict[str, object]:
    world.domain(domain)
    return {"domain": _description(world, domain)}


def delete_domain(world: World, domain: str) -> dict[str, object]:
    if world.domain(domain).repositories:
        raise conflict("domain", domain)
    described = _description(world, domain)
    gone = world.domains.pop(domain)
    for arn in (world.arn("domain", domain), *(world.group_arn(domain, pattern) for pattern in gone.groups)):
        world.tags.pop(arn, None)
    return {"domain": {**described, "status": "Deleted"}}


def list_domains(world: World) -> list[object]:
    return [_summary(world, name) for name in world.domains]


def _summary(world: World, name: str) -> dict[str, object]:
    return {
        "name": name,
        "owner": ACCOUNT,
        "arn": world.arn("domain", name),
        "status": "Active",
        "createdTime": ANYTHING,
        "encryptionKey": ANYTHING,
    }


def _description(world: World, name: str) -> dict[str, object]:
    repositories = world.domains[name].repositories
    versions = [
        version
        for repository in repositories.values()
        for package in repository.packages.values()
        for version in package.versions.values()
    ]
    # Bytes are counted once. Public ones come when somebody asks for them (docs/adr/0002), perhaps in another domain.
    stored = {sha256 for version in versions for sha256 in version.assets.values()}
    ours = {sha256 for version in versions if version.is_internal for sha256 in version.assets.values()}
    return {
        **_summary(world, name),
        "repositoryCount": len(repositories),
        "s3BucketArn": ANYTHING,
        "assetSizeBytes": Between(_sum(world, ours), _sum(world, stored)),
    }


def _sum(world: World, found: set[str]) -> int:
    return sum(world.sizes[sha256] for sha256 in found)
