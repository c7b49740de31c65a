"""Tags (specification, section 7.7)."""

from collections.abc import Mapping, Sequence

from reference_model.expectations import Unordered, not_found, too_many
from reference_model.state import World

MAXIMUM_TAGS = 50


def list_tags_for_resource(world: World, resource_arn: str) -> dict[str, object]:
    _kind(world, resource_arn)
    tags = world.tags.get(resource_arn, {})
    return {"tags": Unordered([{"key": key, "value": value} for key, value in tags.items()])}


def tag_resource(world: World, resource_arn: str, tags: Sequence[Mapping[str, str]]) -> dict[str, object]:
    kind = _kind(world, resource_arn)
    together = world.tags.get(resource_arn, {}) | {tag["key"]: tag["value"] for tag in tags}
    if len(together) > MAXIMUM_TAGS:
        raise too_many(kind, resource_arn)
    world.tags[resource_arn] = together
    return {}


def untag_resource(world: World, resource_arn: str, tag_keys: Sequence[str]) -> dict[str, object]:
    _kind(world, resource_arn)
    tags = world.tags.get(resource_arn, {})
    world.tags[resource_arn] = {key: value for key, value in tags.items() if key not in tag_keys}
    return {}


def _kind(world: World, arn: str) -> str:
    """Return what kind of resource an ARN names; of one in a domain that is missing, the domain is said to be."""
    kind, _, path = arn.split(":", 5)[5].partition("/")
    domain = path.partition("/")[0]
    if domain not in world.domains:
        raise not_found("domain", arn)
    found = world.domains[domain]
    there = {
        "domain": {arn},
        "repository": {world.arn("repository", domain, each) for each in found.repositories},
        "package-group": {world.group_arn(domain, pattern) for pattern in found.groups},
    }
    told = "package" if kind == "package-group" else kind  # AWS's model has no type of its own for package groups
    if arn not in there[kind]:
        raise not_found(told, arn)
    return told
