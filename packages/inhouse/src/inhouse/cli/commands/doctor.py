"""The commands that look for what makes installs wrong or fail: in everything, and in a project."""

import json
import sys
from typing import TYPE_CHECKING

import click

from inhouse.cli.options import common_options, connection, current_settings, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inhouse.workflow.check_config import Checked
    from inhouse.workflow.doctor import Diagnosis

FOUND, UNTOLD = 3, 4
"""Exit codes: something is wrong; nothing is but what cannot be told. 1 and 2 are for errors and wrong calls."""

_TOOLS = ["pip", "uv", "poetry", "pdm", "twine", "hatch", "netrc"]

_format = click.option(
    "--format", "output", type=click.Choice(["text", "json"]), default="text", help="How to say it.  [default: text]"
)


@click.command("doctor", short_help="Find what makes installs wrong or fail, and how to mend it.")
@common_options
@click.option("--fix", is_flag=True, help="Mend what is safe to mend: permissions, and tokens that are surely stale.")
@click.option("--offline", is_flag=True, help="Ask nobody: look at files, variables and programs only.")
@click.option(
    "--ask-public", is_flag=True, help="Also ask PyPI whether it has projects of your names; it gets to know them."
)
@click.option(
    "--tool", "tools", type=click.Choice(_TOOLS), multiple=True, help="Look at this tool only. Can be repeated."
)
@_format
def doctor(*, fix: bool, offline: bool, ask_public: bool, tools: tuple[str, ...], output: str) -> None:
    """Find what makes installs wrong or fail, and how to mend it.

    That is every second index, stale tokens, secrets that others can read, locks with files from elsewhere, names that
    nothing reserves, the wrong identity, clocks, certificates and missing programs.

    The project's files are looked at, those of the user and of the machine, the variables and the programs on PATH;
    then the repository is asked, with whatever tokens are found for it. Each finding says where it is, what happens
    because of it, and what to do.

    With --fix, files with secrets are taken away from others, and tokens that the repository refuses are taken out; a
    copy of each changed file stays beside it. Nothing else is changed.

    Names that are yours are not asked for at PyPI, since the question would tell them: without --ask-public, those that
    no package group reserves are reported.

    The exit code is 0 when there are no more than notes, and 3 when something was found.
    """
    from dataclasses import replace

    from inhouse.process import SubprocessRunner
    from inhouse.tools.locations import Tool
    from inhouse.workflow.doctor import diagnose
    from inhouse.workflow.mending import mend
    from inhouse.workflow.world import World

    if offline and ask_public:
        raise click.UsageError("--offline and --ask-public contradict each other")
    settings = current_settings()
    # Whether a token can be had is asked without the one that may be exported; that one is looked at by itself.
    world = World(
        settings,
        SubprocessRunner(trace=(lambda command: say(f"+ {command}")) if settings.verbose else None),
        None if offline else connection(replace(settings, token=None)),
        _public((settings.connect_timeout, settings.read_timeout)) if ask_public else None,
        _given(),
    )
    root, chosen = _root(), tuple(Tool(tool) for tool in tools)
    found = diagnose(root, world, chosen)
    fixed: tuple[str, ...] = ()
    if fix:
        fixed = mend(found.findings, world.machine.home)
        found = diagnose(root, world, chosen) if fixed else found
    click.echo(_document(found, fixed) if output == "json" else _text(found, fixed))
    if found.is_ill:
        sys.exit(FOUND)


