"""Commands that run the project's tests. The exit code is pytest's."""

import sys

import click

from inhouse.cli.options import common_options, current_context

_PASS_ON = {"ignore_unknown_options": True, "allow_interspersed_args": False}
"""What follows belongs to pytest: `inhouse test -k name`."""

_arguments = click.argument("arguments", metavar="[PYTEST ARGUMENTS]...", nargs=-1, type=click.UNPROCESSED)


@click.command("test", context_settings=_PASS_ON, short_help="Install what tests need, then run the unit tests.")
@common_options
@_arguments
def test(arguments: tuple[str, ...]) -> None:
    """Install the project and the group `test` as locked, then run the unit tests in `tests`."""
    from inhouse.workflow.install import install_group
    from inhouse.workflow.tests import run_tests

    context = current_context()
    install_group(context, "test")
    sys.exit(run_tests(context, arguments))


@click.command("test-only", context_settings=_PASS_ON, short_help="Run the unit tests without installing first.")
@common_options
@_arguments
def test_only(arguments: tuple[str, ...]) -> None:
    """Run the unit tests in `tests` with what is installed."""
    from inhouse.workflow.tests import run_tests

    sys.exit(run_tests(current_context(), arguments))


@click.command("cov", context_settings=_PASS_ON, short_help="Like test, and hold the coverage to its gate.")
@common_options
@_arguments
def cov(arguments: tuple[str, ...]) -> None:
    """Install the project and the group `test` as locked, run the unit tests and measure what they reach.

    It fails below the project's own gate, `fail_under` of its coverage configuration, or 95 % if it sets none.
    """
    from inhouse.workflow.install import install_group
    from inhouse.workflow.tests import run_coverage

    context = current_context()
    install_group(context, "test")
    sys.exit(run_coverage(context, arguments))


@click.command("cov-only", context_settings=_PASS_ON, short_help="Like cov, without installing first.")
@common_options
@_arguments
def cov_only(arguments: tuple[str, ...]) -> None:
    """Run the unit tests with what is installed, measure what they reach and hold it to the gate."""
    from inhouse.workflow.tests import run_coverage

    sys.exit(run_coverage(current_context(), arguments))


@click.command("int", context_settings=_PASS_ON, short_help="Test what is published, in a clean environment.")
@common_options
@_arguments
def integration(arguments: tuple[str, ...]) -> None:
    """Install the published wheel of this version from the repository into a clean environment, and test it there.

    The tests are those in `tests_int`, run with what the group `test` brings, out of sight of the source tree.
    """
    from inhouse.workflow.integration import prepare_integration, run_integration

    context = current_context()
    prepare_integration(context)
    sys.exit(run_integration(context, arguments))


@click.command("int-only", context_settings=_PASS_ON, short_help="Like int, without installing first.")
@common_options
@_arguments
def integration_only(arguments: tuple[str, ...]) -> None:
    """Run the tests in `tests_int` in the clean environment that the last `int` has made."""
    from inhouse.workflow.integration import run_integration

    sys.exit(run_integration(current_context(), arguments))
