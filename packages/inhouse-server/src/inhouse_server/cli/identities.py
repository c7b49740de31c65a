"""`server user`, `server role` and `server oidc`: who may ask, and what; whether or not the server runs."""

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

import click

from inhouse_server import compat
from inhouse_server.cli.errors import ReportingCommand, ReportingGroup
from inhouse_server.cli.options import load_settings, settings_options
from inhouse_server.errors import SettingError

if TYPE_CHECKING:
    from inhouse_server.model import AccessKey
    from inhouse_server.services.identities import Identities

_account = click.option("--account", metavar="DIGITS", help="The account it belongs to, if not the data folder's.")
_policy = click.option(
    "--policy",
    "policy_file",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="The identity policy: a JSON document; - reads it from stdin.",
)
_administrator = click.option("--administrator", is_flag=True, help="May do everything, in place of a policy.")
_key_format = click.option(
    "--format",
    "output_format",
    type=click.Choice(["sh", "json"]),
    default="sh",
    show_default=True,
    help="Lines for a shell to evaluate, or a JSON object.",
)
_list_format = click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A line for each, or a JSON list.",
)


@click.group("user", cls=ReportingGroup, short_help="Users, their access keys and policies.")
def user() -> None:
    """IAM users of the embedded repository, their access keys and policies."""


@click.group("role", cls=ReportingGroup, short_help="Roles, and who may assume them.")
def role() -> None:
    """IAM roles of the embedded repository: who may assume them, and what their sessions may do."""


@click.group("oidc", cls=ReportingGroup, short_help="Issuers of tokens with which CI jobs assume roles.")
def oidc() -> None:
    """Issuers of OpenID Connect tokens, with which CI jobs assume roles."""


@user.command("add", cls=ReportingCommand, short_help="Make a user and print its access key, once.")
@click.argument("name")
@_policy
@_administrator
@_account
@settings_options("data_dir")
@_key_format
def _add_user(
    name: str,
    policy_file: IO[str] | None,
    administrator: bool,
    account: str | None,
    output_format: str,
    **flags: str | None,
) -> None:
    """Make the user NAME and print its access key, once. Without a policy it may do nothing."""
    document = _document(policy_file, administrator=administrator)
    with _identities(**flags) as identities:
        key = identities.add_user(name, policy=document, account=_checked(account))
    click.echo(f"Made {key.principal.arn}", err=True)
    _print_key(key, output_format)


@user.command("set-policy", cls=ReportingCommand, short_help="Give a user another policy.")
@click.argument("name")
@_policy
@_administrator
@_account
@settings_options("data_dir")
def _set_user_policy(
    name: str, policy_file: IO[str] | None, administrator: bool, account: str | None, **flags: str | None
) -> None:
    """Give the user NAME another policy; it holds from the next request on."""
    document = _document(policy_file, administrator=administrator)
    if document is None:
        raise SettingError("No policy is given.", hint="Name a file with --policy, or say --administrator.")
    with _identities(**flags) as identities:
        changed = identities.set_user_policy(name, policy=document, account=_checked(account))
    click.echo(f"Changed {changed.arn}", err=True)


@user.command("list", cls=ReportingCommand, short_help="List all users.")
@settings_options("data_dir")
@_list_format
def _list_users(output_format: str, **flags: str | None) -> None:
    """List all users: ARN, ids of access keys, and whether there is a policy."""
    with _identities(**flags) as identities:
        found = identities.list_users()
    rows = [
        {
            "arn": each.principal.arn,
            "user_id": each.principal.user_id,
            "access_key_ids": list(each.key_ids),
            "policy": None if each.policy is None else json.loads(each.policy),
        }
        for each in found
    ]
    lines = [(each.principal.arn, ",".join(each.key_ids), _told(each.policy)) for each in found]
    _print_rows(rows, lines, output_format)


@user.command("remove", cls=ReportingCommand, short_help="Remove a user.")
@click.argument("name")
@_account
@settings_options("data_dir")
def _remove_user(name: str, account: str | None, **flags: str | None) -> None:
    """Remove the user NAME; its keys and tokens stop working."""
    with _identities(**flags) as identities:
        removed = identities.remove_user(name, account=_checked(account))
    click.echo(f"Removed {removed.arn}", err=True)


