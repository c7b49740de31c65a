"""The one runner of other programs: argv lists in, what they said out.

Nothing else in inhouse starts a process. A program gets exactly the folder and the environment it is handed, and no
input. It is silent while all goes well, unless a person watches (`stream=True`); when it fails, all it said is in the
error. Secrets that are handed in are masked in whatever is shown. A program that a person runs through us, and not we,
gets our own place instead (`become`).
"""

import os
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, TextIO

from inhouse.errors import ProgramFailedError, ProgramMissingError

MASK = "****"

_PATIENCE = 3.0
"""Seconds that an interrupted program has to end by itself before it is terminated, and again before it is killed."""


@dataclass(frozen=True)
class Completed:
    """A program that has ended.

    Attributes:
        argv: The command, secrets masked.
        exit_code: 0 unless the caller asked for `check=False`; negative is the number of a signal (POSIX).
        stdout: What it wrote there, secrets masked; empty when it was streamed and there were no secrets to mask, since
            it then went straight to the terminal.
        stderr: Likewise.
    """

    argv: tuple[str, ...]
    exit_code: int
    stdout: str = ""
    stderr: str = ""


class Runner(Protocol):
    """Runs other programs; handed to whatever needs one, so that tests can hand in another."""

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        secrets: Collection[str] = (),
        stream: bool = False,
        check: bool = True,
        missing_hint: str = "",
    ) -> Completed:
        """Run a program to its end.

        Args:
            argv: The program and its arguments. A name without a folder is looked up on the `PATH` of `env`.
            cwd: The folder to run it in.
            env: Its whole environment; nothing is inherited.
            secrets: What must never be shown: masked in streamed and captured output, in the command and in errors.
            stream: Show its output while it runs, for a person to watch, instead of capturing it.
            check: Raise when it fails; else the caller looks at `exit_code`.
            missing_hint: How to get the program if it is not there.

        Raises:
            ProgramMissingError: There is no such program.
            ProgramFailedError: It failed, and `check` is true.
        """
        ...


class SubprocessRunner:
    """Runs programs for real.

    Args:
        stdout: Where the standard output of a streamed program goes; None is the caller's own standard output.
        stderr: Likewise for its standard error.
        trace: Told of every command before it is run, fit to be copied into a shell, secrets masked.
    """

    def __init__(
        self,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
        trace: Callable[[str], None] | None = None,
    ) -> None:
        self._stdout = stdout
        self._stderr = stderr
        self._trace = trace

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        secrets: Collection[str] = (),
        stream: bool = False,
        check: bool = True,
        missing_hint: str = "",
    ) -> Completed:
        """Run a program to its end; see `Runner.run`."""
        hidden = tuple(sorted((secret for secret in secrets if secret), key=len, reverse=True))
        shown = tuple(masked(argument, hidden) for argument in argv)
        command = [_find(argv[0], env, missing_hint), *argv[1:]]
        if self._trace is not None:
            self._trace(shlex.join(shown))
        # Output that needs no masking goes straight to the terminal, so that colours and progress bars survive.
        inherited = stream and not hidden and self._stdout is None and self._stderr is None
        try:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=None if inherited else subprocess.PIPE,
                stderr=None if inherited else subprocess.PIPE,
                encoding=None if inherited else "utf-8",
                errors=None if inherited else "replace",
            )
        except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
            if not cwd.is_dir():
                raise  # a folder of ours that is not there is our mistake, not a missing program
            raise ProgramMissingError(argv[0], hint=missing_hint) from error
        with process:
            try:
                stdout, stderr = self._output(process, hidden, stream=stream and not inherited)
            except BaseException:
                # An interrupt in the terminal reaches the program too: give it time to tidy up, then insist.
                _end(process)
                raise
        completed = Completed(shown, process.returncode, masked(stdout, hidden), masked(stderr, hidden))
        if check and completed.exit_code != 0:
            said = "\n".join(part.rstrip() for part in (completed.stdout, completed.stderr) if part.strip())
            raise ProgramFailedError(shown, completed.exit_code, said, seen=stream)
        return completed

    def _output(self, process: subprocess.Popen[str], secrets: Sequence[str], *, stream: bool) -> tuple[str, str]:
        if not stream:
            said, complained = process.communicate()
            return said or "", complained or ""
        stdout: list[str] = []
        stderr: list[str] = []
        pumps = [
            threading.Thread(target=_pump, args=(source, target, secrets, seen), daemon=True)
            for source, target, seen in (
                (process.stdout, self._stdout or sys.stdout, stdout),
                (process.stderr, self._stderr or sys.stderr, stderr),
            )
        ]
        for pump in pumps:
            pump.start()
        process.wait()
        for pump in pumps:
            pump.join()
        return "".join(stdout), "".join(stderr)


def become(argv: Sequence[str], env: Mapping[str, str], *, windows: bool = sys.platform == "win32") -> int:
    """Run a program in our own place: same terminal, same input, and its exit code is ours.

    On POSIX this process becomes the program, so that signals reach it, and nobody waits between it and its caller. On
    Windows, where a process cannot become another one, we wait, and leave Ctrl-C to the program.

    Args:
        argv: The program and its arguments. A name without a folder is looked up on the `PATH` of `env`.
        env: Its whole environment.
        windows: Whether to wait.

    Returns:
        On Windows, the exit code; elsewhere it does not return.

    Raises:
        ProgramMissingError: There is no such program.
    """
    command = [_find(argv[0], env, ""), *argv[1:]]
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    try:
        if not windows:
            os.execve(command[0], command, dict(env))  # noqa: S606 - an argv list, no shell
        with subprocess.Popen(command, env=dict(env)) as process:
            while True:
                with suppress(KeyboardInterrupt):
                    return process.wait()
    except (FileNotFoundError, NotADirectoryError, PermissionError) as error:
        raise ProgramMissingError(argv[0]) from error


def masked(text: str, secrets: Collection[str]) -> str:
    """Return `text` with every one of `secrets` replaced by `****`; empty secrets are none."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, MASK)
    return text


def _pump(source: IO[str], target: TextIO, secrets: Sequence[str], seen: list[str]) -> None:
    # Line by line: a secret is a token without line ends, so it is never cut in two and missed.
    for line in source:
        seen.append(line)
        target.write(masked(line, secrets))
        target.flush()


def _find(program: str, env: Mapping[str, str], hint: str) -> str:
    """Return the program's path; on Windows the system would otherwise search our own PATH, not the child's."""
    if Path(program).name != program:
        return program
    found = shutil.which(program, path=env.get("PATH", ""))
    if found is None:
        raise ProgramMissingError(program, hint=hint)
    return found


def _end(process: subprocess.Popen[str]) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=_PATIENCE)
        return
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=_PATIENCE)
        return
    process.kill()
    process.wait()
