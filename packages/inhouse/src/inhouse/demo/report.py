"""What a person sees of the demo: a line per step while it runs, a table when it is over; pure."""

import shlex
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

_STEP_WIDTH = 46
_TABLE_WIDTH = 118


@dataclass(frozen=True, slots=True)
class Outcome:
    """A step that has been tried.

    Attributes:
        name: What was done.
        proves: What it shows when it goes well.
        seconds: How long it took.
        failure: Why it failed; None when it went well.
    """

    name: str
    proves: str
    seconds: float
    failure: str | None = None


def opening(number: int, total: int, name: str) -> str:
    """Return the beginning of a step's line, without an end of line: the rest comes when the step is over."""
    return f"[{number:>{len(str(total))}}/{total}] {name} ".ljust(_STEP_WIDTH + 8, ".") + " "


def closing(outcome: Outcome) -> str:
    """Return the end of a step's line."""
    return f"{outcome.seconds:5.1f} s" + ("" if outcome.failure is None else "  FAILED")


def failure(message: str, hint: str) -> str:
    """Return what is said of the step that failed."""
    return f"error: {message}" + (f"\n\nhint: {hint}" if hint else "")


def table(outcomes: Sequence[Outcome]) -> str:
    """Return the closing table: step, what it proved, seconds; the last line adds up."""
    step_width = max(len("step"), *(len(outcome.name) for outcome in outcomes)) if outcomes else len("step")
    proves_width = max(40, _TABLE_WIDTH - step_width - 12)
    lines = [f"{'step':<{step_width}}  {'what it proved':<{proves_width}}  seconds"]
    rule = f"{'-' * step_width}  {'-' * proves_width}  -------"
    lines.append(rule)
    for outcome in outcomes:
        text = outcome.proves if outcome.failure is None else "FAILED: see above"
        first, *rest = textwrap.wrap(text, proves_width)
        lines.append(f"{outcome.name:<{step_width}}  {first:<{proves_width}}  {outcome.seconds:7.1f}")
        lines.extend(f"{'':<{step_width}}  {line}" for line in rest)
    done = sum(outcome.failure is None for outcome in outcomes)
    total = sum(outcome.seconds for outcome in outcomes)
    lines += [
        rule,
        f"{'all':<{step_width}}  {f'{done} of {len(outcomes)} steps went well':<{proves_width}}  {total:7.1f}",
    ]
    return "\n".join(lines)


def farewell(program: Sequence[str], root: str, url: str, data_dir: str, pid: int) -> str:
    """Return what a person needs to know to look around in what was kept, and to end it.

    Args:
        program: The running inhouse, as a command: it need not be on PATH.
        root: The stage's folder.
        url: The repository's address.
        data_dir: The repository's data folder.
        pid: The repository's process.
    """
    return "\n".join(
        [
            f"Everything is kept in {root}, and the repository runs at {url}.",
            "",
            "To talk to it with the AWS CLI or boto3:",
            f'  eval "$({shlex.join([*program, "server", "env", "--data-dir", data_dir])})"',
            "To end it:",
            f"  kill {pid}; rm -r {shlex.quote(root)}",
        ]
    )
