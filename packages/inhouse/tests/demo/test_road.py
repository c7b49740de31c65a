from collections.abc import Callable

import pytest

from inhouse.demo.report import Outcome
from inhouse.demo.road import Step, StepFailedError, walk


def recorded(done: list[str]) -> Callable[[str], Step]:
    return lambda name: Step(name, f"{name} works", lambda: done.append(name))


def test_steps_run_in_order_and_are_timed() -> None:
    done: list[str] = []
    times = iter([0.0, 1.5, 1.5, 4.0])
    begun: list[tuple[int, str]] = []
    ended: list[Outcome] = []
    outcomes, error = walk(
        [recorded(done)("one"), recorded(done)("two")],
        begins=lambda number, step: begun.append((number, step.name)),
        ends=ended.append,
        clock=lambda: next(times),
    )
    assert error is None
    assert done == ["one", "two"]
    assert begun == [(1, "one"), (2, "two")]
    assert ended == outcomes == [Outcome("one", "one works", 1.5), Outcome("two", "two works", 2.5)]


def test_the_first_failure_ends_the_road() -> None:
    done: list[str] = []

    def fail() -> None:
        raise StepFailedError("not so")

    steps = [Step("one", "nothing", fail), recorded(done)("two")]
    outcomes, error = walk(steps, begins=lambda _number, _step: None, ends=lambda _outcome: None)
    assert done == []
    assert [outcome.failure for outcome in outcomes] == ["not so"]
    assert error is not None
    assert "--keep" in error.hint


def test_a_mistake_of_ours_is_not_taken_for_a_failed_step() -> None:
    def blunder() -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        walk([Step("one", "nothing", blunder)], begins=lambda _number, _step: None, ends=lambda _outcome: None)
