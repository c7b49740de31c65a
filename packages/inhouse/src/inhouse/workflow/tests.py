"""Runs the project's unit tests, with and without the coverage gate."""

from collections.abc import Sequence
from typing import Final

from inhouse.errors import CoverageTooLowError, PartMissingError
from inhouse.workflow.context import Context
from inhouse.workflow.environment import ensure_modules

GATE: Final = 95
"""The least coverage, in percent, of a project that does not set its own `fail_under`."""

_BELOW_GATE: Final = 2
"""The exit code of `coverage report` below the gate. Source: coverage's documentation of the command."""


def run_tests(context: Context, arguments: Sequence[str] = ()) -> int:
    """Run the unit tests; return pytest's exit code.

    Args:
        context: The project.
        arguments: Further arguments for pytest.

    Raises:
        PartMissingError: There are no tests.
        ProjectError: The environment is missing or incomplete.
    """
    _check(context, ("pytest",))
    context.say(f"running the unit tests of {context.manifest.name}")
    return context.python().run("pytest", _arguments(context, arguments), context.layout.root)


def run_coverage(context: Context, arguments: Sequence[str] = ()) -> int:
    """Run the unit tests, then measure what they reach; return pytest's exit code, or that of coverage.

    The gate is the project's own `fail_under`, from its coverage configuration; a project without one is held to 95 %.

    Args:
        context: The project.
        arguments: Further arguments for pytest.

    Raises:
        CoverageTooLowError: The tests pass and coverage is below the gate.
        PartMissingError: There are no tests.
        ProjectError: The environment is missing or incomplete.
    """
    _check(context, ("pytest", "coverage"))
    root, python = context.layout.root, context.python()
    context.say(f"running the unit tests of {context.manifest.name} under coverage")
    python.run("coverage", ["erase"], root)
    exit_code = python.run("coverage", ["run", "-m", "pytest", *_arguments(context, arguments)], root)
    if exit_code != 0:
        return exit_code
    if any(root.glob(".coverage.*")):  # there are several data files when the project measures in parallel
        exit_code = python.run("coverage", ["combine", "--quiet"], root)
        if exit_code != 0:
            return exit_code
    exit_code = python.run("coverage", ["report", *_gate(context)], root)
    if exit_code == _BELOW_GATE:
        raise CoverageTooLowError
    return exit_code


def _arguments(context: Context, arguments: Sequence[str]) -> list[str]:
    # Integration tests are for what is installed; pytest would find them too in a project that sets no `testpaths`.
    return [f"--ignore={context.layout.integration_tests.name}", *arguments]


def _gate(context: Context) -> list[str]:
    if context.manifest.coverage_gate is not None or context.layout.coverage_configuration.exists():
        return []
    context.say(f"the project sets no `fail_under`, so it is held to {GATE} %")
    return [f"--fail-under={GATE}"]


def _check(context: Context, modules: tuple[str, ...]) -> None:
    if not context.layout.tests.is_dir():
        raise PartMissingError("tests", context.layout.tests)
    ensure_modules(context, modules, "test")
