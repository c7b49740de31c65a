"""`inhouse new`: a library that is a real project from its first minute."""

import sys
from typing import TYPE_CHECKING

import click

from inhouse.cli.options import Flags, common_options, current_settings, say

if TYPE_CHECKING:
    from inhouse.project.answers import Question


@click.command(short_help="Make a new library from the template.")
@common_options
@click.argument("package_name", metavar="NAME", required=False)
@click.option("--description", "package_description", metavar="TEXT", help="What the library is for, in one sentence.")
@click.option("--author", "author_name", metavar="NAME", help="Who answers for it.  [default: what git knows]")
@click.option("--email", "author_email", metavar="ADDRESS", help="Their address.  [default: what git knows]")
@click.option("--licence", metavar="LICENCE", help="Proprietary (the default), MIT, BSD-3-Clause or Apache-2.0.")
@click.option("--first-version", "version", metavar="VERSION", help="The first version.  [default: 0.1.0]")
@click.option("--python", "minimum_python", metavar="X.Y", help="Oldest Python it supports.  [default: 3.11]")
@click.option("--domain", metavar="NAME", help="CodeArtifact domain.")
@click.option("--owner", metavar="ACCOUNT", help="Account that owns the domain.  [default: your own]")
@click.option("--region", metavar="REGION", help="Region of the domain.  [default: what AWS is configured for]")
@click.option("--repository", metavar="NAME", help="CodeArtifact repository.")
@click.option("--index", "index_name", metavar="NAME", help="Name of the one index.  [default: after the domain]")
@click.option(
    "--local-publish",
    "local_publish_reason",
    metavar="REASON",
    help="Open it for releases from a laptop, and say why.  [default: releases come from the pipeline]",
)
@click.option("--offline", is_flag=True, help="Ask no repository: take AWS's standard address, and look at no names.")
@click.option(
    "--git/--no-git",
    "git",
    default=None,
    help="Make it a git repository with a first commit.  [default: unless it lies in one, or git is missing]",
)
@click.option("--yes", is_flag=True, help="Ask nothing: take defaults for what is not given.")
def new(offline: bool, git: bool | None, yes: bool, **given: str | None) -> None:
    """Make a new library NAME from the template, in a folder of its own below the one you are in (or below -C FOLDER).

    What is not given is asked for in a terminal; elsewhere defaults are taken. The folder is complete or not there at
    all; its path is printed.
    """
    from functools import cache
    from importlib.metadata import version
    from pathlib import Path

    from inhouse.codeartifact.repository import CodeArtifactRepository
    from inhouse.codeartifact.session import configured_region
    from inhouse.process import SubprocessRunner
    from inhouse.template import find_template
    from inhouse.workflow.defaults import find_defaults
    from inhouse.workflow.new import check_name_is_free, gather, initialise_git, make_project, named, target_folder

    settings, runner = current_settings(), SubprocessRunner()
    parent = Path(click.get_current_context().ensure_object(Flags).project).absolute()
    ask = _ask if _somebody_is_there() and not yes else None
    answers_given = named({name: value for name, value in given.items() if value is not None}, ask)
    folder = target_folder(answers_given["package_name"], parent)
    defaults = find_defaults(settings, given["domain"] or "", parent, runner, configured_region(settings))
    connect = None if offline else cache(lambda coordinates: CodeArtifactRepository(coordinates, settings))
    answers = gather(answers_given, defaults, ask, connect, inhouse_version=version("inhouse"))
    if connect is not None:
        check_name_is_free(answers, connect, say)

    def prepare(project: Path) -> bool:
        return git is not False and initialise_git(project, answers, runner, settings.environment, evenso=git is True)

    project = make_project(answers, folder, find_template(), prepare)
    say(f"made the library {project.name}" + ("" if project.committed else ", not in a git repository of its own"))
    say(f"next: cd {project.folder}, then `make venv-create lock install-all cov`; `make help` lists the rest")
    click.echo(project.folder)


def _somebody_is_there() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _ask(question: "Question", default: str) -> str:
    from inhouse.project.answers import problem

    def checked(value: str) -> str:
        wrong = problem(question.name, value)
        if wrong:
            raise click.UsageError(wrong)
        return value

    answer: str = click.prompt(question.text, default=default, show_default=bool(default), value_proc=checked, err=True)
    return answer
