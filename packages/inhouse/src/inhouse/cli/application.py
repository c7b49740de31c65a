"""The root command, and the one place that shows errors."""

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points

import click

from inhouse.cli import INTERRUPTED
from inhouse.cli.options import Flags, common_options
from inhouse.cli.registry import ELSEWHERE, PLUGIN_GROUP, PLUGIN_SECTION, SECTIONS, entries
from inhouse.errors import ExtensionError, InhouseError


class LazyGroup(click.Group):
    """A group whose commands are imported when they are needed: here, or from other distributions."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, those of other distributions included."""
        _ = ctx
        return [*entries(), *(name for name in sorted({*_plugins(), *ELSEWHERE}) if name not in entries())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None if there is no such one.

        Raises:
            ExtensionError: It is another distribution's, and cannot be loaded.
        """
        _ = ctx
        entry = entries().get(cmd_name)
        if entry is not None:
            module, _, attribute = entry.target.partition(":")
            return _command(getattr(importlib.import_module(module), attribute))
        plugin = _plugins().get(cmd_name)
        if plugin is not None:
            return _load(plugin)
        if cmd_name in ELSEWHERE:
            return _missing(cmd_name, *ELSEWHERE[cmd_name])
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant, and say what may have been meant when there is none."""
        name = args[0]
        if self.get_command(ctx, name) is None:
            close = ", ".join(f"`{each}`" for each in get_close_matches(name, self.list_commands(ctx)))
            hint = f"Did you mean {close}?" if close else "`inhouse --help` lists the commands."
            raise click.UsageError(f"there is no command `{name}`. {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, grouped by what they are for, each with what it works with."""
        sections = {
            title: [(name, entry.where) for name, entry in section.items() if not entry.alias_of]
            for title, section in SECTIONS.items()
        }
        sections[PLUGIN_SECTION] = [(name, "") for name in self.list_commands(ctx) if name not in entries()]
        for title, names in sections.items():
            with formatter.section(title):
                formatter.write_dl([(name, self._summary(ctx, name, where)) for name, where in names])

    def _summary(self, ctx: click.Context, name: str, where: str) -> str:
        try:
            command = self.get_command(ctx, name)
        except ExtensionError as error:
            return f"({error.message})"
        text = command.get_short_help_str(limit=200) if command else ""
        return f"{text} [{where}]" if where else text


def _command(loaded: object) -> click.Command:
    if not isinstance(loaded, click.Command):
        raise TypeError(f"{loaded!r} is no click command")
    return loaded


def _plugins() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=PLUGIN_GROUP)}


def _load(plugin: EntryPoint) -> click.Command:
    distribution = plugin.dist.name if plugin.dist else plugin.module
    try:
        return _command(plugin.load())
    except Exception as error:
        raise ExtensionError(
            f"the command `{plugin.name}` of {distribution} cannot be loaded: {error}",
            hint=f"install {distribution} anew, in the version that inhouse has",
        ) from error


def _missing(name: str, requirement: str, summary: str) -> click.Command:
    """Return a command that says what must be installed; it takes any arguments, to say so whatever was meant."""

    @click.command(
        name,
        short_help=f"{summary} (not installed)",
        context_settings={"ignore_unknown_options": True, "help_option_names": []},
    )
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def command(arguments: tuple[str, ...]) -> None:
        _ = arguments
        raise ExtensionError(
            f"the command `{name}` is not installed: {summary}",
            hint=f"install `{requirement}` where inhouse is, for example: `uv tool install '{requirement}'`",
        )

    return command


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
    epilog="`inhouse COMMAND --help` explains a command. In a project, `make COMMAND` is short for `inhouse COMMAND`.",
)
@click.version_option(package_name="inhouse", message="%(prog)s %(version)s")
@common_options
def root() -> None:
    """Make, publish and use in-house Python libraries, done right.

    The package repository is AWS CodeArtifact, or the embedded one on your own machine; commands marked
    [AWS · embedded] work with either, those marked [local] need neither.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code, see `inhouse.cli.main`.

    Args:
        arguments: The arguments; None is those of the process.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that lacks a character shall not stop a run
    flags = Flags()
    try:
        result = root.main(
            args=None if arguments is None else list(arguments),
            prog_name="inhouse",
            standalone_mode=False,
            obj=flags,
        )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt) as interrupt:
        if isinstance(interrupt.__cause__, EOFError):
            _show("an answer was needed, and there was nobody to ask", "give it as an option; see --help")
            return 1
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last place before the user: no traceback unless it is asked for
        _report(error, verbose=flags.is_verbose or bool(os.environ.get("INHOUSE_VERBOSE")))
        return 1
    return result if isinstance(result, int) else 0


def _report(error: Exception, *, verbose: bool) -> None:
    if verbose:
        click.echo("".join(traceback.format_exception(error)), err=True)
    if isinstance(error, InhouseError):
        _show(error.message, error.hint)
        return
    message, hint = getattr(error, "message", None), getattr(error, "hint", None)
    if isinstance(message, str) and isinstance(hint, str):
        _show(message, hint)  # another distribution's error; ours cannot import it, and it has the same shape
    elif isinstance(error, OSError):
        _show(str(error), "look at the file or folder that is named: is it there, is it yours, is the disk full?")
    else:
        _show(f"{type(error).__name__}: {error}", "this should not happen: run it again with --verbose and report it")


def _show(message: str, hint: str) -> None:
    click.echo(f"error: {message}", err=True)
    if hint:
        click.echo(f"\nhint: {hint}", err=True)
