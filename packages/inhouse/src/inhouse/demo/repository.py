"""The embedded repository as a process of the demo: started, asked, stopped."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inhouse.errors import InhouseError

_START_SECONDS = 60.0
_STOP_SECONDS = 15.0
_LAST_LINES = 10


class NotStartedError(InhouseError):
    """The repository's process ended at once, or was not ready in time.

    Args:
        reason: Which of the two.
        said: What it said; the last lines are shown, and its own hint is taken over.
        log: The file where it all stands.
    """

    def __init__(self, reason: str, said: str, log: Path) -> None:
        text, _, hint = said.strip().rpartition("\nhint: ")
        lines = (text if hint and text else said).strip().splitlines()[-_LAST_LINES:]
        super().__init__(
            "\n".join([f"the repository did not start: {reason}", *(f"  {line}" for line in lines)]).rstrip(),
            hint=hint if text else f"with --keep its log stays: {log}",
        )


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
        NotStartedError: It ended at once, or was not ready after 60 seconds.
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
        ended = process.poll()
        if ended is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            said = log.read_text(encoding="utf-8", errors="replace")
            reason = f"it was not ready after {_START_SECONDS:.0f} seconds" if ended is None else f"exit code {ended}"
            raise NotStartedError(reason, said, log)
        time.sleep(0.02)
    url = str(json.loads(ready_file.read_text(encoding="utf-8"))["url"])
    return RunningRepository(url, data_dir, process, log)
