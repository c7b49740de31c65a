"""How an error reaches the user: message, blank line, hint, exit code 1; a traceback only with `--verbose`."""

import os
import traceback
from typing import IO, Any

import click

from inhouse_server.errors import ServerError


class ReportedError(click.ClickException):
    """An error of the server as click shows it, whichever program the command is part of.

    Args:
        error: What went wrong.
        verbose: Whether to show where it was raised.
    """

    exit_code = 1

    def __init__(self, error: ServerError, *, verbose: bool) -> None:
        super().__init__(error.message)
        self.error = error
        self.verbose = verbose

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the error to `file`, by default to stderr."""
        if self.verbose:
            click.echo("".join(traceback.format_exception(self.error)), file=file, err=file is None, nl=False)
        click.echo(f"error: {self.error.message}", file=file, err=file is None)
        if self.error.hint:
            click.echo(f"\nhint: {self.error.hint}", file=file, err=file is None)


class ReportingCommand(click.Command):
    """A command whose errors of the server's tree become `ReportedError`."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ServerError as error:
            raise ReportedError(error, verbose=_verbose(ctx)) from error


class ReportingGroup(click.Group):
    """A group of such commands; its `--verbose` holds for all of them."""

    command_class = ReportingCommand

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant, and say what there is when there is none."""
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            there_is = ", ".join(f"`{name}`" for name in self.list_commands(ctx))
            raise click.UsageError(f"there is no command `{args[0]}` of `{ctx.command_path}`. It has {there_is}.", ctx)
        return super().resolve_command(ctx, args)


def _verbose(ctx: click.Context) -> bool:
    """Return whether a traceback is asked for: here, or of the program that these commands are part of."""
    if os.environ.get("INHOUSE_VERBOSE") or getattr(ctx.find_root().obj, "is_verbose", False):
        return True
    parent: click.Context | None = ctx
    while parent is not None:
        if parent.params.get("verbose"):
            return True
        parent = parent.parent
    return False
