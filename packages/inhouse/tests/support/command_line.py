"""The command line in process: its exit code, and what a person would see."""

from collections.abc import Callable

import pytest

from inhouse.cli import main

Run = Callable[..., tuple[int, str, str]]
"""What the fixtures `run` give: arguments in; exit code, standard output and standard error out."""


def run_command(capture: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run `inhouse` with arguments; return its exit code, standard output and standard error.

    Args:
        capture: `capsys`; or `capfd`, where programs that are run write too.
        arguments: As they stand behind `inhouse`.
    """
    try:
        code: object = main(arguments)
    except SystemExit as stop:
        code = stop.code
    assert isinstance(code, int)
    captured = capture.readouterr()
    return code, captured.out, captured.err
