"""The command that reserves names."""

from typing import TYPE_CHECKING

import click

from inhouse.cli.at_hand import current_access, domain_options
from inhouse.cli.options import common_options, say

if TYPE_CHECKING:
    from inhouse.workflow.reserve import Plan


@click.command("reserve", short_help="Close names to public sources, by a package group.")
@common_options
@click.argument("prefix")
@click.option("--exact", is_flag=True, help="Only the name PREFIX itself, and not those that begin with it.")
@click.option(
    "--publish-from",
    "publishers",
    metavar="REPOSITORY",
    multiple=True,
    help="Let such names be published only in this repository. Can be repeated.",
)
@click.option("--contact", metavar="WHO", default="", help="Whom to ask about these names.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")
@click.option("--yes", is_flag=True, help="Do it even if it changes what comes in for packages that are there.")
@domain_options
def reserve(
    *,
    prefix: str,
    exact: bool,
    publishers: tuple[str, ...],
    contact: str,
    dry_run: bool,
    yes: bool,
    **given: str,
) -> int:
    """Reserve the names that begin with PREFIX: nothing comes in for them from PyPI any more, in the whole domain.

    `inhouse reserve acme` makes the package group /pypi//acme~, which stands for acme and acme-anything, also for names
    that nobody has published yet, and sets EXTERNAL_UPSTREAM=BLOCK in it. Doing it twice changes nothing.

    What the group will hold is shown first. Packages that came from PyPI would get no new versions: that needs --yes.

    The permissions codeartifact:CreatePackageGroup, DescribePackageGroup, ListAssociatedPackages and
    UpdatePackageGroupOriginConfiguration are needed on the domain's package groups.
    """
    from inhouse.codeartifact.reserving import GroupReservations
    from inhouse.codeartifact.session import make_clients
    from inhouse.workflow.reserve import Wish, carry_out, look, pattern_of

    wish = Wish(pattern_of(prefix, exact=exact), tuple(dict.fromkeys(publishers)), contact)
    # A package group belongs to a domain, and to no repository of it: whichever it is does not matter.
    access = current_access({**given, "repository": "any"})
    client = make_clients(access.coordinates, access.settings).codeartifact
    reservations = GroupReservations(client, access.coordinates)
    planned = look(wish, reservations)
    _show(planned)
    if planned.is_done:
        say(f"{wish.pattern} is reserved already")
        return 0
    if dry_run:
        return 0
    if planned.warnings and not yes:
        say("nothing was done: look at the warnings, and add --yes if it is meant")
        return 1
    carry_out(planned, reservations)
    say(f"{wish.pattern} is reserved; AWS may take some minutes until it is in effect everywhere")
    return 0


def _show(planned: "Plan") -> None:
    names = [held.name for held in planned.held if held.is_strong]
    click.echo(f"{planned.wish.pattern} holds {', '.join(names) if names else 'no package so far'}")
    for step in planned.steps:
        click.echo(f"  {step}")
    for warning in planned.warnings:
        say(f"warning: {warning}")
