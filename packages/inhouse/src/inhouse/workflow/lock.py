"""Resolves the project's dependencies, in all groups, and writes the lock."""

from inhouse.tools.uv import lock_arguments
from inhouse.workflow.context import Context
from inhouse.workflow.packages import check_lock, run_uv


def write_lock(context: Context, *, upgrade: bool = False) -> None:
    """Write the lock; what is locked already stays unless it no longer fits.

    Args:
        context: The project.
        upgrade: Take the newest of everything instead.

    Raises:
        InhouseError: The index is not as it must be, the repository refuses, or there is no solution.
    """
    context.check_manager()
    context.say(f"locking the dependencies of {context.manifest.name} from {context.one_index().url}")
    run_uv(context, lock_arguments(upgrade=upgrade), stream=True)
    check_lock(context)
