"""Reads the files that decide where packages come from: a project's own, and those of the user and of the machine."""

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from inhouse.access.interface import Reading
from inhouse.access.toml import values
from inhouse.access.tool_files import reader
from inhouse.diagnosis.declared import Declared, of_mentions, uv_settings
from inhouse.diagnosis.files import concerns, unreadable
from inhouse.diagnosis.findings import Finding
from inhouse.tools.locations import Machine, Scope, Tool, locations

__all__ = ["ToolFileFacts", "machine_of", "project_texts", "tool_files"]


@dataclass(frozen=True)
class ToolFileFacts:
    """A configuration file of a tool that is there.

    Attributes:
        tool: The tool.
        path: The file.
        shown: As it is shown: `~` for the home folder.
        scope: For whom it counts.
        reading: What it says; empty when it cannot be read.
        declared: The sources that it declares.
        mode: Its permission bits; None where the platform has none.
        trouble: Why it cannot be read; None when it can.
    """

    tool: Tool
    path: Path
    shown: str
    scope: Scope
    reading: Reading
    declared: Declared
    mode: int | None
    trouble: Finding | None = None


def machine_of(environment: Mapping[str, str]) -> Machine:
    """Return what decides where files are on this machine."""
    # A user without HOME still has a home folder, and every tool finds it.
    home = {} if environment.get("HOME") or os.name == "nt" else {"HOME": str(Path.home())}
    return Machine({**environment, **home}, sys.platform, Path.exists)


def project_texts(root: Path) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Read the files of a project that concern us.

    Returns:
        Their texts by name below the project, and those that cannot be read.
    """
    paths = [*root.glob("*"), *root.glob("requirements/*"), *root.glob("constraints/*")]
    names = {path.relative_to(root).as_posix(): path for path in paths if path.is_file()}
    texts, findings = {}, []
    for name in sorted(name for name in names if concerns(name)):
        try:
            texts[name] = names[name].read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            findings.append(unreadable(name, str(error)))
    return texts, tuple(findings)


def tool_files(machine: Machine, tools: tuple[Tool, ...], prefix: Path | None) -> Iterator[ToolFileFacts]:
    """Yield the configuration files of tools that are there, apart from those of a project.

    Args:
        machine: What decides where they are.
        tools: The tools.
        prefix: The Python environment that the tools run in; None for none.
    """
    seen: set[Path] = set()
    for tool in tools:
        for location in locations(tool, machine, prefix=prefix):
            if location.path in seen or not location.path.is_file():
                continue
            seen.add(location.path)
            shown = shown_path(location.path, machine.home)
            reading, declared, trouble = Reading(), Declared(), None
            try:
                text = location.path.read_text(encoding="utf-8")
                reading = reader(tool, location)(text)
                if tool is Tool.UV and not location.for_secrets:
                    declared = uv_settings(values(text), f"{shown}: ", location.scope)
                else:
                    declared = of_mentions(tool, shown, location.scope, reading)
            except (OSError, ValueError) as error:
                trouble = unreadable(shown, str(error))
            yield ToolFileFacts(
                tool, location.path, shown, location.scope, reading, declared, mode_of(location.path), trouble
            )


def mode_of(path: Path) -> int | None:
    """Return the permission bits of a file; None where the platform has none, or nobody may look."""
    if os.name != "posix":
        return None
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None


def shown_path(path: Path, home: Path | None) -> str:
    """Return a path for a person, with `~` for the home folder."""
    if home is not None and path.is_relative_to(home):
        return str(Path("~") / path.relative_to(home))
    return str(path)
