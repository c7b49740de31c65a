"""The project's own environment: made with a Python that fits, removed only if it is one."""

import re
import shutil
from pathlib import Path

from packaging.specifiers import SpecifierSet

from inhouse.errors import (
    EnvironmentIncompleteError,
    EnvironmentMissingError,
    InterpreterMissingError,
    NotAnEnvironmentError,
)
from inhouse.tools.python import Interpreter, Python
from inhouse.tools.uv import find_arguments, venv_arguments
from inhouse.workflow.context import Context
from inhouse.workflow.packages import run_uv_without_index


def create_environment(context: Context, *, mention: bool = True) -> Path:
    """Make the project's environment, unless there is one that fits; return its folder.

    One whose Python is gone, or does not fit any more, is made anew.

    Args:
        context: The project.
        mention: Whether to say that there is one that fits.

    Raises:
        ManagerError: The project is not uv's.
        NotAnEnvironmentError: Something else lies in its place.
        InterpreterMissingError: No Python fits.
        ProgramError: uv fails.
    """
    context.check_manager()
    folder = context.layout.environment
    if _is_there(folder):
        found = context.python().about(context.layout.root)
        if found is not None and found.is_environment and _fits(context, found):
            if mention:
                context.say(f"the environment {folder} is there already: Python {found.version}")
            return folder
        what = f"is of Python {found.version}, which does not fit" if found else "cannot run its Python any more"
        _check_replacement(context)
        context.say(f"the environment {folder} {what}; it is made anew")
        _remove(folder)
    run_uv_without_index(
        context, venv_arguments(folder, context.manifest.normalized_name, python=context.settings.python)
    )
    made = context.python().about(context.layout.root)
    if made is None:
        raise EnvironmentMissingError(folder)
    if not _fits(context, made):
        _remove(folder)
        raise InterpreterMissingError(_wanted(context), found=f"Python {made.version}")
    context.say(f"the environment {folder} is made: Python {made.version}")
    return folder


def remove_environment(context: Context) -> bool:
    """Remove the project's environment; say whether there was one.

    Raises:
        NotAnEnvironmentError: Something else lies in its place; it is left alone.
    """
    folder = context.layout.environment
    if not _is_there(folder):
        context.say(f"there is no environment {folder}")
        return False
    _remove(folder)
    context.say(f"the environment {folder} is removed")
    return True


def ensure_modules(context: Context, modules: tuple[str, ...], group: str) -> None:
    """Check that the project's environment works and can import modules.

    Args:
        context: The project.
        modules: The modules.
        group: The dependency group that should bring them.

    Raises:
        EnvironmentMissingError: There is no working environment.
        EnvironmentIncompleteError: It lacks modules.
    """
    python = context.python()
    if python.about(context.layout.root) is None:
        raise EnvironmentMissingError(context.layout.environment)
    missing = python.missing(modules, context.layout.root)
    if missing:
        raise EnvironmentIncompleteError(missing, group)


def _is_there(folder: Path) -> bool:
    """Say whether an environment lies in a folder; an empty folder is as good as none."""
    if (folder / "pyvenv.cfg").is_file():
        return True
    if folder.is_symlink() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))):
        raise NotAnEnvironmentError(folder)
    return False


def _fits(context: Context, found: Interpreter) -> bool:
    """Say whether a Python satisfies the project, and the user if they have asked for a version."""
    # A pre-release of Python is a Python: whoever runs it has chosen to.
    satisfies = SpecifierSet(context.manifest.requires_python).contains(found.version, prereleases=True)
    asked = context.settings.python or ""
    if re.fullmatch(r"\d+(\.\d+)*", asked):
        return satisfies and f"{found.version}.".startswith(f"{asked}.")
    return satisfies


def _check_replacement(context: Context) -> None:
    """Check that there is a Python to make the environment with, before the old one is removed."""
    found = run_uv_without_index(context, find_arguments(context.settings.python)).stdout.strip()
    candidate = Python(context.runner, Path(found), context.environment()).about(context.layout.root)
    if candidate is None or not _fits(context, candidate):
        raise InterpreterMissingError(_wanted(context), found=f"Python {candidate.version}" if candidate else found)


def _wanted(context: Context) -> str:
    return context.manifest.requires_python or context.settings.python or "any"


def _remove(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()  # what a link points to belongs to somebody else
    else:
        shutil.rmtree(folder)
