"""The process between the tests and the server, with any program in the server's place."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_inhouse import keeper

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


def start(folder: Path, command: list[str], patience: float = 10.0) -> subprocess.Popen[str]:
    code = f"from pytest_inhouse import keeper; keeper._PATIENCE_SECONDS = {patience}"
    run = f"import sys, pathlib; {code}; sys.exit(keeper.keep(pathlib.Path(sys.argv[1]), sys.argv[2:]))"
    return subprocess.Popen(
        [sys.executable, "-c", run, str(folder), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("command", "patience"), [(SLEEPER, 10.0), (STUBBORN, 0.1)])
def test_the_end_of_input_ends_the_program_and_removes_the_folder(
    tmp_path: Path, command: list[str], patience: float
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    kept = start(folder, command, patience)
    assert kept.stdout is not None
    assert kept.stdin is not None
    assert kept.stdout.readline() == "up\n"
    kept.communicate()
    assert kept.returncode != 0
    assert not folder.exists()


def test_so_does_a_signal(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    kept = start(folder, SLEEPER)
    assert kept.stdout is not None
    assert kept.stdin is not None
    assert kept.stdout.readline() == "up\n"
    kept.send_signal(signal.SIGTERM)
    assert kept.wait(10) != 0
    assert not folder.exists()
    kept.stdin.close()
    kept.stdout.close()


def test_the_folder_of_a_program_that_failed_is_left(tmp_path: Path) -> None:
    command = [sys.executable, "-I", keeper.__file__, str(tmp_path), sys.executable, "-c", "raise SystemExit(3)"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as kept:
        assert kept.wait(10) == 3
    assert tmp_path.exists()