@user.command("rotate", cls=ReportingCommand, short_help="Give a user a new access key and print it, once.")
@click.argument("name")
@_account
@settings_options("data_dir")
@_key_format
def _rotate_user(name: str, account: str | None, output_format: str, **flags: str | None) -> None:
    """Give the user NAME a new access key and print it, once; the old key stops working.

    Authorization tokens that were made with the old key work until they expire, after 12 hours at most. `user remove`
    ends them at once; `user set-policy` changes at once what they are good for.
    """
    with _identities(**flags) as identities:
        key = identities.rotate_user(name, account=_checked(account))
    click.echo(f"Gave {key.principal.arn} a new access key", err=True)
    _print_key(key, output_format)


@role.command("add", cls=ReportingCommand, short_help="Make a role and print its ARN.")
@click.argument("name")
@click.option(
    "--trust",
    "trust_file",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    required=True,
    help="The trust policy, which says who may assume it: a JSON document.",
)
@_policy
@_administrator
@click.option(
    "--max-session-seconds",
    type=int,
    default=compat.DEFAULT_SESSION_SECONDS,
    show_default=True,
    help="How long a session may last.",
)
@_account
@settings_options("data_dir")
def _add_role(
    *,
    name: str,
    trust_file: IO[str],
    policy_file: IO[str] | None,
    administrator: bool,
    max_session_seconds: int,
    account: str | None,
    **flags: str | None,
) -> None:
    """Make the role NAME and print its ARN. Without a policy its sessions may do nothing."""
    trust, policy = _read(trust_file, "--trust"), _document(policy_file, administrator=administrator)
    with _identities(**flags) as identities:
        made = identities.add_role(
            name, trust=trust, policy=policy, maximum_seconds=max_session_seconds, account=_checked(account)
        )
    click.echo(made.arn)


@role.command("set-policy", cls=ReportingCommand, short_help="Give a role other policies.")
@click.argument("name")
@click.option(
    "--trust",
    "trust_file",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="Another trust policy: a JSON document.",
)
@_policy
@_administrator
@_account
@settings_options("data_dir")
def _set_role_policies(
    name: str,
    trust_file: IO[str] | None,
    policy_file: IO[str] | None,
    administrator: bool,
    account: str | None,
    **flags: str | None,
) -> None:
    """Give the role NAME other policies; they hold from the next request on."""
    trust = None if trust_file is None else _read(trust_file, "--trust")
    policy = _document(policy_file, administrator=administrator)
    if trust is None and policy is None:
        raise SettingError("No policy is given.", hint="Name a file with --trust or --policy, or say --administrator.")
    with _identities(**flags) as identities:
        changed = identities.set_role_policies(name, trust=trust, policy=policy, account=_checked(account))
    click.echo(f"Changed {changed.arn}", err=True)


@role.command("list", cls=ReportingCommand, short_help="List all roles.")
@settings_options("data_dir")
@_list_format
def _list_roles(output_format: str, **flags: str | None) -> None:
    """List all roles: ARN, how long a session may last, and whether there is a policy."""
    with _identities(**flags) as identities:
        found = identities.list_roles()
    rows = [
        {
            "arn": each.arn,
            "role_id": each.role_id,
            "maximum_seconds": each.maximum_seconds,
            "trust_policy": json.loads(each.trust_policy),
            "policy": None if each.policy is None else json.loads(each.policy),
        }
        for each in found
    ]
    _print_rows(rows, [(each.arn, f"{each.maximum_seconds}s", _told(each.policy)) for each in found], output_format)


@role.command("remove", cls=ReportingCommand, short_help="Remove a role.")
@click.argument("name")
@_account
@settings_options("data_dir")
def _remove_role(name: str, account: str | None, **flags: str | None) -> None:
    """Remove the role NAME; its sessions and their tokens stop working."""
    with _identities(**flags) as identities:
        removed = identities.remove_role(name, account=_checked(account))
    click.echo(f"Removed {removed.arn}", err=True)


