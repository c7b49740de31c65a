"""Operations on tags."""

from collections.abc import Mapping, Sequence

from inhouse_server.control_plane.operations._tags import as_list, as_mapping
from inhouse_server.control_plane.registry import Context, Result, operation


@operation("ListTagsForResource")
def list_tags_for_resource(context: Context, *, resource_arn: str) -> Result:
    """List the tags of a domain, repository or package group."""
    return {"tags": as_list(context.services.tags.list_of(context.caller, resource_arn))}


@operation("TagResource")
def tag_resource(context: Context, *, resource_arn: str, tags: Sequence[Mapping[str, str]]) -> Result:
    """Give a domain, repository or package group tags, in place of those with the same keys."""
    context.services.tags.put(context.caller, resource_arn, as_mapping(tags))
    return {}


@operation("UntagResource")
def untag_resource(context: Context, *, resource_arn: str, tag_keys: Sequence[str]) -> Result:
    """Take tags away from a domain, repository or package group."""
    context.services.tags.remove(context.caller, resource_arn, tag_keys)
    return {}