@click.command("check-config", short_help="Refuse a second index, and names that nothing reserves.")
@common_options
@click.option("--offline", is_flag=True, help="Ask no repository: names are not looked at.")
@click.option(
    "--unknown",
    type=click.Choice(["error", "warning"]),
    help="What it is when the repository hides what decides.  [default: error in a pipeline, else warning]",
)
@_format
def check_config(*, offline: bool, unknown: str | None, output: str) -> None:
    """Refuse what lets a stranger's package into the project.

    That is a second index in pyproject.toml, uv.toml, poetry.toml, pdm.toml, a pip.conf, files of requirements, and in
    a pipeline also in the variables; a lock with files from elsewhere; and a name of yours that no package group
    reserves: the project's own, and every name it depends on, locked ones included, that is published in the domain or
    that nobody offers.

    An exception needs a reason, in [[tool.inhouse.exceptions]] of pyproject.toml: finding, place, reason.

    The exit code is 0 when nothing is wrong, 3 when something is, and 4 when all that is wrong is that the repository
    hides what decides.
    """
    from inhouse.workflow.check_config import check_config as check

    settings = current_settings()
    root = _root()
    if root is None:
        from inhouse.errors import NotAProjectError

        raise NotAProjectError(_start())
    fails_unknown = settings.in_pipeline if unknown is None else unknown == "error"
    checked = check(root, settings, None if offline else connection(settings), fails_unknown=fails_unknown)
    if output == "json":
        click.echo(_checked_document(checked))
    else:
        _say_checked(checked)
    if checked.is_refused:
        sys.exit(UNTOLD if checked.is_untold else FOUND)


def _start() -> "Path":
    from pathlib import Path

    from inhouse.cli.options import Flags

    return Path(click.get_current_context().ensure_object(Flags).project).resolve()


def _root() -> "Path | None":
    from inhouse.errors import NotAProjectError
    from inhouse.workflow.context import find_project

    try:
        return find_project(_start()).root
    except NotAProjectError:
        return None


def _given() -> frozenset[str]:
    from inhouse.cli.options import Flags

    return frozenset(click.get_current_context().ensure_object(Flags).values)


def _public(timeout: tuple[float, float]) -> "Callable[[str], bool | None]":
    from pypi_simple import PYPI_SIMPLE_ENDPOINT

    from inhouse.codeartifact.probing import is_on_index

    return lambda name: is_on_index(PYPI_SIMPLE_ENDPOINT, name, timeout)


def _text(found: "Diagnosis", fixed: tuple[str, ...]) -> str:
    from inhouse.diagnosis.words import as_text, counted

    blocks = [as_text(found.findings)] if found.findings else []
    if fixed:
        blocks.append("\n".join(f"fixed: {line}" for line in fixed))
    blocks.append("\n".join([*_about(found), counted(found.findings)]))
    return "\n\n".join(blocks)


def _about(found: "Diagnosis") -> list[str]:
    if found.coordinates is None:
        return ["repository  none: no project with [tool.inhouse] is at hand"]
    coordinates = found.coordinates
    lines = [f"repository  {coordinates.repository} in {coordinates.domain}-{coordinates.owner}, {found.endpoint}"]
    if found.identity is not None:
        lines.append(f"you         {found.identity.arn}")
    lines.append(f"names       {found.names} looked at" if found.is_asked else "names       not looked at: --offline")
    return lines


def _document(found: "Diagnosis", fixed: tuple[str, ...]) -> str:
    from dataclasses import asdict

    from inhouse.diagnosis.document import as_documents, counts

    document = {
        "repository": None if found.coordinates is None else {**asdict(found.coordinates), "endpoint": found.endpoint},
        "identity": None if found.identity is None else found.identity.arn,
        "is_asked": found.is_asked,
        "names": found.names,
        "counts": counts(found.findings),
        "findings": as_documents(found.findings),
        "fixed": list(fixed),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _say_checked(checked: "Checked") -> None:
    from inhouse.diagnosis.words import as_text, counted

    everything = (*checked.findings, *checked.let_pass)
    if everything:
        click.echo(as_text(everything) + "\n")
    names = "names not looked at: --offline" if checked.names is None else f"{checked.names} names looked at"
    click.echo(f"{counted(everything)}; {names}")


def _checked_document(checked: "Checked") -> str:
    from inhouse.diagnosis.document import as_documents, counts

    everything = (*checked.findings, *checked.let_pass)
    document = {
        "is_refused": checked.is_refused,
        "names": checked.names,
        "counts": counts(everything),
        "findings": as_documents(everything),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
