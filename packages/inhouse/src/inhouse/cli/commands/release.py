"""Commands that build and publish."""

import click

from inhouse.cli.options import common_options, current_context, say


@click.command("build", short_help="Build the source distribution and the wheel.")
@common_options
def build() -> None:
    """Build the source distribution and, from it, the wheel, into an emptied `dist`. The files are printed."""
    from inhouse.workflow.build import build as activity

    for path in activity(current_context()):
        click.echo(path)


@click.command("publish", short_help="Check what was built and upload it.")
@common_options
@click.option("--dry-run", is_flag=True, help="Do all but the upload itself.")
def publish(*, dry_run: bool) -> None:
    """Check what is in `dist` and upload it to the repository. The uploaded files are printed.

    The project must be open for it: [tool.inhouse] local-publish in pyproject.toml holds the reason. A version that is
    published never changes; files that the repository holds already, byte for byte, are left out.
    """
    from inhouse.workflow.publish import publish as activity

    upload = activity(current_context(), dry_run=dry_run)
    for name in upload.uploaded:
        click.echo(name)
    if dry_run:
        say(f"dry run: nothing was uploaded to {upload.url}")
    elif not upload.uploaded:
        say(f"nothing to upload: {upload.url} has it all")
