"""Keeps a server for as long as somebody holds this process's standard input open, and cleans up behind it.

A process of its own between the tests and the server: however the tests end, by Ctrl-C, by `kill -9` or by a crash of
the interpreter, the system closes what they hold, and neither the server nor its folder is left.

Run as a file, with the folder to remove and the command of the server; it imports nothing but the standard library.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

_PATIENCE_SECONDS = 10.0


def keep(folder: Path, command: Sequence[str]) -> int:
    """Run the command until it ends, or standard input does; then remove the folder.

    Returns:
        The command's exit code. When it has ended by itself, its folder is left, for whoever wants to know why.
    """
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    told_to_stop = threading.Event()

    def stop(_number: int = 0, _frame: FrameType | None = None) -> None:
        told_to_stop.set()
        process.terminate()

    def wait_for_the_end_of_input() -> None:
        # Not sys.stdin: its lock, held by a thread that waits, keeps the interpreter from ending.
        while os.read(0, 1):
            pass
        stop()
        try:
            process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    threading.Thread(target=wait_for_the_end_of_input, daemon=True).start()
    code = process.wait()
    if told_to_stop.is_set():
        shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(keep(Path(sys.argv[1]), sys.argv[2:]))
