"""The command that prints an authorization token."""

import os
from typing import TYPE_CHECKING

import click

from inhouse.cli.options import Flags, common_options, say

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.command("token", short_help="Print an authorization token that works for some time yet.")
@common_options
@click.option("--domain", metavar="DOMAIN", help="The domain; else the project's.")
@click.option("--owner", metavar="ACCOUNT", help="The account that owns the domain; else the project's, or yours.")
@click.option("--region", metavar="REGION", help="The region of the domain; else the project's, or AWS's setting.")
@click.option("--repository", metavar="REPOSITORY", help="May be given; a token is good for all of the domain's.")
@click.option(
    "--duration-seconds", metavar="SECONDS", help="How long a new one works.  [variable: INHOUSE_TOKEN_SECONDS]"
)
@click.option("--endpoint-url", metavar="URL", help="The address of CodeArtifact's API; else as AWS is configured.")
@click.option("--format", type=click.Choice(["text", "json"]), help="Text is the token alone, for `$(inhouse token)`.")
@click.option("--refresh", is_flag=True, help="Ask for a new one, however long the kept one works.")
@click.option("--clear", is_flag=True, help="Forget kept tokens instead: all, or those of --domain and --owner.")
def token(*, refresh: bool, clear: bool, **values: str | None) -> None:
    """Print an authorization token for the package repository, and nothing else.

    It is kept in a file that only you can read, and asked for anew a quarter of an hour before it ends. However many
    processes want one, one of them asks. A kept token is served to nobody but the identity that asked for it.
    """
    from inhouse.cli.quick import Question
    from inhouse.cli.quick import token as quick

    given = {name: value for name, value in values.items() if value is not None}
    if clear:
        from inhouse_keyring.tokens import forget

        forgotten = forget(os.environ, given.get("domain", ""), given.get("owner", ""))
        say(f"{forgotten} kept {'token is' if forgotten == 1 else 'tokens are'} forgotten")
        return
    flags = click.get_current_context().ensure_object(Flags)
    click.echo(quick(Question(_with(flags, given), refresh=refresh), os.environ), nl=False)


def _with(flags: Flags, given: "Mapping[str, str]") -> dict[str, str]:
    profile = {"profile": flags.values["profile"]} if "profile" in flags.values else {}
    return {**given, **profile, "project": flags.project}
