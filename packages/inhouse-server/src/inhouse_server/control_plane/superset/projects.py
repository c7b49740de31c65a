"""The projects of a repository."""

from inhouse_server.control_plane.registry import Context, Result, superset_operation
from inhouse_server.supersets import Feature


@superset_operation("ListProjects", Feature.PROJECT_LIST)
def list_projects(context: Context, *, owner: str, domain: str, repository: str) -> Result:
    """List the projects that a repository offers from what it and those behind it hold."""
    page = context.page()
    found = context.services.projects.list_names(
        context.caller,
        owner,
        domain,
        repository,
        after=page.after[0] if page.after else "",
        limit=page.fetch,
    )
    shown, token = page.cut(found, lambda name: (name,))
    return {"projects": [{"name": name} for name in shown], "nextToken": token}
