"""Operations on tags."""

from inhouse_server.control_plane.operations._tags import as_list
from inhouse_server.control_plane.registry import Context, Result, operation


@operation("ListTagsForResource")
def list_tags_for_resource(context: Context, *, resource_arn: str) -> Result:
    """List the tags of a domain, repository or package group."""
    return {"tags": as_list(context.services.tags.list_of(context.caller, resource_arn))}
