"""Takes back what login wrote, and forgets the tokens that are kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inhouse.access.changes import Change, logout_change
from inhouse.access.journal import Record, without_record
from inhouse.errors import ToolFileError
from inhouse.tools.locations import Machine, Tool
from inhouse.workflow.tool_files import read_journal, read_text, remove, write_journal, write_text


@dataclass(frozen=True)
class Return:
    """What is to be taken back in one file.

    Attributes:
        record: What was noted about it.
        change: The change.
        left: Our entries that somebody has changed since, and that are left alone for it.
    """

    record: Record
    change: Change
    left: tuple[str, ...]


def plan_logout(machine: Machine, tools: Sequence[Tool] = ()) -> tuple[Return, ...]:
    """Decide what to take back; nothing is written.

    Args:
        machine: Where the tools' files and our note are.
        tools: Only files of these; empty for all.

    Raises:
        ToolFileError: A file, or our note, cannot be read or understood.
    """
    planned = []
    for record in reversed(read_journal(machine)):
        if tools and record.tool not in tools:
            continue
        try:
            change, left = logout_change(record, read_text(record.path))
        except ValueError as error:
            hint = "others have changed it since `inhouse login`; mend it, then run this again"
            raise ToolFileError(record.path, f"cannot be changed: {error}", hint=hint) from error
        planned.append(Return(record, change, left))
    return tuple(planned)


def carry_out_logout(machine: Machine, planned: Sequence[Return], say: Callable[[str], None]) -> None:
    """Take it back, file by file, and forget the note of each.

    Raises:
        ToolFileError: A file, or our note, cannot be written.
    """
    for each in planned:
        change, path = each.change, each.record.path
        if change.after is None:
            remove(path, each.record.folders)
            if not change.is_nothing:
                say(f"{path} is removed: login had made it")
        elif not change.is_nothing:
            # What was there before us may have been a secret too; a mode that was tightened stays so by itself.
            write_text(path, change.after, private=False)
            if each.left:
                say(f"{path} no longer has what login wrote")
            elif change.is_exact:
                say(f"{path} is as it was")
            else:
                say(f"{path} no longer has what login wrote; what you have changed since is kept")
        for key in each.left:
            say(f"{path}: `{key}` has been changed since, and is left alone")
        write_journal(machine, without_record(read_journal(machine), path))
