import json
import logging
import stat
import threading
from pathlib import Path

import pytest
from fake_clock import FakeClock

from inhouse_server.audit import AuditLog, Entry
from inhouse_server.model import Principal

ADMIN = Principal("111122223333", "arn:aws:iam::111122223333:user/admin", "AIDAMADEUPMADEUPMADEU")


def entry(number: int = 1) -> Entry:
    return Entry(f"request-{number}", ADMIN.arn, "codeartifact:CreateDomain", None, "Success")


def test_entries_are_lines_by_day(tmp_path: Path, clock: FakeClock) -> None:
    log = AuditLog(tmp_path / "audit", clock)
    log.record(entry(1))
    clock.advance(hours=11, minutes=59)
    log.record(entry(2))
    clock.advance(minutes=1)
    log.record_upload("request-3", ADMIN, "arn:aws:codeartifact:us-east-1:111122223333:package/dd/lib/pypi//acme")
    files = {file.name: file.read_text().splitlines() for file in (tmp_path / "audit").iterdir()}
    assert {name: len(lines) for name, lines in files.items()} == {"2026-03-01.jsonl": 2, "2026-03-02.jsonl": 1}
    assert json.loads(files["2026-03-01.jsonl"][0]) == {
        "time": "2026-03-01T12:00:00.123Z",
        "request_id": "request-1",
        "principal": ADMIN.arn,
        "action": "codeartifact:CreateDomain",
        "resource": None,
        "outcome": "Success",
    }
    uploaded = json.loads(files["2026-03-02.jsonl"][0])
    assert (uploaded["action"], uploaded["outcome"]) == ("codeartifact:PublishPackageVersion", "Success")


def test_only_the_owner_can_read_it(tmp_path: Path, clock: FakeClock) -> None:
    AuditLog(tmp_path / "audit", clock).record(entry())
    (file,) = (tmp_path / "audit").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_what_was_written_stays(tmp_path: Path, clock: FakeClock) -> None:
    for _ in range(2):
        AuditLog(tmp_path / "audit", clock).record(entry())
    (file,) = (tmp_path / "audit").iterdir()
    assert len(file.read_text().splitlines()) == 2


def test_lines_of_several_threads_do_not_mix(tmp_path: Path, clock: FakeClock) -> None:
    log = AuditLog(tmp_path / "audit", clock)

    def write(first: int) -> None:
        for number in range(first, first + 50):
            log.record(entry(number))

    threads = [threading.Thread(target=write, args=(100 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (file,) = (tmp_path / "audit").iterdir()
    ids = {json.loads(line)["request_id"] for line in file.read_text().splitlines()}
    assert len(ids) == 200


def test_a_log_that_cannot_be_written_is_told_to_the_operator(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    log = AuditLog(tmp_path / "audit", clock)
    (tmp_path / "audit" / "2026-03-01.jsonl").mkdir()
    with caplog.at_level(logging.ERROR):
        log.record(entry())
    assert "cannot be written" in caplog.text
    assert "request-1" in caplog.text
