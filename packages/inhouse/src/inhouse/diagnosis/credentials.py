"""Passwords and tokens that lie where a tool takes them before it asks the keyring, or where others can read them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from inhouse.diagnosis.findings import Code, Finding, Mend, MendKind, Severity
from inhouse.tools.locations import Scope, Tool

__all__ = ["PrivateFile", "Standing", "Stored", "check_files", "check_project_secrets", "check_stored"]


class Standing(Enum):
    """What the repository says of a token."""

    STALE = "stale"
    """It answers 401."""
    GOOD = "good"
    UNKNOWN = "unknown"
    """It was not asked, or did not say."""


@dataclass(frozen=True)
class Stored:
    """A password or token for our repository that a tool takes from a file or a variable.

    Attributes:
        place: Where it is, as it is shown.
        tool: Who takes it; None for `inhouse` itself.
        scope: For whom it counts.
        standing: What the repository says of it.
        password: It; kept out of `repr`.
        path: The file; "" for a variable.
        key: The entry in the file.
        by_login: Whether `inhouse login` has written the file, because the tool can ask no keyring.
    """

    place: str
    tool: Tool | None
    scope: Scope
    standing: Standing
    password: str = field(repr=False, default="")
    path: str = ""
    key: str = ""
    by_login: bool = False

    @property
    def is_variable(self) -> bool:
        """Whether it is a variable, and not in a file."""
        return not self.path


@dataclass(frozen=True)
class PrivateFile:
    """A file, or a folder, with secrets in it.

    Attributes:
        path: The file.
        shown: As it is shown.
        mode: Its permission bits; None where the platform has none.
    """

    path: str
    shown: str
    mode: int | None


_SHADOWS: Final[Mapping[Tool, str]] = {
    Tool.PIP: "pip takes the token in the address, and never asks the keyring",
    Tool.UV: "uv takes it before it asks the keyring, and asks nobody else when it is refused",
    Tool.POETRY: "Poetry takes it before it asks the keyring, and takes the refusal for `no such package`",
    Tool.PDM: "PDM takes it before it asks the keyring",
    Tool.TWINE: "twine takes it before it asks the keyring",
    Tool.HATCH: "hatch takes it before it asks the keyring",
    Tool.NETRC: "uv, Poetry and pip take it before they ask the keyring, and only pip asks on",
}


def check_stored(stored: Iterable[Stored]) -> Iterator[Finding]:
    """Yield what is wrong with stored tokens."""
    for each in stored:
        if each.password.lstrip().startswith("{") and "authorizationToken" in each.password:
            problem = "the whole answer of get-authorization-token is there, and not the token in it"
            fix = "let the AWS CLI print the token alone: --query authorizationToken --output text"
            yield Finding(Code.TOKEN_IS_JSON, Severity.PROBLEM, each.place, problem, "it is refused with 401", fix)
        elif each.standing is Standing.STALE:
            yield _stale(each)
        elif not each.is_variable:
            yield _kept(each)


def _stale(stored: Stored) -> Finding:
    shadows = _SHADOWS[stored.tool] if stored.tool else "inhouse takes it instead of asking for one"
    if stored.is_variable:
        fix = f"unset {stored.place}"
        mend = None
    else:
        fix = "inhouse doctor --fix, which takes it out and leaves a copy beside"
        mend = Mend(MendKind.ENTRY, stored.path, stored.tool, stored.key, stored.password)
    if stored.scope is Scope.MACHINE:
        fix, mend = "take it out; the file belongs to the machine", None
    problem = "the repository refuses the token that is kept here: 401, it has expired or is unknown"
    return Finding(Code.TOKEN_STALE, Severity.PROBLEM, stored.place, problem, shadows, fix, mend)


def _kept(stored: Stored) -> Finding:
    shadows = _SHADOWS[stored.tool] if stored.tool else "inhouse takes it instead of asking for one"
    works = "still works" if stored.standing is Standing.GOOD else "was not tried"
    problem = f"a token is kept here that {works}, and works for 12 hours at most"
    tool = stored.tool.value if stored.tool else "pip"
    if stored.by_login:
        fix = f"renew it with inhouse login --tool {tool}, or take it out with inhouse logout"
        return Finding(Code.TOKEN_STORED, Severity.NOTE, stored.place, problem, shadows, fix)
    fix = f"take it out; then: inhouse login{'' if stored.tool is Tool.NETRC else f' --tool {tool}'}"
    return Finding(Code.TOKEN_STORED, Severity.PROBLEM, stored.place, problem, shadows, fix)


def check_files(files: Iterable[PrivateFile]) -> Iterator[Finding]:
    """Yield the files with secrets that others than their owner can read."""
    for file in files:
        if file.mode is None or not file.mode & 0o077:
            continue
        who = "everybody" if file.mode & 0o007 else "the group"
        problem = f"{who} on this machine can read the secrets in it (mode {file.mode & 0o777:04o})"
        effect = "a token works for whoever has it, from anywhere"
        mend = Mend(MendKind.PERMISSIONS, file.path)
        yield Finding(
            Code.SECRET_READABLE, Severity.DANGER, file.shown, problem, effect, f"chmod go= {file.shown}", mend
        )


def check_project_secrets(places: Iterable[str]) -> Iterator[Finding]:
    """Yield the secrets in files of the project itself, which get committed."""
    for place in places:
        problem = "a password or token stands in a file of the project"
        effect = "whoever gets the project, or its history, gets it"
        fix = "take it out; if it was committed, have it revoked or let it expire; then: inhouse login"
        yield Finding(Code.SECRET_IN_PROJECT, Severity.DANGER, place, problem, effect, fix)
