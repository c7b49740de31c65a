"""Which repository a command is about: the project's at hand, or the one that options name."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from inhouse.cli.options import Flags, connection, current_settings, say

if TYPE_CHECKING:
    from inhouse.project.layout import Layout
    from inhouse.project.manifest import Manifest
    from inhouse.tools.locations import Machine, Tool
    from inhouse.workflow.access import Access

F = TypeVar("F", bound=Callable[..., Any])


def repository_options(command: F) -> F:
    """Add the options that name a repository, for use outside of a project or for another one than the project's."""
    return _with(command, ("--repository", "NAME", "The repository.  [default: the project's]"), *_DOMAIN)


def domain_options(command: F) -> F:
    """Add the options that name a domain, for what is the same for all of its repositories."""
    return _with(command, *_DOMAIN)


_DOMAIN: Final = (
    ("--domain", "NAME", "Its domain.  [default: the project's]"),
    ("--owner", "ACCOUNT", "Who owns the domain.  [default: the project's, or you]"),
    ("--region", "REGION", "Its region.  [default: the project's, or AWS's setting]"),
)


def _with(command: F, *options: tuple[str, str, str]) -> F:
    for flag, metavar, text in reversed(options):
        command = click.option(flag, metavar=metavar, callback=_coordinate, help=text)(command)
    return command


def tool_option(names: tuple[str, ...]) -> Callable[[F], F]:
    """Return what adds the option for tools."""
    return click.option(
        "--tool", "tools", type=click.Choice(names), multiple=True, help="Only this one; can be given several times."
    )


def tools_of(names: tuple[str, ...]) -> "tuple[Tool, ...]":
    """Return the tools of the given names."""
    from inhouse.tools.locations import Tool

    return tuple(Tool(name) for name in names)


def this_machine() -> "Machine":
    """Return what decides where the tools' files are."""
    from inhouse.tools.locations import Machine

    # A user without HOME still has a home folder, and every tool finds it.
    home = {} if os.environ.get("HOME") or os.name == "nt" else {"HOME": str(Path.home())}
    return Machine({**os.environ, **home}, exists=Path.exists)


def current_access(given: Mapping[str, str]) -> "Access":
    """Find out which repository is meant, and put together what reaching it takes.

    Args:
        given: The values of `repository_options`.

    Raises:
        InhouseError: It is not said which one, or the project or a setting is not as it must be.
    """
    from inhouse.codeartifact.session import configured_region
    from inhouse.process import SubprocessRunner
    from inhouse.workflow.access import Access
    from inhouse.workflow.explain import find_coordinates

    named = {name: value for name, value in given.items() if value}
    settings = current_settings()
    layout, manifest = _project(is_needed=not {"domain", "repository"} <= named.keys())
    connect = connection(settings)
    table = manifest.inhouse if manifest is not None else None
    return Access(
        settings=settings,
        machine=this_machine(),
        runner=SubprocessRunner(trace=(lambda command: say(f"+ {command}")) if settings.verbose else None),
        say=say,
        coordinates=find_coordinates(named, table, settings, configured_region, connect),
        connect=connect,
        layout=layout,
        manifest=manifest,
    )


def _project(*, is_needed: bool) -> "tuple[Layout | None, Manifest | None]":
    from inhouse.errors import NotAProjectError, ProjectError
    from inhouse.workflow.context import find_project, load_manifest

    flags = click.get_current_context().ensure_object(Flags)
    try:
        layout = find_project(Path(flags.project))
        return layout, load_manifest(layout)
    except NotAProjectError:
        return None, None
    except ProjectError:
        if is_needed:
            raise
        return None, None


def _coordinate(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    from inhouse.project.answers import problem

    _ = context
    wrong = problem(parameter.name or "", value) if value is not None else ""
    if wrong:
        raise click.BadParameter(wrong)
    return value or ""
