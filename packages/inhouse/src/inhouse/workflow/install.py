"""Installs the project and what it needs into its environment, exactly as locked."""

from collections.abc import Collection

from packaging.utils import canonicalize_name

from inhouse.errors import ManifestError
from inhouse.project.manifest import FILE
from inhouse.tools.uv import sync_arguments
from inhouse.workflow.context import Context
from inhouse.workflow.environment import create_environment
from inhouse.workflow.packages import check_lock, ensure_lock_is_current, run_uv


def install(context: Context) -> None:
    """Install the project alone; what else the environment holds is removed.

    Raises:
        InhouseError: The lock is missing, stale or foreign, or the repository refuses.
    """
    _sync(context, (), exact=True)


def install_group(context: Context, group: str) -> None:
    """Install the project and one dependency group; what other groups brought stays.

    Raises:
        InhouseError: There is no such group, the lock is missing, stale or foreign, or the repository refuses.
    """
    if canonicalize_name(group) not in context.manifest.groups:
        known = ", ".join(sorted(context.manifest.groups)) or "there are none"
        hint = f"add it there and run `make lock`; groups: {known}"
        raise ManifestError(FILE, "[dependency-groups]", f"there is no group `{group}`", hint=hint)
    _sync(context, (group,), exact=False)


def install_all(context: Context) -> None:
    """Install the project and all dependency groups; what nothing asks for is removed.

    Raises:
        InhouseError: The lock is missing, stale or foreign, or the repository refuses.
    """
    _sync(context, sorted(context.manifest.groups), exact=True)


def _sync(context: Context, groups: Collection[str], *, exact: bool) -> None:
    check_lock(context)
    create_environment(context, mention=False)
    ensure_lock_is_current(context)
    what = f"{context.manifest.name} and the groups {', '.join(groups)}" if groups else context.manifest.name
    context.say(f"installing {what} as locked")
    run_uv(context, sync_arguments(tuple(groups), exact=exact), stream=True)
