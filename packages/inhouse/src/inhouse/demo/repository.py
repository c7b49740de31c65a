"""The embedded repository as a process of the demo: started, asked, stopped."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inhouse.errors import RepositoryUnreachableError

_START_SECONDS = 60.0
_STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class RunningRepository:
    """A repository that answers.

    Attributes:
        url: Its address, without a slash at the end.
        data_dir: Where it keeps everything.
        process: To end it by.
        log: What it says.
    """

    url: str
    data_dir: Path
    process: "subprocess.Popen[bytes]"
    log: Path

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(folder: Path, environment: Mapping[str, str], options: Sequence[str] = ()) -> RunningRepository:
    """Start a repository on a free port with its data in `folder`.

    Args:
        folder: Made if need be; holds the data, the log and the ready file.
        environment: The whole environment of its process.
        options: More options of `inhouse server start`.

    Raises:
        RepositoryUnreachableError: It ended at once, or was not ready after 60 seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data_dir, ready_file, log = folder / "data", folder / "ready.json", folder / "server.log"
    argv = [sys.executable, "-m", "inhouse", "server", "start", "--port", "0"]
    argv += ["--data-dir", str(data_dir), "--ready-file", str(ready_file), *options]
    with log.open("wb") as output:
        process = subprocess.Popen(
            argv,
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=os.name == "posix",  # an interrupt in the terminal is for the demo, which then stops it
        )
    deadline = time.monotonic() + _START_SECONDS
    while not ready_file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            said = log.read_text(encoding="utf-8", errors="replace").strip()
            raise RepositoryUnreachableError("127.0.0.1", f"it did not start:\n{said}", hint=f"its log is {log}")
        time.sleep(0.02)
    url = str(json.loads(ready_file.read_text(encoding="utf-8"))["url"])
    return RunningRepository(url, data_dir, process, log)
