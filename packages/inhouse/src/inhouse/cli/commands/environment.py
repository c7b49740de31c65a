"""Commands for the project's environment, its index and its lock."""

import click

from inhouse.cli.options import common_options, current_context, python_option


@click.command("venv-create", short_help="Make the project's own environment, .venv.")
@common_options
@python_option
def venv_create() -> None:
    """Make the project's own environment in `.venv`, with a Python that satisfies its `requires-python`.

    An environment that is there and fits is left as it is. Its folder is printed.
    """
    from inhouse.workflow.environment import create_environment

    click.echo(create_environment(current_context()))


@click.command("venv-remove", short_help="Remove .venv.")
@common_options
def venv_remove() -> None:
    """Remove the project's environment `.venv`. What is no virtual environment is left alone."""
    from inhouse.workflow.environment import remove_environment

    remove_environment(current_context())


@click.command("use-index", short_help="Make the repository the project's one index.")
@common_options
def use_index() -> None:
    """Make the repository of [tool.inhouse] the project's one index, in pyproject.toml.

    The repository is asked for its address. Other indexes are taken out, and named: with two of them, whoever registers
    one of your names in the other can get their code into your project. Public packages come through the repository.
    """
    from inhouse.workflow.index import use_index as activity

    activity(current_context())


@click.command("lock", short_help="Resolve the dependencies and write uv.lock.")
@common_options
@click.option("--upgrade", is_flag=True, help="Take the newest of everything, whatever is locked now.")
def lock(*, upgrade: bool) -> None:
    """Resolve the dependencies of the project and all its groups, and write them to `uv.lock`. Commit that file."""
    from inhouse.workflow.lock import write_lock

    write_lock(current_context(), upgrade=upgrade)
