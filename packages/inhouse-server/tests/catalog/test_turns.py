import threading
import time

import pytest

from inhouse_server.catalog.turns import Turns


def test_those_who_wait_are_let_through_in_the_order_they_came() -> None:
    turns, order = Turns(), list[int]()
    threads = []

    def take(number: int) -> None:
        with turns.turn():
            order.append(number)

    with turns.turn():
        for number in range(20):
            threads.append(threading.Thread(target=take, args=[number]))
            threads[-1].start()
            while len(turns._waiting) <= number:
                time.sleep(0.001)
        assert order == []
    for thread in threads:
        thread.join(10)
    assert order == list(range(20))


def test_who_comes_back_waits_behind_those_who_wait() -> None:
    turns, order = Turns(), list[str]()

    def other() -> None:
        with turns.turn():
            order.append("other")

    thread = threading.Thread(target=other)
    with turns.turn():
        thread.start()
        while not turns._waiting:
            time.sleep(0.001)
    with turns.turn():
        order.append("back")
    thread.join(10)
    assert order == ["other", "back"]


def test_a_turn_that_fails_is_handed_on() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="mine"), turns.turn():
        raise ValueError("mine")
    with turns.turn():
        pass
