import subprocess
import sys
import time
from pathlib import Path

import pytest

from inhouse_keyring.locks import Lock


def test_a_lock_is_held_and_given_back(tmp_path: Path) -> None:
    for _ in range(2):
        with Lock(str(tmp_path / "lock"), 1) as held:
            assert held


def test_a_lock_is_given_back_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="inside"), Lock(str(tmp_path / "lock"), 1):
        raise ValueError("inside")
    with Lock(str(tmp_path / "lock"), 0) as held:
        assert held


def test_nobody_waits_for_ever(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    with Lock(path, 0) as first:
        assert first
        began = time.monotonic()
        with Lock(path, 0.1) as second:
            assert not second
        assert 0.1 <= time.monotonic() - began < 5


def test_a_place_where_no_lock_can_be_is_no_obstacle(tmp_path: Path) -> None:
    with Lock(str(tmp_path / "nowhere" / "lock"), 1) as held:
        assert not held


def test_the_lock_of_a_process_that_dies_is_free(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    program = f"import os, sys; from inhouse_keyring.locks import Lock; a = Lock({path!r}, 1); a.__enter__(); "
    with subprocess.Popen(
        [sys.executable, "-c", program + "print(flush=True); sys.stdin.read()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with Lock(path, 0) as held:
            assert not held
        process.kill()
        process.wait()
        with Lock(path, 5) as held:
            assert held
