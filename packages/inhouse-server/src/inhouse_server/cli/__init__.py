"""The server's commands: `inhouse server …`, `inhouse serve`, and `inhouse-server …` on its own.

Importing this loads click and little else; what a command needs is imported when it runs.
"""

import os
import sys

import click

from inhouse_server.cli.errors import ReportingCommand, ReportingGroup
from inhouse_server.cli.identities import oidc, role, user
from inhouse_server.cli.options import load_settings, settings_options

__all__ = ["main", "serve", "server"]


@click.group("server", cls=ReportingGroup)
@click.option("--verbose", is_flag=True, help="Show a traceback with an error.")
def server(verbose: bool) -> None:
    """The embedded repository: AWS CodeArtifact's API and the PyPI protocols on this machine."""


@server.command("start", cls=ReportingCommand, short_help="Start it and serve until told to stop.")
@settings_options(
    "host",
    "port",
    "data_dir",
    "ready_file",
    "public_pypi",
    "account",
    "compatibility",
    "quotas",
    "for_tests",
    "log_level",
)
def _start(**flags: str | None) -> None:
    """Start the repository and serve until it is told to stop (Ctrl-C, or SIGTERM)."""
    from inhouse_server.cli.start import run  # noqa: PLC0415 - starlette and botocore are slow to load

    run(load_settings(**flags), say=lambda text: click.echo(text, err=True))


@server.command("env", cls=ReportingCommand, short_help="Print the variables with which AWS's tools reach it.")
@settings_options("data_dir")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["sh", "json"]),
    default="sh",
    show_default=True,
    help="Lines for a shell to evaluate, or a JSON object.",
)
def _env(output_format: str, **flags: str | None) -> None:
    """Print the environment variables with which AWS's tools reach the running repository as its user admin."""
    from inhouse_server.cli import environment  # noqa: PLC0415 - psutil is loaded only where it is needed

    variables = environment.variables(load_settings(**flags).data_dir)
    click.echo(environment.as_json(variables) if output_format == "json" else environment.as_shell(variables))


@server.command("profile", cls=ReportingCommand, short_help="Write an AWS profile that reaches it.")
@settings_options("data_dir")
@click.option("--name", default="inhouse-local", show_default=True, help="Name of the AWS profile.")
def _profile(name: str, **flags: str | None) -> None:
    """Write an AWS profile that reaches the running repository, and change nothing else.

    The files are those that AWS's tools use: AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, or ~/.aws.
    """
    from inhouse_server.cli import aws_profile  # noqa: PLC0415 - psutil is loaded only where it is needed

    written = aws_profile.write(name, load_settings(**flags).data_dir, os.environ)
    for path in written:
        click.echo(f"Wrote profile {name} to {path}", err=True)
    click.echo(f"export AWS_PROFILE={name}")


server.add_command(user)
server.add_command(role)
server.add_command(oidc)

serve = ReportingCommand(
    "serve",
    callback=_start.callback,
    params=_start.params,
    help=_start.help,
    short_help="Start the embedded repository and serve.",
)


def main() -> None:
    """Run the commands on their own, as `inhouse-server`."""
    try:
        server(prog_name="inhouse-server")
    except Exception as error:
        if "--verbose" in sys.argv:
            raise
        click.echo(f"error: {type(error).__name__}: {error}", err=True)
        click.echo("\nhint: This should not happen. Run it again with --verbose and report it.", err=True)
        sys.exit(1)
