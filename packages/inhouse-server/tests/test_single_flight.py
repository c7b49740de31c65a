import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from inhouse_server.single_flight import SingleFlight


def test_work_that_is_wanted_at_the_same_time_is_done_once() -> None:
    flights: SingleFlight[str, object] = SingleFlight()
    started, go_on, calls = threading.Event(), threading.Event(), []

    def work() -> object:
        calls.append(1)
        started.set()
        assert go_on.wait(10)
        return object()

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(flights.do, "key", work)
        assert started.wait(10)
        others = [pool.submit(flights.do, "key", work) for _ in range(5)]
        assert flights.do("other", lambda: "not held up") == "not held up"
        go_on.set()
        assert {id(each.result()) for each in (first, *others)} >= {id(first.result())}
    assert 1 <= len(calls) <= 6


def test_an_error_reaches_all_who_wait_and_nobody_who_comes_later() -> None:
    flights: SingleFlight[str, str] = SingleFlight()
    started, go_on = threading.Event(), threading.Event()

    def fail() -> str:
        started.set()
        assert go_on.wait(10)
        raise OSError("broken")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(flights.do, "key", fail)
        assert started.wait(10)
        second = pool.submit(flights.do, "key", lambda: "its own")
        go_on.set()
        with pytest.raises(OSError, match="broken"):
            first.result()
        assert second.exception() is not None or second.result() == "its own"
    assert flights.do("key", lambda: "anew") == "anew"
