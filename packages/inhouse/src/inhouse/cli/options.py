"""Options that every command knows, before or after its name, and the settings they lead to."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pathlib import Path

    from inhouse.codeartifact.interface import Repository
    from inhouse.project.manifest import Coordinates
    from inhouse.settings import Settings
    from inhouse.workflow.context import Context

_FOLDER = click.Path(exists=True, file_okay=False)

F = TypeVar("F", bound=Callable[..., Any] | click.Command)


@dataclass
class Flags:
    """What was given on the command line; the one object of a run that is not frozen, since click fills it.

    Attributes:
        values: Settings by name.
        project: The folder to work in.
    """

    values: dict[str, str] = field(default_factory=dict)
    project: str = "."

    @property
    def is_verbose(self) -> bool:
        """Whether `--verbose` was given."""
        return self.values.get("verbose") == "true"


def _set(context: click.Context, parameter: click.Parameter, value: object) -> None:
    flags = context.ensure_object(Flags)
    if value is None or value is False or parameter.name is None:
        return  # not given here, but perhaps before the command's name
    flags.values[parameter.name] = "true" if value is True else str(value)


def common_options(command: F) -> F:
    """Add the options that every command on a project knows."""
    return _folder_option("-C", "--project")(_profile_and_verbose(command))


def common_options_with_scope(command: F) -> F:
    """Add them to a command that changes files of a project or of the user: `--project` says that it is the project's.

    The folder may follow it, as everywhere; the command gets it, or the folder of `-C`, as `scope`, and None for the
    user's files.
    """

    def scope(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
        flags = context.ensure_object(Flags)
        if value:
            flags.project = str(_FOLDER.convert(value, parameter, context))
        return flags.project if value is not None else None

    project = click.option(
        "--project",
        "project",
        metavar="[FOLDER]",
        is_flag=False,
        flag_value="",
        help="Change the files of the project, not your own; no secret gets there.",
        callback=scope,
    )
    user = click.option("--user", is_flag=True, help="Change your own files.  [default]", expose_value=False)
    return _folder_option("-C", "folder")(user(project(_profile_and_verbose(command))))


def _folder_option(*names: str) -> "Callable[[F], F]":
    def set_folder(context: click.Context, parameter: click.Parameter, value: object) -> None:
        _ = parameter
        if value is not None:
            context.ensure_object(Flags).project = str(value)

    return click.option(
        *names,
        metavar="FOLDER",
        type=_FOLDER,
        help="Work on the project in FOLDER instead of the one you are in.",
        expose_value=False,
        callback=set_folder,
        is_eager=True,
    )


def _profile_and_verbose(command: F) -> F:
    profile = click.option(
        "--profile",
        metavar="NAME",
        help="The AWS profile to use.  [variable: INHOUSE_PROFILE]",
        expose_value=False,
        callback=_set,
    )
    verbose = click.option(
        "--verbose",
        is_flag=True,
        help="Show the programs that are run, and tracebacks.  [variable: INHOUSE_VERBOSE]",
        expose_value=False,
        callback=_set,
    )
    return profile(verbose(command))


def python_option(command: F) -> F:
    """Add the option that chooses the Python of a new environment."""
    option = click.option(
        "--python",
        metavar="PYTHON",
        help="The Python to use: a version or a path.  [variable: INHOUSE_PYTHON]",
        expose_value=False,
        callback=_set,
    )
    return option(command)


def say(line: str) -> None:
    """Tell a person what is being done: on standard error, since standard output is for data."""
    click.echo(line, err=True)


def current_settings() -> "Settings":
    """Build the settings of the run.

    Raises:
        SettingError: One cannot be used.
    """
    from inhouse.settings import load_settings

    flags = click.get_current_context().ensure_object(Flags)
    return load_settings(flags.values, os.environ)


def current_context() -> "Context":
    """Find the project and put together what working on it takes.

    Raises:
        InhouseError: There is no project, or it or a setting is not as it must be.
    """
    from pathlib import Path

    from inhouse.process import SubprocessRunner
    from inhouse.workflow.context import Context, find_project, load_manifest

    flags = click.get_current_context().ensure_object(Flags)
    settings = current_settings()
    layout = find_project(Path(flags.project))
    _warn_of_other_version(layout.tool_version)
    return Context(
        layout=layout,
        manifest=load_manifest(layout),
        settings=settings,
        runner=SubprocessRunner(trace=(lambda command: say(f"+ {command}")) if settings.verbose else None),
        say=say,
        connect=connection(settings),
    )


def connection(settings: "Settings") -> "Callable[[Coordinates], Repository]":
    """Return what gives access to a repository; the same one for the same coordinates."""
    from functools import cache

    def connect(coordinates: "Coordinates") -> "Repository":
        from inhouse.codeartifact.repository import CodeArtifactRepository  # brings boto3, which takes half a second

        return CodeArtifactRepository(coordinates, settings)

    return cache(connect)


def _warn_of_other_version(file: "Path") -> None:
    """Warn when the project pins another version of inhouse than the one that runs."""
    if not file.is_file():
        return
    from importlib.metadata import version

    pinned, running = file.read_text(encoding="utf-8").strip(), version("inhouse")
    if pinned != running:
        say(f"warning: the project pins inhouse {pinned}, and this is inhouse {running}\nhint: run `make bootstrap`")
