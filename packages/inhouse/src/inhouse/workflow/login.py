"""Gives tools access to the repository: decides which files to change, shows it, proves that it works, writes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from inhouse.access.changes import Change, login_change
from inhouse.access.interface import Target
from inhouse.access.journal import with_folders, with_record, without_record
from inhouse.access.tool_files import POETRY_CREDENTIALS, project_targets, user_targets
from inhouse.codeartifact.interface import Token
from inhouse.errors import CredentialsMissingError, ToolFileError, ToolScopeError
from inhouse.project.manifest import Index
from inhouse.tools.locations import Tool
from inhouse.workflow.access import Access
from inhouse.workflow.tool_files import is_open_to_others, read_journal, read_text, write_journal, write_text
from inhouse.workflow.tools_at_hand import poetry_asks_our_keyring

_PROBE = "inhouse"
"""The project whose page is asked for outside of a project; it need not exist."""


@dataclass(frozen=True)
class Proof:
    """What the repository said to one request with the token.

    Attributes:
        who: The user or role.
        until: When the token stops working, fit to be shown.
    """

    who: str
    until: str


def prove(access: Access, index: Index) -> Proof:
    """Ask the repository for a project's page, as every tool will; a project that does not exist will do.

    Raises:
        RepositoryError: It does not answer, or refuses.
    """
    name = access.manifest.normalized_name if access.manifest is not None else _PROBE
    repository = access.repository()
    repository.published(index.url, name)
    token = repository.token()
    try:
        who = repository.identity().arn
    except CredentialsMissingError:
        who = "whoever was given the exported token"
    return Proof(who, until(token))


def until(token: Token) -> str:
    """Return when a token stops working, in words."""
    if token.expires_at is None:
        return "nobody has said when the token ends"
    return f"the token works until {token.expires_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def plan_login(access: Access, tools: Sequence[Tool], index: Index, *, in_project: bool) -> tuple[Change, ...]:
    """Decide what to change for some tools; nothing is written.

    Args:
        access: The repository and the machine.
        tools: The tools.
        index: The repository as an index.
        in_project: Whether the project's files are meant, and not the user's. None of them gets a secret.

    Raises:
        ToolScopeError: A tool has no file for that.
        ToolFileError: A file cannot be read, or not be changed without harm.
        RepositoryError: A token is needed, and not given.
    """
    records = {record.path: record for record in read_journal(access.machine)}
    changes = []
    for tool in tools:
        for target in _targets(access, tool, in_project=in_project):
            before = read_text(target.path)
            if before is None and target.only_if_there and not _needs_token(access, target):
                continue
            token = access.repository().token().value if _needs_token(access, target) else ""
            try:
                change = login_change(target, before, index, token, records.get(target.path))
            except ValueError as error:
                hint = f"mend it or move it away, then run this again; or set {tool.value} up by hand"
                raise ToolFileError(target.path, f"cannot be changed: {error}", hint=hint) from error
            if change.holds_secret:
                _refuse_project_file(access, target.path)
            changes.append(change)
    return tuple(changes)


def carry_out(access: Access, changes: Sequence[Change]) -> None:
    """Write the changes, each after the note that takes it back.

    Raises:
        ToolFileError: A file, or the note, cannot be written.
    """
    for change in changes:
        records = read_journal(access.machine)
        if change.is_nothing or change.after is None:
            if change.record is None:
                write_journal(access.machine, without_record(records, change.path))
            continue
        was_open = change.holds_secret and is_open_to_others(change.path)
        record = change.record
        # First the note: what is noted and not written is left alone by `logout`.
        write_journal(access.machine, with_record(records, record) if record else without_record(records, change.path))
        folders = write_text(change.path, change.after, private=change.holds_secret)
        if record is not None and folders:
            noted = with_record(records, with_folders(record, folders))
            write_journal(access.machine, noted)
        if change.holds_secret:
            access.say(f"{change.path} holds a token now; nobody renews it there, so log in again when it has ended")
        if was_open:
            access.say(f"{change.path} could be read by others, and is closed to them now (mode 600)")
        if change.holds_secret and access.machine.is_windows:
            access.say(f"{change.path} is as open as its folder: Windows knows no mode 600")


def _targets(access: Access, tool: Tool, *, in_project: bool) -> tuple[Target, ...]:
    if not in_project:
        found = user_targets(tool, access.machine)
        if not found:
            hint = "set HOME (on Windows USERPROFILE), and take PIP_CONFIG_FILE or UV_NO_CONFIG away if it is set"
            raise ToolScopeError(
                f"{tool.value} has no configuration file of yours: nothing says where it is", hint=hint
            )
        return found
    if access.layout is None:
        raise ToolScopeError(
            "there is no project whose files could be changed", hint="go into one, or say --user instead of --project"
        )
    if tool is Tool.PIP and not (access.layout.environment / "pyvenv.cfg").is_file():
        hint = "pip knows no project, only the project's environment: make it with `make venv-create`"
        raise ToolScopeError(f"there is no environment in {access.layout.environment}", hint=hint)
    found = project_targets(tool, access.layout.root, access.layout.environment, windows=access.machine.is_windows)
    if not found:
        raise ToolScopeError(f"{tool.value} has no file for a project", hint=_PROJECT_HINTS.get(tool, "say --user"))
    return found


_PROJECT_HINTS = {
    Tool.UV: "its index is in pyproject.toml: `inhouse use-index` sets it; a uv.toml beside it would hide it",
    Tool.NETRC: "it would be a secret in a project; say --user",
}


def _needs_token(access: Access, target: Target) -> bool:
    if target.kind is POETRY_CREDENTIALS:
        return not poetry_asks_our_keyring(access)
    return target.kind.holds_secrets


def _refuse_project_file(access: Access, path: Path) -> None:
    root = access.layout.root if access.layout is not None else None
    if root is not None and root != access.machine.home and path.resolve().is_relative_to(root):
        hint = "a secret in a project is soon a secret in its history; name a file elsewhere"
        raise ToolFileError(path, "lies in the project", hint=hint)
