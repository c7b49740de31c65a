"""Commands that install the project and its dependency groups, exactly as locked."""

import click

from inhouse.cli.options import common_options, current_context, python_option


@click.command("install", short_help="Install the project alone.")
@common_options
@python_option
def install() -> None:
    """Install the project and its dependencies into `.venv`, as locked, and remove what else is there."""
    from inhouse.workflow.install import install as activity

    activity(current_context())


@click.command("install-all", short_help="Install the project and all groups.")
@common_options
@python_option
def install_all() -> None:
    """Install the project and all its dependency groups into `.venv`, as locked, and remove what else is there."""
    from inhouse.workflow.install import install_all as activity

    activity(current_context())


def _install_group(group: str) -> click.Command:
    help_text = f"""Install the project and its dependency group `{group}` into `.venv`, as locked.

    What other groups brought stays there; `install` and `install-all` tidy up.
    """

    @click.command(f"install-{group}", help=help_text, short_help=f"Install the project and the group {group}.")
    @common_options
    @python_option
    def command() -> None:
        from inhouse.workflow.install import install_group

        install_group(current_context(), group)

    return command


install_dev = _install_group("dev")
install_test = _install_group("test")
install_doc = _install_group("doc")
install_automation = _install_group("automation")
