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
    """Return what kind of resource an ARN names."""
    for name, domain in world.domains.items():
        if arn == world.arn("domain", name):
            return "domain"
        if arn in {world.arn("repository", name, repository) for repository in domain.repositories}:
            return "repository"
        if arn in {world.group_arn(name, pattern) for pattern in domain.groups}:
            return "package"  # AWS's model has no type of its own for package groups
    kind = arn.split(":")[5].partition("/")[0]
    raise not_found(kind if kind in ("domain", "repository") else "package", arn)
