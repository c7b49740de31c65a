"""Which tools are on this machine, which of them a project uses, and whether they can ask our keyring."""

import re
import shutil
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from inhouse.access.interface import USERNAME, Role
from inhouse.access.tool_files import CONFIGURATIONS, reader
from inhouse.access.undo import unix_lines
from inhouse.errors import ProgramMissingError, ToolFileError
from inhouse.project.manager import Manager
from inhouse.project.manifest import Index
from inhouse.tools.environment import without_python_path
from inhouse.tools.locations import Tool, locations, user_file
from inhouse.tools.python import Python
from inhouse.workflow.access import Access
from inhouse.workflow.tool_files import read_text

_PROGRAMS = (Tool.UV, Tool.PIP, Tool.POETRY, Tool.PDM, Tool.TWINE, Tool.HATCH)
_BY_PROGRAM = frozenset({Tool.PIP, Tool.UV, Tool.PDM})
"""Tools that run the program `keyring`; the others load what is installed beside them."""
_FILLED_BY = {Tool.HATCH: (Tool.PIP, Tool.UV)}
"""Tools that have others install packages, which look at files of their own."""


@dataclass(frozen=True)
class Choice:
    """The tools to work for.

    Attributes:
        tools: The tools.
        why: Why these, fit to be shown; "" when they were named.
    """

    tools: tuple[Tool, ...]
    why: str = ""


def choose_tools(access: Access, named: Sequence[Tool], *, in_project: bool = False) -> Choice:
    """Choose the tools: those that are named, else those that the project uses or that are on this machine.

    One that would need a token in a file is chosen only by its name.
    """
    if named:
        return Choice(tuple(dict.fromkeys(named)))
    if in_project:
        return _project_tools(access)
    found = [tool for tool in _PROGRAMS if find_program(access, tool)]
    why = f"found on PATH: {', '.join(tool.value for tool in found) or 'none'}"
    if access.manifest is not None and (own := _manager(access.manifest.manager)) not in found:
        found, why = [own, *found], f"{why}; the project is {own.value}'s"
    if Tool.POETRY in found and not poetry_asks_our_keyring(access):
        found.remove(Tool.POETRY)
        why += "; poetry is left out, since it cannot ask our keyring: `--tool poetry` writes a token for it"
    if not found:
        return Choice((Tool.UV, Tool.PIP), "none was found on PATH, so uv and pip; name others with --tool")
    return Choice(tuple(found), f"{why}; name others with --tool")


def find_program(access: Access, tool: Tool) -> Path | None:
    """Return a tool's program on PATH; None if it is not there."""
    path = access.settings.environment.get("PATH", "")
    names = ("pip", "pip3") if tool is Tool.PIP else (tool.value,)
    found = (shutil.which(name, path=path) for name in names)
    return next((Path(program) for program in found if program), None)


def poetry_asks_our_keyring(access: Access) -> bool:
    """Say whether Poetry's own environment has our keyring backend, and Poetry is not told to leave keyrings alone."""
    said = access.settings.environment.get("POETRY_KEYRING_ENABLED", "").lower()
    if said in {"false", "0"} or (said not in {"true", "1"} and not _poetry_configuration_allows(access)):
        return False
    return has_our_backend(access, Tool.POETRY) is True


def has_our_backend(access: Access, tool: Tool) -> bool | None:
    """Say whether our keyring backend is installed beside a tool; None if that cannot be found out."""
    program = find_program(access, tool)
    python = _interpreter(program) if program is not None else None
    if python is None:
        return None
    environment = without_python_path(access.settings.environment)
    try:
        missing = Python(access.runner, python, environment).missing(["keyring", "inhouse_keyring"], python.parent)
    except ProgramMissingError:
        return None
    return not missing


