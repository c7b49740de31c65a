"""The audit log: who changed what, and with which outcome, as JSON lines by UTC day.

Lines are only ever appended. No secret, token, signature or content of a request is among what can be written.
"""

import json
import logging
import os
import threading
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path

from inhouse_server.model import Clock, Principal

SUCCESS = "Success"
"""The outcome of a request that did what it asked for."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line.

    Attributes:
        request_id: As the caller got it, in `x-amzn-RequestId`.
        principal: The ARN of who asked.
        action: For example `codeartifact:CreateDomain`.
        resource: An ARN; None where the request did not say which in a way that could be read.
        outcome: `Success`, or the name of the error that was answered.
    """

    request_id: str
    principal: str
    action: str
    resource: str | None
    outcome: str


class AuditLog:
    """Appends entries to `<folder>/<YYYY-MM-DD>.jsonl`.

    Args:
        folder: Made where it is missing.
        clock: Gives the time now, which is written with each entry.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._lock = threading.Lock()
        folder.mkdir(mode=0o700, exist_ok=True)

    def record(self, entry: Entry) -> None:
        """Append an entry.

        What it tells of has happened already, so that a full disk is reported in the server's log and nowhere else.
        """
        now = self._clock().astimezone(UTC)
        line = json.dumps({"time": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"), **asdict(entry)})
        path = self._folder / f"{now:%Y-%m-%d}.jsonl"
        try:
            # One write of a whole line to a file opened for appending: lines of several threads do not mix.
            with self._lock:
                descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                try:
                    os.write(descriptor, f"{line}\n".encode())
                finally:
                    os.close(descriptor)
        except OSError:
            _LOG.exception("the audit log cannot be written; the entry is %s", line)

    def record_upload(self, request_id: str, principal: Principal, package_arn: str, outcome: str = SUCCESS) -> None:
        """Append an entry for an upload to the data plane.

        Args:
            request_id: As the caller got it.
            principal: Who uploaded.
            package_arn: What was uploaded to.
            outcome: `Success`, or the name of the error that was answered.
        """
        self.record(Entry(request_id, principal.arn, "codeartifact:PublishPackageVersion", package_arn, outcome))
