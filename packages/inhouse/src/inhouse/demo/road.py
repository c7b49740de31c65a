"""Runs the steps of a story one after the other, times them, and stops at the first that fails."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inhouse.demo.report import Outcome
from inhouse.errors import InhouseError


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the road.

    Attributes:
        name: What is done.
        proves: What it shows when it goes well.
        run: Does it; raises when something is not as it must be.
    """

    name: str
    proves: str
    run: Callable[[], None]


class StepFailedError(InhouseError):
    """What a step was to show is not so."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem, hint="run the demo with --keep to look at what is there")


def walk(
    steps: Sequence[Step],
    *,
    begins: Callable[[int, Step], None],
    ends: Callable[[Outcome], None],
    clock: Callable[[], float] = time.monotonic,
) -> tuple[list[Outcome], InhouseError | None]:
    """Run `steps` in order until one fails.

    Args:
        steps: What to do.
        begins: Told before each step: its number from 1, and the step.
        ends: Told after each step how it went.
        clock: Seconds that only grow.

    Returns:
        How the steps went, the failed one last, and the error it failed with.
    """
    outcomes: list[Outcome] = []
    for number, step in enumerate(steps, start=1):
        begins(number, step)
        started = clock()
        error: InhouseError | None = None
        try:
            step.run()
        except InhouseError as caught:
            error = caught
        outcome = Outcome(step.name, step.proves, clock() - started, None if error is None else error.message)
        outcomes.append(outcome)
        ends(outcome)
        if error is not None:
            return outcomes, error
    return outcomes, None
