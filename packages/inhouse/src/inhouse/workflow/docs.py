"""Builds the project's documentation with Sphinx, and shows it."""

import shutil
from collections.abc import Callable
from pathlib import Path

from inhouse.errors import DocumentationError, NothingBuiltError, PartMissingError
from inhouse.tools.sphinx import build_arguments
from inhouse.workflow.context import Context
from inhouse.workflow.environment import ensure_modules


def build_docs(context: Context) -> Path:
    """Build the documentation; return the first page. A warning is a failure.

    Raises:
        PartMissingError: There is no documentation.
        DocumentationError: It does not build.
        ProjectError: The environment is missing or incomplete.
    """
    configuration = context.layout.docs / "conf.py"
    if not configuration.is_file():
        raise PartMissingError("documentation", configuration, hint=f"describe it in `{configuration}`")
    ensure_modules(context, ("sphinx",), "doc")
    site = context.layout.site
    context.say(f"building the documentation of {context.manifest.name} into {site}")
    if site.is_dir():
        shutil.rmtree(site)  # pages of modules that are gone would stay
    exit_code = context.python().run("sphinx", build_arguments(context.layout.docs, site), context.layout.root)
    if exit_code != 0:
        raise DocumentationError(exit_code)
    return site / "index.html"


def view_docs(context: Context, show: Callable[[str], bool]) -> Path:
    """Show the built documentation; return its first page.

    Args:
        context: The project.
        show: Opens an address in a browser; says whether it could.

    Raises:
        NothingBuiltError: It is not built.
    """
    page = context.layout.site / "index.html"
    if not page.is_file():
        raise NothingBuiltError(context.layout.site, "the documentation is not built", hint="run `make build-doc`")
    if not show(page.as_uri()):
        context.say("no browser could be opened; open the page yourself")
    return page
