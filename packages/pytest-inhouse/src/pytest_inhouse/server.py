"""Runs the embedded repository as a process for the length of a test run."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_START_SECONDS = 30.0
_STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class CodeArtifact:
    """A running repository.

    Attributes:
        url: Its address, without a slash at the end.
        environment: The AWS variables with which boto3, the AWS CLI and `inhouse` reach it as `admin`.
        data_dir: Where it keeps everything; gone when the test run ends.
    """

    url: str
    environment: dict[str, str]
    data_dir: Path


class ServerDidNotStartError(Exception):
    """The repository's process ended, or did not get ready in time; carries what it printed."""


@contextmanager
def running(folder: Path) -> Iterator[CodeArtifact]:
    """Start a repository with its data in `folder`, and stop it when the block ends.

    Raises:
        ServerDidNotStartError: It ended at once, or was not ready after 30 seconds.
    """
    data_dir, ready_file, log = folder / "data", folder / "ready.json", folder / "server.log"
    arguments = ["start", "--port", "0", "--data-dir", str(data_dir), "--ready-file", str(ready_file)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "inhouse_server", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = _wait(process, ready_file, log)
        yield CodeArtifact(url, _environment(data_dir), data_dir)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], ready_file: Path, log: Path) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while not ready_file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerDidNotStartError(log.read_text(encoding="utf-8", errors="replace"))
        time.sleep(0.02)
    url: str = json.loads(ready_file.read_text(encoding="utf-8"))["url"]
    return url


def _environment(data_dir: Path) -> dict[str, str]:
    printed = subprocess.run(
        [sys.executable, "-m", "inhouse_server", "env", "--data-dir", str(data_dir), "--format", "json"],
        check=True,
        capture_output=True,
    ).stdout
    environment: dict[str, str] = json.loads(printed)
    return environment
