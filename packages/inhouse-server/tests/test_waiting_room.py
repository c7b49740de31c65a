import threading
from collections.abc import Callable

import pytest

from inhouse_server.errors import RemoteUnavailableError
from inhouse_server.waiting_room import WaitingRoom, waiting


def start(function: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=function)
    thread.start()
    return thread


def test_who_waits_gives_the_place_up() -> None:
    room = WaitingRoom(working=1, waiting=1)
    waits, answered, seen = threading.Event(), threading.Event(), []

    def wait() -> None:
        with waiting():
            waits.set()
            answered.wait(10)
        seen.append("waited")

    thread = start(lambda: room.work(wait))
    assert waits.wait(10)
    room.work(lambda: seen.append("worked"))
    answered.set()
    thread.join()
    assert seen == ["worked", "waited"]
    assert room.work(lambda: "free again") == "free again"


def test_only_so_many_wait() -> None:
    room = WaitingRoom(working=2, waiting=1)
    waits, answered = threading.Event(), threading.Event()

    def wait() -> None:
        with waiting():
            waits.set()
            answered.wait(10)

    thread = start(lambda: room.work(wait))
    assert waits.wait(10)
    with pytest.raises(RemoteUnavailableError, match="Too many") as caught:
        room.work(wait)
    assert caught.value.hint
    answered.set()
    thread.join()
    room.work(wait)


def test_who_waits_already_does_not_step_in_twice() -> None:
    room = WaitingRoom(working=1, waiting=1)

    def wait_while_waiting() -> str:
        with waiting(), waiting():
            return "waited"

    assert room.work(wait_while_waiting) == "waited"


def test_what_goes_wrong_while_waiting_leaves_the_places_as_they_were() -> None:
    room = WaitingRoom(working=1, waiting=1)

    def fail() -> None:
        with waiting():
            raise RuntimeError("made up")

    for _ in range(2):
        with pytest.raises(RuntimeError, match="made up"):
            room.work(fail)


def test_outside_of_any_place_nothing_happens() -> None:
    with waiting():
        pass
