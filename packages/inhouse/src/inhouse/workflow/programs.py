"""Finds the programs that installs depend on: which `keyring` is run and who needs it, and how old tools are."""

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from inhouse.diagnosis.credentials import Standing, Stored
from inhouse.diagnosis.programs import Keyring, Need, Program
from inhouse.errors import InhouseError
from inhouse.tools.locations import Tool
from inhouse.workflow.check_config import Project
from inhouse.workflow.surroundings import ToolFileFacts, shown_path
from inhouse.workflow.world import World

__all__ = ["keyrings", "needs", "programs"]


def needs(
    world: World,
    files: Sequence[ToolFileFacts],
    project: Project | None,
    stored: Sequence[Stored],
    tools: frozenset[Tool],
) -> Iterator[Need]:
    """Yield the tools that are told to ask the program `keyring`, and have nothing else."""
    served = {each.tool for each in stored if each.standing is not Standing.STALE}
    for tool in (Tool.PIP, Tool.UV):
        if tool in served or Tool.NETRC in served or tool not in tools:
            continue
        places = [
            f"{file.shown}: {key}"
            for file in files
            if file.tool is tool
            for key, value in file.reading.settings.items()
            if key.rpartition(".")[2] == "keyring-provider" and value == "subprocess"
        ]
        variable = f"{tool.value.upper()}_KEYRING_PROVIDER"
        if world.settings.environment.get(variable) == "subprocess":
            places.insert(0, variable)
        if tool is Tool.UV and project is not None:
            uv = project.files.document.get("tool", {}).get("uv", {})
            if isinstance(uv, Mapping) and uv.get("keyring-provider") == "subprocess":
                places.insert(0, "pyproject.toml: tool.uv.keyring-provider")
        if places:
            yield Need(tool, places[0])


_ANSWERS: Final = re.compile(r"inhouse_keyring|keyrings\.codeartifact")


def keyrings(world: World, root: Path | None) -> tuple[Keyring, ...]:
    """Return the programs `keyring` on PATH, the first one asked for its backends."""
    environment = world.settings.environment
    names = ("keyring.exe", "keyring.cmd", "keyring.bat") if os.name == "nt" else ("keyring",)
    found: list[Path] = []
    for folder in environment.get("PATH", "").split(os.pathsep):
        for name in names:
            path = Path(folder) / name
            if folder and path.is_file() and os.access(path, os.X_OK) and path not in found:
                found.append(path)
    return tuple(
        Keyring(
            shown_path(path, world.machine.home),
            _answers(world, path) if number == 0 else None,
            root is not None and path.is_relative_to(root / ".venv"),
        )
        for number, path in enumerate(found)
    )


def _answers(world: World, path: Path) -> bool | None:
    try:
        head = path.read_bytes()[:500]
    except OSError:
        head = b""
    if b"inhouse-keyring" in head or b"inhouse_keyring" in head:
        return True
    try:
        said = world.runner.run(
            [str(path), "--list-backends"], cwd=Path.cwd(), env=world.settings.environment, check=False
        )
    except InhouseError:
        return None
    if said.exit_code != 0:
        return None
    return _ANSWERS.search(said.stdout) is not None


_VERSION: Final = re.compile(r"\d+(\.\d+)+\S*")


def programs(world: World, tools: Collection[Tool]) -> Iterator[Program]:
    """Yield those of the tools that are on PATH, with their versions."""
    for tool in (Tool.UV, Tool.POETRY, Tool.PIP):
        if tool not in tools:
            continue
        argv = [tool.value, "--version"]
        try:
            said = world.runner.run(argv, cwd=Path.cwd(), env=world.settings.environment, check=False)
        except InhouseError:
            continue
        version = _VERSION.search(said.stdout) if said.exit_code == 0 else None
        if version is not None:
            yield Program(tool, f"{tool.value} on PATH", version[0].rstrip(")"))