def keyring_trouble(access: Access, tools: Sequence[Tool], index: Index) -> tuple[str, ...]:
    """Return why the keyring would not answer some tools, each in a sentence; empty if it will.

    The program is asked as the tools ask it; its answer is not looked at further.
    """
    trouble = []
    asking = [tool.value for tool in tools if tool in _BY_PROGRAM]
    if asking and (reason := _program_trouble(access, index)):
        trouble.append(f"{', '.join(asking)} will ask the program `keyring` for the token, and {reason}")
    trouble += [
        f"{tool.value} has no inhouse-keyring in its environment, and will ask you for the token"
        for tool in tools
        if tool in {Tool.TWINE, Tool.HATCH} and has_our_backend(access, tool) is False
    ]
    return tuple(trouble)


def other_indexes_in_files(access: Access, tools: Sequence[Tool], but: Collection[Path] = ()) -> tuple[str, ...]:
    """Return what the tools' files name beside our repository, each in a few words.

    Args:
        access: The machine, and the project at hand.
        tools: The tools; those that they have install packages are looked at too.
        but: Files that are not looked at, since they are about to be written.
    """
    root = access.layout.root if access.layout is not None else None
    prefix = access.layout.environment if access.layout is not None else None
    found = []
    asked = [each for tool in tools for each in (tool, *_FILLED_BY.get(tool, ()))]
    for tool in dict.fromkeys(asked):
        for location in locations(tool, access.machine, project=root, prefix=prefix):
            if location.path in but or location.for_secrets:
                continue
            with suppress(ValueError, ToolFileError):  # the tool itself will complain
                reading = reader(tool, location)(unix_lines(read_text(location.path) or ""))
                found += [f"{location.path}: {mention}" for mention in reading.of(Role.EXTRA, Role.LINKS)]
    return tuple(dict.fromkeys(found))


def _project_tools(access: Access) -> Choice:
    layout, manifest = access.layout, access.manifest
    if layout is None or manifest is None:
        return Choice((), "there is no project")
    found = [Tool.POETRY] if manifest.manager.is_poetry else []
    found += [Tool.PDM] if (layout.root / "pdm.lock").exists() else []
    found += [Tool.PIP] if (layout.environment / "pyvenv.cfg").is_file() else []
    note = "the index of uv and Poetry is in pyproject.toml: `inhouse use-index` sets it"
    used = ", ".join(tool.value for tool in found) or "no tool with a file for that"
    return Choice(tuple(found), f"the project uses {used}; {note}")


def _manager(manager: Manager) -> Tool:
    return Tool.POETRY if manager.is_poetry else Tool.UV


def _poetry_configuration_allows(access: Access) -> bool:
    path = user_file(Tool.POETRY, access.machine)
    try:
        said = CONFIGURATIONS[Tool.POETRY].read(unix_lines((path and read_text(path)) or ""))
    except (ValueError, ToolFileError):
        return False
    return said.settings.get("keyring.enabled") != "false"


def _program_trouble(access: Access, index: Index) -> str:
    environment = access.settings.environment
    argv = ["keyring", "get", index.url, USERNAME]
    folder = access.layout.root if access.layout is not None else Path.cwd()
    try:
        completed = access.runner.run(argv, cwd=folder, env=environment, check=False)
    except ProgramMissingError:
        return "it is not on PATH"
    return "" if completed.exit_code == 0 and completed.stdout.strip() else "it has no answer for this repository"


_HEAD = re.compile(
    r"\#!\s*(?P<path>/\S*python[0-9.]*)\s*\n"
    # A path that is too long for a first line, or has a space in it, stands in the second one.
    r"""|\#!/bin/sh\n'''exec'\ "?(?P<long>/[^"\n]*?python[0-9.]*)"?\ """,
    re.VERBOSE,
)


def _interpreter(program: Path) -> Path | None:
    """Return the Python that a program runs on, as its first lines say; on Windows, the one beside it."""
    program = program.resolve()
    try:
        with program.open("rb") as file:
            head = file.read(1000).decode("utf-8", "replace")
    except OSError:
        return None
    said = _HEAD.match(head)
    if said is not None:
        return Path(said["path"] or said["long"])
    beside = program.with_name("python.exe")
    return beside if program.suffix == ".exe" and beside.exists() else None
