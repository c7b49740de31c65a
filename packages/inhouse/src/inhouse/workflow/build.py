"""Builds the source distribution and the wheel."""

import shutil
from pathlib import Path

from inhouse.errors import NothingBuiltError
from inhouse.project.dist import BuiltFiles, read_built
from inhouse.tools.uv import build_arguments
from inhouse.workflow.context import Context
from inhouse.workflow.packages import run_uv


def build(context: Context) -> tuple[Path, ...]:
    """Build into an emptied `dist`; return the files.

    Times inside the files are those of the commit, so that the same commit gives the same bytes.

    Raises:
        InhouseError: The index is not as it must be, the repository refuses, or the build fails.
    """
    dist = context.layout.dist
    context.one_index()  # before anything is removed
    context.say(f"building {context.manifest.name} {context.manifest.version} into {dist}")
    _empty(dist)
    run_uv(context, build_arguments(dist), environment=_times(context))
    return tuple(dist / name for name in built_files(context).names)


def built_files(context: Context) -> BuiltFiles:
    """Return what `dist` holds.

    Raises:
        NothingBuiltError: It does not hold exactly the files of the project's version.
    """
    dist = context.layout.dist
    names = [path.name for path in dist.iterdir()] if dist.is_dir() else []
    try:
        return read_built(names, context.manifest.name, context.manifest.version)
    except ValueError as error:
        raise NothingBuiltError(dist, str(error)) from error


def _times(context: Context) -> dict[str, str]:
    # Source: reproducible-builds.org, SOURCE_DATE_EPOCH. One that is set already is somebody's decision.
    if "SOURCE_DATE_EPOCH" in context.settings.environment:
        return {}
    time = context.git().commit_time()
    if time is None:
        context.say("there is no commit, so the build carries the times of now")
        return {}
    return {"SOURCE_DATE_EPOCH": str(time)}


def _empty(dist: Path) -> None:
    if not dist.is_dir():
        return
    for entry in dist.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
