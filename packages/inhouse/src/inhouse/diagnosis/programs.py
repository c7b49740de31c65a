"""The programs that installs depend on: the `keyring` that tools run, and tools that are too old for what is asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from packaging.version import InvalidVersion, Version

from inhouse.diagnosis.findings import Code, Finding, Severity
from inhouse.tools.locations import Tool

__all__ = ["Keyring", "Need", "Program", "check_backend", "check_keyrings", "check_programs"]


@dataclass(frozen=True)
class Keyring:
    """A program `keyring` on PATH.

    Attributes:
        path: Where it is.
        answers: Whether it has a backend that answers for CodeArtifact; None when that is not known.
        in_environment: Whether it lies in the project's own environment, where pip does not run it.
    """

    path: str
    answers: bool | None
    in_environment: bool = False


@dataclass(frozen=True)
class Need:
    """A tool that is told to ask the program `keyring`, and has no other credentials.

    Attributes:
        tool: The tool.
        place: Where it is told so.
    """

    tool: Tool
    place: str


@dataclass(frozen=True)
class Program:
    """A tool on PATH.

    Attributes:
        tool: Which one.
        path: Where it is.
        version: Its version, as it says it.
    """

    tool: Tool
    path: str
    version: str


_OLDEST: Final = {
    Tool.UV: ("0.7", "goes on to another index after 401, and does not know `authenticate`"),
    Tool.PIP: ("23.1", "does not know `keyring-provider`"),
    Tool.POETRY: ("1.5", "does not know the priorities of sources, and asks PyPI too"),
}
"""The oldest versions that keep to one index. Source: the tools' own histories of changes."""


def check_keyrings(keyrings: Iterable[Keyring], needs: Iterable[Need]) -> Iterator[Finding]:
    """Yield what is wrong with the program `keyring`, for the tools that need it.

    Args:
        keyrings: Those on PATH, the one that is run first.
        needs: Who is told to ask it.
    """
    found, wanted = tuple(keyrings), tuple(needs)
    for need in wanted:
        first = next((each for each in found if not (need.tool is Tool.PIP and each.in_environment)), None)
        title = need.tool.value
        if first is None:
            problem = f"{title} is told to ask the program `keyring`, and there is none on PATH"
            yield _needed(Code.KEYRING_MISSING, need, problem)
        elif first.answers is False:
            problem = f"{title} is told to ask {first.path}, which knows nothing of CodeArtifact"
            yield _needed(Code.KEYRING_BACKEND_MISSING, need, problem)
    if wanted and len(found) > 1:
        others = ", ".join(each.path for each in found[1:])
        problem = f"there are {len(found)} programs `keyring` on PATH; {found[0].path} is run, and not {others}"
        effect = "a change to one of the others does nothing"
        yield Finding(
            Code.KEYRING_SEVERAL, Severity.NOTE, "PATH", problem, effect, "take away those that are not meant"
        )


def check_backend(tool: Tool, *, answers: bool | None) -> Iterator[Finding]:
    """Yield that a tool which loads the library `keyring`, and runs no program, has no backend of ours beside it.

    Args:
        tool: The tool, which has no other credentials.
        answers: Whether its own environment has the backend; None when that is not known.
    """
    if answers is False:
        title = tool.value
        problem = f"there is no inhouse-keyring in the environment of {title}"
        effect = f"{title} has no credentials, unless `inhouse` runs it, and takes 401 for `no such package`"
        fix = f"install inhouse-keyring beside it, for example: pipx inject {title} inhouse-keyring"
        yield Finding(
            Code.KEYRING_BACKEND_MISSING, Severity.PROBLEM, f"the environment of {title}", problem, effect, fix
        )


def _needed(code: Code, need: Need, problem: str) -> Finding:
    effect = "it has no credentials, unless `inhouse` runs it; the repository answers 401"
    return Finding(code, Severity.PROBLEM, need.place, problem, effect, f"inhouse login --tool {need.tool.value}")


def check_programs(programs: Iterable[Program]) -> Iterator[Finding]:
    """Yield the tools that are too old."""
    for each in programs:
        oldest, lacks = _OLDEST.get(each.tool, ("", ""))
        try:
            is_old = bool(oldest) and Version(each.version) < Version(oldest)
        except InvalidVersion:
            continue
        if is_old:
            problem = f"{each.tool.value} {each.version} {lacks}"
            fix = f"install {each.tool.value} {oldest} or newer"
            yield Finding(
                Code.TOOL_TOO_OLD, Severity.PROBLEM, each.path, problem, "what the project says is not heeded", fix
            )
