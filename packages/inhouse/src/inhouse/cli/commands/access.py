"""The commands that give tools access to the repository, and take it back."""

import sys
from typing import TYPE_CHECKING

import click

from inhouse.cli.at_hand import current_access, repository_options, this_machine, tool_option, tools_of
from inhouse.cli.options import common_options, common_options_with_scope, current_settings, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inhouse.access.changes import Change

_WITH_FILES = ("pip", "uv", "poetry", "pdm", "twine", "hatch", "netrc")
_WITH_VARIABLES = ("pip", "uv", "poetry", "pdm", "twine", "hatch")
_SHELLS = ("sh", "fish", "powershell", "github", "docker", "json")


_KEYRING_HINT = (
    "install inhouse-keyring where the tool finds it: beside the program `keyring` (`uv tool install keyring --with "
    "inhouse-keyring`, or `inhouse-keyring install-shim FOLDER` with a folder on PATH), and in the environments of "
    "Poetry, twine and hatch; `inhouse run -- COMMAND` needs no keyring"
)


@click.command("login", short_help="Set up pip, uv, Poetry, PDM, twine and hatch for the repository.")
@common_options_with_scope
@tool_option(_WITH_FILES)
@click.option("--dry-run", is_flag=True, help="Show what would be changed, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before changing files.")
@repository_options
def login(*, tools: tuple[str, ...], project: str | None, dry_run: bool, yes: bool, **given: str) -> None:
    """Make tools use the repository as their one index, and publish to it.

    One request proves that it works, and the change is shown before it is made. Addresses are written without secrets:
    the keyring gives each tool a token, and renews it (see inhouse-keyring). Only netrc, and Poetry without our keyring
    backend, get a token, into files that nobody else can read. An index that is there is replaced and not added to;
    `inhouse logout` puts it back.

    Without --tool, the tools are those that are found on PATH.
    """
    from inhouse.workflow.login import carry_out, plan_login, prove
    from inhouse.workflow.tools_at_hand import choose_tools, keyring_trouble, other_indexes_in_files

    access, in_project = current_access(given), project is not None
    choice = choose_tools(access, tools_of(tools), in_project=in_project)
    if choice.why:
        say(f"tools: {', '.join(tool.value for tool in choice.tools) or 'none'} ({choice.why})")
    index = access.index()
    proof = None if dry_run else prove(access, index)
    changes = plan_login(access, choice.tools, index, in_project=in_project)
    _show(changes)
    written = {change.path for change in changes}
    trouble = keyring_trouble(access, choice.tools, index)
    for said in trouble:
        say(f"warning: {said}")
    if trouble:
        say(f"hint: {_KEYRING_HINT}")
    for said in other_indexes_in_files(access, choice.tools, written):
        say(f"warning: {said} stays, and is asked too\nhint: take it out; only one index is safe")
    if proof is None:
        say("dry run: nothing was changed")
        return
    is_asked = not yes and not access.settings.in_pipeline and _somebody_is_there()
    if is_asked and not all(change.is_nothing for change in changes):
        click.confirm("Change this?", default=True, abort=True, err=True)
    carry_out(access, changes)
    where = access.coordinates
    say(f"{proof.who} uses {where.domain}-{where.owner}/{where.repository} at {index.url}; {proof.until}")


@click.command("logout", short_help="Take back what login wrote, and forget kept tokens.")
@common_options
@tool_option(_WITH_FILES)
@click.option("--dry-run", is_flag=True, help="Show what would be changed, and change nothing.")
def logout(*, tools: tuple[str, ...], dry_run: bool) -> None:
    """Take back exactly what `inhouse login` wrote, in all files, and forget the tokens that are kept.

    A file that nobody else has changed since is what it was before, byte for byte; one that login made is removed.
    Where others have changed something since, only our own entries go, and what was in their place comes back.

    A token that was given out works until it ends: only IAM can take it back.
    """
    from inhouse.workflow.logout import carry_out_logout, plan_logout
    from inhouse_keyring.tokens import forget

    machine = this_machine()
    planned = plan_logout(machine, tools_of(tools))
    _show(each.change for each in planned)
    if dry_run:
        say("dry run: nothing was changed")
        return
    carry_out_logout(machine, planned, say)
    if not planned:
        say("there is nothing that login wrote")
    if not tools:
        forgotten = forget(current_settings().environment)
        say(f"{forgotten} kept {'token is' if forgotten == 1 else 'tokens are'} forgotten")


@click.command("env", short_help="Print the variables that give tools access, for pipelines and images.")
@common_options
@tool_option(_WITH_VARIABLES)
@click.option("--format", "shell", type=click.Choice(_SHELLS), default="sh", help="Who reads them.  [default: sh]")
@repository_options
def env(*, tools: tuple[str, ...], shell: str, **given: str) -> None:
    """Print the variables that give tools access to the repository for as long as a token works.

    In a shell: eval "$(inhouse env --tool uv)". In GitHub Actions, with --format github: append it to "$GITHUB_ENV"; a
    command on standard error hides the token in the log. The format docker is for `docker run --env-file`.

    Without --tool, the tools are those that are found on PATH.
    """
    from inhouse.access.shells import Shell, mask_commands, written
    from inhouse.access.variables import TOOLS
    from inhouse.workflow.tool_variables import provide
    from inhouse.workflow.tools_at_hand import choose_tools, other_indexes_in_files

    access = current_access(given)
    choice = choose_tools(access, tools_of(tools))
    if choice.why:
        say(f"tools: {', '.join(tool.value for tool in choice.tools)} ({choice.why})")
    provision = provide(access, [tool for tool in choice.tools if tool in TOOLS])
    for name in provision.in_the_way:
        if name not in provision.variables:
            say(f"warning: {name} is set, and leads around the repository: `unset {name}`")
    for said in other_indexes_in_files(access, choice.tools):
        say(f"warning: {said} is asked too")
    if Shell(shell) is Shell.GITHUB:
        click.echo(mask_commands(provision.secrets), nl=False, err=True)
    click.echo(written(provision.variables, Shell(shell)), nl=False)


@click.command(
    "run",
    short_help="Run a command with access to the repository.",
    context_settings={"allow_interspersed_args": False},
)
@common_options
@tool_option(_WITH_VARIABLES)
@repository_options
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(*, tools: tuple[str, ...], command: tuple[str, ...], **given: str) -> None:
    """Run COMMAND with the variables that `inhouse env` prints, and with nothing that leads around the repository.

    Your shell keeps its own. Input, output, signals and the exit code are the command's. Without --tool, the variables
    are those of all tools.

    Put `--` before the command: inhouse run -- pip install acme-greetings
    """
    from inhouse.access.variables import TOOLS
    from inhouse.process import become
    from inhouse.workflow.tool_variables import environment_with, provide
    from inhouse.workflow.tools_at_hand import other_indexes_in_files

    access = current_access(given)
    chosen = tools_of(tools) or TOOLS
    provision = provide(access, chosen)
    if provision.in_the_way:
        say(f"left out: {', '.join(provision.in_the_way)}")
    for said in other_indexes_in_files(access, chosen):
        say(f"warning: {said} is asked too")
    code = become(command, environment_with(access, provision))
    sys.exit(code if code >= 0 else 128 - code)


def _show(changes: "Iterable[Change]") -> None:
    for change in changes:
        if change.is_nothing:
            if change.before is not None:
                say(f"{change.path} is as it should be")
            continue
        click.echo(change.diff(), nl=False)
        for gone in change.gave_way:
            say(f"{change.path}: {gone} gives way; logout puts it back")


def _somebody_is_there() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