@role.command("rotate", cls=ReportingCommand, short_help="End all sessions of a role.")
@click.argument("name")
@_account
@settings_options("data_dir")
def _rotate_role(name: str, account: str | None, **flags: str | None) -> None:
    """End all sessions of the role NAME; whoever needs one assumes it again."""
    with _identities(**flags) as identities:
        rotated = identities.rotate_role(name, account=_checked(account))
    click.echo(f"Ended all sessions of {rotated.arn}", err=True)


@oidc.command("add", cls=ReportingCommand, short_help="Believe an issuer.")
@click.argument("url")
@click.option(
    "--audience", "audiences", multiple=True, required=True, help="Whom its tokens are made for; may be given again."
)
@_account
@settings_options("data_dir")
def _add_provider(url: str, audiences: Sequence[str], account: str | None, **flags: str | None) -> None:
    """Believe the issuer URL and print the ARN that trust policies name it by."""
    with _identities(**flags) as identities:
        made = identities.add_provider(url, audiences, account=_checked(account))
    click.echo(made.arn)


@oidc.command("list", cls=ReportingCommand, short_help="List all issuers.")
@settings_options("data_dir")
@_list_format
def _list_providers(output_format: str, **flags: str | None) -> None:
    """List all issuers: ARN and audiences."""
    with _identities(**flags) as identities:
        found = identities.list_providers()
    rows = [{"arn": each.arn, "url": each.url, "audiences": list(each.audiences)} for each in found]
    _print_rows(rows, [(each.arn, ",".join(each.audiences)) for each in found], output_format)


@oidc.command("remove", cls=ReportingCommand, short_help="Stop believing an issuer.")
@click.argument("url")
@_account
@settings_options("data_dir")
def _remove_provider(url: str, account: str | None, **flags: str | None) -> None:
    """Stop believing the issuer URL."""
    with _identities(**flags) as identities:
        identities.remove_provider(url, account=_checked(account))
    click.echo(f"Removed {url}", err=True)


@contextmanager
def _identities(**flags: str | None) -> "Iterator[Identities]":
    # Loaded only where it is needed: these bring psutil, PyJWT and urllib3.
    from inhouse_server.data_folder import open_catalog  # noqa: PLC0415
    from inhouse_server.services.identities import Identities  # noqa: PLC0415

    settings = load_settings(**flags)
    with open_catalog(settings.data_dir, account=None, clock=_now) as (database, account):
        yield Identities(database, account, _now)


def _now() -> datetime:
    return datetime.now(UTC)


def _checked(account: str | None) -> str | None:
    if account is not None and not (len(account) == 12 and account.isascii() and account.isdigit()):
        raise SettingError(f"--account: {account!r} is not twelve digits.", hint="Give another --account.")
    return account


def _document(file: IO[str] | None, *, administrator: bool) -> str | None:
    if file is None:
        return compat.ADMINISTRATOR_POLICY if administrator else None
    if administrator:
        raise SettingError("--policy and --administrator exclude each other.", hint="Leave one of them out.")
    return _read(file, "--policy")


def _read(file: IO[str], flag: str) -> str:
    try:
        return file.read()
    except ValueError as error:
        raise SettingError(f"{flag}: the file is not text in UTF-8.", hint="Save it as UTF-8.") from error


def _print_key(key: "AccessKey", output_format: str) -> None:
    variables = {"AWS_ACCESS_KEY_ID": key.id, "AWS_SECRET_ACCESS_KEY": key.secret}
    if output_format == "json":
        click.echo(json.dumps(variables, indent=2))
    else:
        for name, value in variables.items():
            click.echo(f"export {name}={shlex.quote(value)}")


def _print_rows(rows: Sequence[Mapping[str, object]], lines: Sequence[Sequence[str]], output_format: str) -> None:
    if output_format == "json":
        click.echo(json.dumps(rows, indent=2))
    else:
        for line in lines:
            click.echo("\t".join(line))


def _told(policy: str | None) -> str:
    if policy is None:
        return "no policy"
    return "administrator" if policy == compat.ADMINISTRATOR_POLICY else "policy"
