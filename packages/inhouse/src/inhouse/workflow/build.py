"""Builds the source distribution and the wheel."""

import shutil
import tempfile
from pathlib import Path

from inhouse.errors import DamagedArchiveError, NothingBuiltError
from inhouse.project.dist import BuiltFiles, read_built
from inhouse.tools.uv import build_arguments
from inhouse.workflow.archive import is_distribution
from inhouse.workflow.context import Context
from inhouse.workflow.packages import run_uv


def build(context: Context) -> tuple[Path, ...]:
    """Build into an emptied `dist`; return the files.

    They get there together, when all are built: what an interrupted build leaves behind is nothing at all. Times inside
    the files are those of the commit, so that the same commit gives the same bytes.

    Raises:
        InhouseError: The index is not as it must be, the repository refuses, or the build fails.
    """
    dist = context.layout.dist
    context.check_manager()
    context.one_index()  # before anything is removed
    context.say(f"building {context.manifest.name} {context.manifest.version} into {dist}")
    _empty(dist)
    # Below the project, so that moving them is a renaming and nothing that could be interrupted half-way.
    context.layout.build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dist-", dir=context.layout.build) as workshop:
        run_uv(context, build_arguments(Path(workshop)), environment=_times(context))
        names = _files_in(context, Path(workshop)).names
        dist.mkdir(exist_ok=True)
        for name in names:
            (Path(workshop) / name).rename(dist / name)
    return tuple(dist / name for name in names)


def built_files(context: Context) -> BuiltFiles:
    """Return what `dist` holds.

    Raises:
        NothingBuiltError: It does not hold exactly the files of the project's version.
        DamagedArchiveError: One of them cannot be read.
    """
    dist = context.layout.dist
    if not dist.is_dir():
        raise NothingBuiltError(dist, "there is no such folder")
    built = _files_in(context, dist)
    for name in built.names:
        if not is_distribution(dist / name):
            raise DamagedArchiveError(dist / name)
    return built


def _files_in(context: Context, folder: Path) -> BuiltFiles:
    try:
        return read_built([path.name for path in folder.iterdir()], context.manifest.name, context.manifest.version)
    except ValueError as error:
        raise NothingBuiltError(folder, str(error)) from error


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
