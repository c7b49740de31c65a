"""The command that moves a project between addresses of its repository."""

import click

from inhouse.cli.options import common_options, current_context, say


@click.command("retarget", short_help="Move pyproject.toml and the locks to another address.")
@common_options
@click.option("--to", metavar="WHERE", default="", help="laptop, aws, or the repository's address.  [default: asked]")
@click.option("--endpoint", "service", metavar="URL", default="", help="Ask the repository service at this address.")
@click.option("--domain", metavar="NAME", help="Another domain.  [default: as in pyproject.toml]")
@click.option("--owner", metavar="ACCOUNT", help="Another owner of the domain.")
@click.option("--region", metavar="REGION", help="Another region.")
@click.option("--repository", metavar="NAME", help="Another repository.")
@click.option(
    "--endpoint-type",
    type=click.Choice(["ipv4", "dualstack"]),
    default="ipv4",
    help="With --to aws: which of its addresses.  [default: ipv4]",
)
@click.option(
    "--from",
    "also",
    metavar="ADDRESS",
    multiple=True,
    help="What locks may hold too: an older address. Can be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Show the change as a diff, and write nothing.")
@click.option("--check", is_flag=True, help="Only say whether all files agree on one address; the exit code tells.")
def retarget(
    *, to: str, service: str, endpoint_type: str, also: tuple[str, ...], dry_run: bool, check: bool, **given: str | None
) -> int:
    """Move the project to another address of its repository: between a laptop, a test server and AWS.

    Nothing is resolved anew. pyproject.toml, uv.lock, poetry.lock, pylock.toml, requirements and the answers to the
    template follow; versions and digests of files stay, so that the same bytes are installed as before. The way back
    gives the same files again.

    `--to laptop` asks the embedded repository that runs on this machine. `--to aws` is AWS's own address, put together
    from domain, owner, region and repository. `--to ADDRESS` is that very address; domain, owner and repository follow
    it. Without it, the repository service is asked that AWS is configured for: see --profile and --endpoint.

    With --check, --to names the address on which all must agree.
    """
    from inhouse.codeartifact.elsewhere import laptop_endpoint, service_endpoint
    from inhouse.workflow.retarget import Asked, Wish, agreement, find_target, move_project

    if to and service:
        raise click.UsageError("--to and --endpoint are two ways to say the same; choose one")
    if endpoint_type == "dualstack" and to != "aws":
        raise click.UsageError("--endpoint-type goes with `--to aws`; elsewhere the address is asked for or given")
    context = current_context()
    coordinates = {name: value for name, value in given.items() if value is not None}
    wish = Wish(to, service, coordinates, dualstack=endpoint_type == "dualstack")
    asked = Asked(
        laptop=lambda wanted: laptop_endpoint(wanted, context.runner, context.settings.environment),
        service=lambda url, wanted: service_endpoint(url, wanted, context.settings),
    )
    if check:
        wanted = find_target(context, wish, asked).endpoint if to or service or coordinates else ""
        found = agreement(context, wanted)
        for name, problems in found.items():
            for problem in problems:
                say(f"{name}: {problem}")
        if not found:
            click.echo(context.one_index().publish_url)
        return 1 if found else 0
    moved = move_project(context, find_target(context, wish, asked), also, dry_run=dry_run)
    click.echo(moved.diff if dry_run else moved.endpoint, nl=not dry_run)
    return 0
