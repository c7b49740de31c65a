import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import psutil
import pytest

from pytest_inhouse import ServerDidNotStartError, UsageError, running, server

OPENER = build_opener(ProxyHandler({}))


def is_up(url: str) -> bool:
    try:
        with OPENER.open(f"{url}/healthz") as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_it_is_there_for_this_machine_alone_and_gone_afterwards(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Modules of the tests' own folder do not stand in its way.
    (tmp_path / "click.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INHOUSE_HOST", "0.0.0.0")
    monkeypatch.setenv("INHOUSE_FOR_TESTS", "perhaps")
    with running() as found:
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+", found.url)
        assert is_up(found.url)
        assert found.data_dir.stat().st_mode & 0o077 == 0
        assert found.environment["AWS_ENDPOINT_URL_CODEARTIFACT"] == found.url
        assert found.public_folder is not None
        listening = {tuple(each.laddr) for each in psutil.net_connections() if each.status == psutil.CONN_LISTEN}
        port = int(found.url.rpartition(":")[2])
        assert [address for address in listening if address[1:] == (port,)] == [("127.0.0.1", port)]
    assert not is_up(found.url)
    assert not found.folder.exists()


def test_what_stands_for_pypi(tmp_path: Path) -> None:
    assert server.start_options("aws", "pypi") == ["--compat", "aws", "--for-tests"]
    assert server.start_options("superset", tmp_path)[2:] == ["--for-tests", "--public-pypi", str(tmp_path)]


def test_one_that_cannot_start_says_why() -> None:
    with (
        pytest.raises(ServerDidNotStartError, match=r"(?s)ended at once.*neither an http\(s\) URL nor") as caught,
        running(public="no/such/folder"),
    ):
        pass
    assert "Traceback" not in caught.value.printed


def test_one_that_does_not_get_ready_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "START_SECONDS", 0.0)
    with pytest.raises(ServerDidNotStartError, match="not ready after 0 seconds"), running():
        pass


def test_one_that_does_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_STOP_SECONDS", 0.0)
    with running() as found:
        pass
    assert not is_up(found.url)
    assert not found.folder.exists()


def test_users_that_cannot_be(codeartifact_server: server.RunningServer) -> None:
    with pytest.raises(UsageError, match="cannot be made"):
        codeartifact_server.add_user("wrong", "{}")


HOLDER = """
import sys, time
from pytest_inhouse import running
with running() as found:
    print(found.url, found.folder, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_whatever_ends_the_tests_nothing_is_left(number: signal.Signals) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    url, folder = holder.stdout.readline().split()
    assert is_up(url)
    os.kill(holder.pid, number)
    holder.communicate()
    deadline = time.monotonic() + 20
    while (is_up(url) or Path(folder).exists()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_up(url)
    assert not Path(folder).exists()
