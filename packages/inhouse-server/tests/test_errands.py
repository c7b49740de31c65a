import threading
from concurrent.futures import wait

import pytest

from inhouse_server import errands
from inhouse_server.errands import Errands


def test_work_is_done_and_errors_are_told_to_whoever_looks() -> None:
    done: list[int] = []
    runner = Errands(threads=2)

    def fail() -> None:
        raise OSError("no way")

    good, bad = runner.submit(lambda: done.append(1)), runner.submit(fail)
    wait([good, bad], timeout=10)
    assert done == [1]
    with pytest.raises(OSError, match="no way"):
        bad.result()
    last = runner.submit(lambda: done.append(2))
    wait([last], timeout=10)
    assert done == [1, 2], "one that fails ends no thread"


def test_more_than_can_wait_is_not_taken_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errands, "_WAITING", 1)
    gate, started = threading.Event(), threading.Event()
    runner = Errands(threads=1)

    def block() -> None:
        started.set()
        gate.wait(10)

    first = runner.submit(block)
    assert started.wait(10)
    second = runner.submit(lambda: None)
    third = runner.submit(lambda: None)
    assert third.cancelled()
    assert wait([third], timeout=10).done == {third}, "nobody waits for what is not done"
    gate.set()
    wait([first, second], timeout=10)
    assert second.done()
    assert not second.cancelled()
