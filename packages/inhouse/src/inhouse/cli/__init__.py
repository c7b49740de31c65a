"""The command line: thin commands, each flags to settings, one call, one rendering; errors are shown in one place.

The programs begin here, and what they need is imported inside of `main`: an interrupt counts from the first moment on,
and importing is the longest part of a short run.
"""

import os
import sys

# `collections.abc` would be imported for annotations alone.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["INTERRUPTED", "main"]

INTERRUPTED = 130
"""The exit code after Ctrl-C: 128 and the number of the signal. Source: the shells' convention."""


def main(arguments: "Sequence[str] | None" = None) -> int:
    """Run the command line; return the exit code: 0, 1 for an error, 2 for a wrong call, or a program's own.

    Args:
        arguments: The arguments; None is those of the process.
    """
    try:
        given = sys.argv[1:] if arguments is None else list(arguments)
        if given[:1] == ["token"]:
            from inhouse_keyring.memory import recall

            known = recall(("token", os.getcwd(), *given[1:]), os.environ)  # noqa: PTH109
            if known is not None:
                sys.stdout.write(known.value + "\n")
                return 0
            from inhouse.cli import quick

            question = quick.parse(given[1:])
            if question is not None:
                return quick.answer(question, os.environ)
        from inhouse.cli.application import run

        return run(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
