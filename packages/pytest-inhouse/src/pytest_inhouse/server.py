"""Runs the embedded repository as a process for the length of a test run."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pytest_inhouse import keeper
from pytest_inhouse.errors import ServerDidNotStartError, UsageError

Compatibility = Literal["aws", "superset"]

START_SECONDS: Final = 60.0
"""How long a start may take. Some seconds are usual on a busy machine that has not compiled the modules yet."""

_STOP_SECONDS: Final = 15.0
_PYPI: Final = "pypi"


@dataclass(frozen=True, slots=True)
class AccessKey:
    """Who asks: the key of a user of the repository."""

    id: str
    secret: str


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A repository that is running.

    Attributes:
        url: Its address, without a slash at the end.
        environment: The AWS variables with which boto3, the AWS CLI and `inhouse` reach it as `admin`.
        folder: For whatever lives as long as it does; gone when it stops.
        public_folder: The wheels that stand for PyPI; None where the run's options name something else.
    """

    url: str
    environment: Mapping[str, str]
    folder: Path
    public_folder: Path | None

    @property
    def data_dir(self) -> Path:
        """Where it keeps everything."""
        return _data_dir(self.folder)

    @property
    def admin(self) -> AccessKey:
        """The key of the user who may do everything."""
        return AccessKey(self.environment["AWS_ACCESS_KEY_ID"], self.environment["AWS_SECRET_ACCESS_KEY"])

    def add_user(self, name: str, policy: str | None) -> AccessKey:
        """Make a user.

        Args:
            name: Not taken yet.
            policy: The identity policy as JSON; None lets the user do nothing.

        Raises:
            UsageError: The policy is none, or the name is taken.
        """
        options = ["--format", "json", *(() if policy is None else ("--policy", "-"))]
        try:
            said = _command(["user", "add", name, *options], self.data_dir, policy or "")
        except subprocess.CalledProcessError as error:
            raise UsageError(
                f"The user {name} cannot be made: {error.stderr.strip()}",
                hint="A policy is a document as IAM has it, or name the actions alone: user(actions=[…]).",
            ) from error
        variables = json.loads(said)
        return AccessKey(variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"])


@contextmanager
def running(*, compat: Compatibility = "aws", public: str | Path | None = None) -> Iterator[RunningServer]:
    """Run a repository on a free port of this machine while the block lasts; nothing of it is left afterwards.

    Args:
        compat: `aws` does what AWS does and nothing else; `superset` does more where that is safer or faster.
        public: What stands for PyPI: None for a folder that is empty at first, `pypi` for PyPI itself, or the path of
            a folder of wheels or the URL of a simple index.

    Raises:
        ServerDidNotStartError: It ended at once, or was not ready after a minute.
    """
    folder = Path(tempfile.mkdtemp(prefix="codeartifact-")).resolve()
    try:
        public_folder = folder / "public" if public is None else None
        if public_folder is not None:
            public_folder.mkdir()
        ready_file, log = folder / "ready.json", folder / "server.log"
        place = ["--host", "127.0.0.1", "--port", "0", "--ready-file", str(ready_file)]
        options = [*place, *start_options(compat, public_folder or public)]
        with log.open("wb") as output:
            process = _start(folder, _argv(["start", *options], _data_dir(folder)), output.fileno())
        try:
            url = _wait(process, ready_file, log)
            environment: dict[str, str] = json.loads(_command(["env", "--format", "json"], _data_dir(folder)))
            yield RunningServer(url, environment, folder, public_folder)
        finally:
            _stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start_options(compat: Compatibility, public: str | Path | None) -> list[str]:
    """Return the flags that say what a repository does."""
    behind = [] if public == _PYPI else ["--public-pypi", str(public)]
    return ["--compat", compat, "--for-tests", *behind]


def _start(folder: Path, command: Sequence[str], output: int) -> subprocess.Popen[bytes]:
    # A group of its own: Ctrl-C is for pytest, which still has tests to tear down, and then stops the server.
    return subprocess.Popen(
        [sys.executable, "-I", keeper.__file__, str(folder), *command],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=_environment(),
        start_new_session=True,
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    try:
        process.communicate(timeout=_STOP_SECONDS)  # which first closes its standard input
    except subprocess.TimeoutExpired:
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes], ready_file: Path, log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while not ready_file.exists():
        if process.poll() is not None:
            raise ServerDidNotStartError("ended at once", _read(log))
        if time.monotonic() > deadline:
            raise ServerDidNotStartError(f"was not ready after {START_SECONDS:.0f} seconds", _read(log))
        time.sleep(0.01)
    url: str = json.loads(ready_file.read_text(encoding="utf-8"))["url"]
    return url


def _read(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


def _data_dir(folder: Path) -> Path:
    return folder / "data"


def _command(arguments: Sequence[str], data_dir: Path, said: str = "") -> str:
    """Return what one of the server's commands prints."""
    return subprocess.run(
        _argv(arguments, data_dir), env=_environment(), input=said, check=True, capture_output=True, encoding="utf-8"
    ).stdout


def _argv(arguments: Sequence[str], data_dir: Path) -> list[str]:
    # -P: whatever modules lie in the folder that pytest was started in are not the server's.
    return [sys.executable, "-P", "-m", "inhouse_server", *arguments, "--data-dir", str(data_dir)]


def _environment() -> dict[str, str]:
    """Return that of this process without what would set a server up: ours is as the options say."""
    return {name: value for name, value in os.environ.items() if not name.startswith("INHOUSE_")}
