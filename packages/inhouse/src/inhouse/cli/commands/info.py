"""The command that shows what there is to know about a project."""

import json
from typing import TYPE_CHECKING

import click

from inhouse.cli.options import common_options, current_context, say

if TYPE_CHECKING:
    from inhouse.workflow.info import Fact, Info


@click.command("info", short_help="Show name, version, branch, repository, paths and links.")
@common_options
@click.option("--online", is_flag=True, help="Also ask the repository who you are and where it is.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; what is unknown is null.")
def info(*, online: bool, as_json: bool) -> None:
    """Show what there is to know about the project. Nobody is asked but git, unless you say --online.

    Whatever is wrong with the project's one index is said on standard error; the exit code is 0 all the same.
    """
    from inhouse.workflow.info import gather_info

    gathered = gather_info(current_context(), online=online)
    click.echo(as_object(gathered) if as_json else as_text(gathered))
    if gathered.trouble is not None:
        say(f"warning: {gathered.trouble.message}\nhint: {gathered.trouble.hint}")


def as_text(info: "Info") -> str:
    """Render facts for a person: a line each, by section."""
    labels = [label for facts in info.sections.values() for label in facts]
    width = max(map(len, labels))
    blocks = []
    for title, facts in info.sections.items():
        lines = [f"  {label:<{width}}  {_shown(fact)}" for label, fact in facts.items()]
        blocks.append("\n".join([title, *lines]))
    return "\n\n".join(blocks)


def as_object(info: "Info") -> str:
    """Render facts for a program: JSON, section to label to value."""
    sections = {title: {label: fact.value for label, fact in facts.items()} for title, facts in info.sections.items()}
    return json.dumps(sections, indent=2, ensure_ascii=False)


def _shown(fact: "Fact") -> str:
    if fact.value is None:
        return f"unknown: {fact.why}"
    value = fact.value if isinstance(fact.value, str) else ", ".join(fact.value) or "none"
    return f"{value} ({fact.note})" if fact.note else value
