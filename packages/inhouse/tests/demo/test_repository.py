"""A repository that does not start says so, and why."""

import signal
import sys
from pathlib import Path

import pytest

from inhouse.demo import repository
from inhouse.demo.repository import NotStartedError, start


def program(folder: Path, source: str) -> str:
    """Make a program that stands for Python with inhouse."""
    path = folder / "program"
    path.write_text(f"#!{sys.executable}\nimport sys\n{source}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_its_last_lines_and_its_own_hint_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    says = "print(*range(20), sep='\\n'); print('error: the port is taken\\n\\nhint: choose another'); sys.exit(1)"
    monkeypatch.setattr(sys, "executable", program(tmp_path, says))
    with pytest.raises(NotStartedError) as caught:
        start(tmp_path / "repository", {})
    first, *lines = caught.value.message.splitlines()
    assert first == "the repository did not start: exit code 1"
    assert lines == [*(f"  {n}" for n in range(11, 20)), "  error: the port is taken"]
    assert caught.value.hint == "choose another"


def test_without_a_hint_of_its_own_the_log_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", program(tmp_path, "sys.exit(3)"))
    with pytest.raises(NotStartedError) as caught:
        start(tmp_path / "repository", {})
    assert caught.value.message == "the repository did not start: exit code 3"
    assert str(tmp_path / "repository" / "server.log") in caught.value.hint


def test_one_that_is_not_ready_in_time_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "_START_SECONDS", 0.2)
    monkeypatch.setattr(sys, "executable", program(tmp_path, "import time; print('busy', flush=True); time.sleep(60)"))
    with pytest.raises(NotStartedError, match="it was not ready after 0 seconds"):
        start(tmp_path / "repository", {})


READY = """\
import json, os, time
folder = sys.argv[sys.argv.index("--ready-file") + 1]
with open(folder + ".part", "w") as file:
    file.write(json.dumps({"url": "http://127.0.0.1:1"}))
os.replace(folder + ".part", folder)
"""


@pytest.mark.parametrize("stubborn", [False, True])
def test_one_that_is_ready_can_be_stopped_even_if_it_does_not_listen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, stubborn: bool
) -> None:
    monkeypatch.setattr(repository, "_STOP_SECONDS", 0.2 if stubborn else 15.0)
    ignore = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" if stubborn else ""
    monkeypatch.setattr(sys, "executable", program(tmp_path, f"import signal\n{ignore}{READY}time.sleep(60)"))
    running = start(tmp_path / "repository", {}, ["--public-pypi", "wheels"])
    assert running.url == "http://127.0.0.1:1"
    assert running.data_dir == tmp_path / "repository" / "data"
    running.stop()
    assert running.process.returncode == (-signal.SIGKILL if stubborn else -signal.SIGTERM)
