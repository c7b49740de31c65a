"""Makes the repository the project's one index, at the address that the repository itself names."""

from inhouse.errors import ManifestError
from inhouse.project.index import IndexChange, repository_index, set_one_index
from inhouse.project.manifest import read_manifest
from inhouse.project.poetry_source import set_one_source
from inhouse.workflow.context import Context, manifest_text


def use_index(context: Context) -> IndexChange:
    """Write the repository of `[tool.inhouse]` into the `pyproject.toml` as its one index.

    Raises:
        ManifestError: There is no such table, or the file cannot be read.
        RepositoryError: The repository does not tell its address.
    """
    table = context.manifest.table()
    endpoint = context.repository().endpoint()
    manager = context.manifest.manager
    set_index = set_one_source if manager.is_poetry else set_one_index
    change = set_index(manifest_text(context.layout), repository_index(table.index, endpoint))
    read_manifest(change.text, [manager.lock]).one_index()  # nothing is written that we would refuse to read
    for gone in change.removed:
        context.say(f"removed: {gone}")
    if change.text == manifest_text(context.layout):
        context.say(f"{endpoint} is the one index already")
    else:
        lock = "poetry lock" if manager.is_poetry else "make lock"
        context.layout.manifest.write_bytes(change.text.encode("utf-8"))
        context.say(f"{endpoint} is the one index now; bring the lock up to date with `{lock}`{_or_moved(context)}")
    return change


def _or_moved(context: Context) -> str:
    """Return what else can be done for a lock that was written at another address of the repository."""
    try:
        old = context.one_index()
    except ManifestError:
        return ""  # what was locked from more than one place is locked anew
    return f", or keep its versions with `inhouse retarget --from {old.publish_url}`"
