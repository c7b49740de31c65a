"""The environment variables that other programs get: the caller's, without what would lead them astray.

A second index in the environment is as dangerous as one in a file, and easier to forget. An activated environment
(`VIRTUAL_ENV`) would take the place of the project's own.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_INDEXES: Final = frozenset(
    {
        "UV_CONFIG_FILE",
        "UV_DEFAULT_INDEX",
        "UV_EXTRA_INDEX_URL",
        "UV_FIND_LINKS",
        "UV_INDEX",
        "UV_INDEX_STRATEGY",
        "UV_INDEX_URL",
        "UV_NO_CONFIG",
        "UV_NO_INDEX",
        "UV_TORCH_BACKEND",
        "PIP_CONFIG_FILE",
        "PIP_EXTRA_INDEX_URL",
        "PIP_FIND_LINKS",
        "PIP_INDEX_URL",
        "PIP_NO_INDEX",
        "PIP_PYPI_URL",
        "PDM_CONFIG_FILE",
    }
)
"""Whatever names, hides or reorders indexes, or replaces the configuration that names the one index."""

_DROPPED: Final = frozenset(
    {
        # Whatever points to another project or environment, or bends what a command of ours asks for.
        "CONDA_PREFIX",
        "PYTHONHOME",
        "UV_BREAK_SYSTEM_PACKAGES",
        "UV_FROZEN",
        "UV_ISOLATED",
        "UV_LOCKED",
        "UV_NO_DEV",
        "UV_NO_EDITABLE",
        "UV_NO_GROUP",
        "UV_NO_INSTALL_LOCAL",
        "UV_NO_INSTALL_PROJECT",
        "UV_NO_INSTALL_WORKSPACE",
        "UV_NO_SYNC",
        "UV_ONLY_GROUP",
        "UV_PROJECT",
        "UV_PROJECT_ENVIRONMENT",
        "UV_PYTHON",
        "UV_SYSTEM_PYTHON",
        "UV_VENV_CLEAR",
        "UV_VENV_RELOCATABLE",
        "UV_VENV_SEED",
        "UV_WORKING_DIR",
        "UV_WORKING_DIRECTORY",
        "VIRTUAL_ENV",
        "__PYVENV_LAUNCHER__",
    }
)

_CREDENTIALS: Final = re.compile(
    r"UV_INDEX_.+_(USERNAME|PASSWORD)|UV_PUBLISH_.+|TWINE_(REPOSITORY|REPOSITORY_URL|USERNAME|PASSWORD)"
    r"|POETRY_(HTTP_BASIC|PYPI_TOKEN|REPOSITORIES)_.+"
    r"|PDM_PYPI_(URL|USERNAME|PASSWORD|JSON_API)|PDM_PUBLISH_(REPO|USERNAME|PASSWORD)|HATCH_INDEX_(REPO|USER|AUTH)"
)
"""Credentials of other indexes have no business in a program that may only talk to one."""

_GIT: Final = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"}
)
"""Set by git in its hooks; a program that asks git about the project must not be answered for the hook's repository."""


def child_environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for a program, made from the inherited one.

    uv does not fetch a Python from the internet unless the user has said something about it.
    """
    kept = {
        name: value
        for name, value in inherited.items()
        if name.upper() not in _DROPPED and name.upper() not in _GIT and not _is_about_indexes(name)
    }
    kept.setdefault("UV_PYTHON_DOWNLOADS", "never")
    return kept


def other_indexes(inherited: Mapping[str, str]) -> tuple[str, ...]:
    """Return the variables that name, hide or reorder indexes, or hold credentials for one, in alphabetical order.

    A variable that only keeps pip from reading any configuration file is none of them.
    """
    no_files = inherited.get("PIP_CONFIG_FILE") == os.devnull
    found = {name for name in inherited if _is_about_indexes(name)}
    return tuple(sorted(found - ({"PIP_CONFIG_FILE"} if no_files else set())))


def _is_about_indexes(name: str) -> bool:
    return name.upper() in _INDEXES or _CREDENTIALS.fullmatch(name.upper()) is not None


def without_python_path(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what adds folders to `sys.path`, for a Python that must stand on its own."""
    return {name: value for name, value in environment.items() if name.upper() not in {"PYTHONPATH", "PYTHONSTARTUP"}}


def with_index_credentials(environment: Mapping[str, str], index: str, token: str) -> dict[str, str]:
    """Return the environment with a token for one of uv's indexes.

    Source: uv's documentation, "Package indexes", providing credentials: the index's name in capitals, everything
    that is neither letter nor digit as `_`. `aws` is the only user name that CodeArtifact knows.
    """
    name = re.sub(r"[^A-Z0-9]", "_", index.upper())
    return {**environment, f"UV_INDEX_{name}_USERNAME": "aws", f"UV_INDEX_{name}_PASSWORD": token}


def activated(environment: Mapping[str, str], folder: Path, *, windows: bool) -> dict[str, str]:
    """Return the environment as it is when a virtual environment is active: its programs come first.

    Args:
        environment: The environment variables.
        folder: The virtual environment.
        windows: Whether its programs lie in `Scripts` and paths are separated by `;`.
    """
    programs = str(folder / ("Scripts" if windows else "bin"))
    inherited = environment.get("PATH", "")
    path = (";" if windows else ":").join([programs, inherited] if inherited else [programs])
    return {**environment, "PATH": path, "VIRTUAL_ENV": str(folder)}
