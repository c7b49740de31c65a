"""Makes the reference of commands from their own help; `make reference` writes it to the documentation."""

from collections.abc import Iterator

import click

from inhouse.cli import inhouse

_HEAD = """\
# Commands

Made from the commands' own help by `make reference`.
"""


def reference() -> str:
    """Return the page."""
    sections = [
        f"## {path}\n\n```text\n{text}```\n"
        for path, text in _helps(inhouse, click.Context(inhouse, info_name="inhouse"))
    ]
    return "\n".join([_HEAD, *sections])


def _helps(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    context.max_content_width = context.terminal_width = 100
    yield context.command_path, command.get_help(context) + "\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from _helps(child, click.Context(child, parent=context, info_name=name))


if __name__ == "__main__":
    click.echo(reference(), nl=False)
