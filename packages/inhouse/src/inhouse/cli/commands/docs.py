"""Commands for the project's documentation."""

import click

from inhouse.cli.options import common_options, current_context


@click.command("build-doc", short_help="Build the documentation.")
@common_options
def build_doc() -> None:
    """Build the documentation in `docs` with Sphinx, every warning a failure. Its first page is printed."""
    from inhouse.workflow.docs import build_docs

    click.echo(build_docs(current_context()))


@click.command("view-doc", short_help="Open the built documentation.")
@common_options
def view_doc() -> None:
    """Open the built documentation in a browser. Its first page is printed, too."""
    import webbrowser

    from inhouse.workflow.docs import view_docs

    click.echo(view_docs(current_context(), webbrowser.open))
