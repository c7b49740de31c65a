"""Which files of which tools are ours to write, and how each is read."""

from collections.abc import Callable
from pathlib import Path

from inhouse.access.hatch import HatchConfiguration
from inhouse.access.interface import Reading, Target, ToolFile
from inhouse.access.netrc import NetrcFile
from inhouse.access.pdm import PdmConfiguration
from inhouse.access.pip import PipConfiguration
from inhouse.access.poetry import PoetryConfiguration, PoetryCredentials
from inhouse.access.twine import PypircFile
from inhouse.access.uv import UvConfiguration, read_store
from inhouse.tools.locations import Location, Machine, Tool, locations, project_file, user_file

CONFIGURATIONS: dict[Tool, ToolFile] = {
    Tool.PIP: PipConfiguration(),
    Tool.UV: UvConfiguration(),
    Tool.POETRY: PoetryConfiguration(),
    Tool.PDM: PdmConfiguration(),
    Tool.TWINE: PypircFile(),
    Tool.HATCH: HatchConfiguration(),
    Tool.NETRC: NetrcFile(),
}
"""The file of each tool that says where packages come from or go to."""

POETRY_CREDENTIALS: ToolFile = PoetryCredentials()


def user_targets(tool: Tool, machine: Machine) -> tuple[Target, ...]:
    """Return the user's files to write for a tool; none when nothing says where they are."""
    path = user_file(tool, machine)
    found = (Target(path, CONFIGURATIONS[tool]),) if path else ()
    if tool is not Tool.POETRY:
        return found
    secret = [each.path for each in locations(tool, machine) if each.for_secrets]
    return (*found, *(Target(path, POETRY_CREDENTIALS, only_if_there=True) for path in secret))


def project_targets(tool: Tool, project: Path, environment: Path, *, windows: bool) -> tuple[Target, ...]:
    """Return the files of a project to write for a tool, none of which may hold a secret.

    Args:
        tool: The tool.
        project: Its folder.
        environment: The folder of its environment, in which pip has a file.
        windows: Whether pip's file is named as on Windows.

    Returns:
        None for tools that know no such file, and for uv: a `uv.toml` would hide what its `pyproject.toml` says.
    """
    if tool is Tool.PIP:
        return (Target(environment / ("pip.ini" if windows else "pip.conf"), CONFIGURATIONS[tool]),)
    path = project_file(tool, project) if tool is not Tool.UV else None
    return (Target(path, CONFIGURATIONS[tool]),) if path else ()


def reader(tool: Tool, location: Location) -> Callable[[str], Reading]:
    """Return what reads a file of a tool; it raises `ValueError` for a text that is not of the file's format."""
    if tool is Tool.UV and location.for_secrets:
        return read_store
    if tool is Tool.POETRY and location.for_secrets:
        return POETRY_CREDENTIALS.read
    return CONFIGURATIONS[tool].read
