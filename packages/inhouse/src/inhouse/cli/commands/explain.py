"""The command that explains what an installer gets."""

import json
import sys
from typing import TYPE_CHECKING

import click

from inhouse.cli.at_hand import repository_options
from inhouse.cli.options import common_options, connection, current_context, current_settings, say

if TYPE_CHECKING:
    from inhouse.project.manifest import Manifest

NOTHING, UNTOLD = 3, 4
"""Exit codes: an installer gets nothing; what it gets cannot be told. 1 and 2 are for errors and wrong calls."""


def _name(context: click.Context, parameter: click.Parameter, value: str) -> str:
    from packaging.utils import InvalidName, canonicalize_name

    _ = context, parameter
    try:
        canonicalize_name(value, validate=True)
    except InvalidName:
        raise click.BadParameter(
            f"`{value}` is not a name of a project: letters, digits, `-`, `_`, `.`, a letter or digit at both ends"
        ) from None
    return value


def _version(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    from inhouse.codeartifact.explain.facts import parsed

    _ = context, parameter
    if value and parsed(value) is None:
        raise click.BadParameter(f"`{value}` is not a version (PEP 440)")
    return value or ""


@click.command("explain", short_help="Say what an installer gets for a name, and why.")
@common_options
@click.argument("name", callback=_name)
@click.option("--version", metavar="V", callback=_version, help="Explain this version instead of the one taken.")
@repository_options
@click.option(
    "--format", "output", type=click.Choice(["text", "json"]), default="text", help="How to say it.  [default: text]"
)
def explain(name: str, version: str, output: str, **given: str) -> None:
    """Say what pip and uv get for the project NAME from a repository, and why.

    The project's page tells what they get. The repositories behind it, the package's origin controls, its package group
    and the status of each version tell why. Everything is only read. What you are not allowed to see is listed as
    unknown, with the permission that is missing; what depends on it says so.

    Works with AWS and with the embedded repository, in a project, or anywhere with --domain and --repository.

    The exit code is 0 when an installer gets something, 3 when it gets nothing, and 4 when that cannot be told.
    """
    from packaging.utils import canonicalize_name

    from inhouse.codeartifact.explain.document import as_document
    from inhouse.codeartifact.explain.words import as_text
    from inhouse.codeartifact.session import configured_region
    from inhouse.workflow.explain import explain_name, find_coordinates

    named = {key: value for key, value in given.items() if value}
    settings, manifest = current_settings(), _manifest(is_needed=not {"domain", "repository"} <= named.keys())
    connect = connection(settings)
    table = manifest.inhouse if manifest is not None else None
    coordinates = find_coordinates(named, table, settings, configured_region, connect)
    normalized = canonicalize_name(name)
    if normalized != name:
        say(f"{name} is {normalized} to indexes")
    explanation = explain_name(normalized, version, coordinates, connect, manifest)
    if output == "json":
        click.echo(json.dumps(as_document(explanation), indent=2, ensure_ascii=False))
    else:
        click.echo(as_text(explanation))
    if explanation.gets is not True:
        sys.exit(UNTOLD if explanation.gets is None else NOTHING)


def _manifest(*, is_needed: bool) -> "Manifest | None":
    """Return what the project at hand says; None when there is no project.

    Raises:
        ManifestError: It is not as it must be, and it is needed.
    """
    from inhouse.errors import NotAProjectError, ProjectError

    try:
        return current_context().manifest
    except NotAProjectError:
        return None
    except ProjectError:
        if is_needed:
            raise
        return None
