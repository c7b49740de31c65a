"""The server as a process of its own: signals, a second one, and what is left when it is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import boto3
import pytest
import urllib3

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient

pytestmark = pytest.mark.slow


class Announced(TypedDict):
    """What the ready file says."""

    url: str
    pid: int
    data_dir: str


class Server:
    """One process; its output goes to files."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.ready = folder / "ready.json"
        self.data = folder / "data"
        (folder / "public").mkdir(exist_ok=True)
        program = [sys.executable, "-m", "inhouse_server", "start", "--port", "0", "--data-dir", str(self.data)]
        program += ["--ready-file", str(self.ready), "--public-pypi", str(folder / "public"), *arguments]
        self.process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait(self) -> Announced:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.ready.exists():
                values: Announced = json.loads(self.ready.read_text())
                if values["pid"] == self.process.pid:
                    return values
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.02)
        raise AssertionError("not ready in time")

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path)
    yield started
    started.process.kill()
    started.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_stop_it_cleanly(server: Server, number: signal.Signals) -> None:
    announced = server.wait()
    assert urllib3.request("GET", f"{announced['url']}/healthz", retries=False).status == 200
    code, out, err = server.end(number)
    assert (code, out) == (0, "")
    assert err.startswith(f"inhouse listens on {announced['url']}\n")
    assert "Traceback" not in err
    assert not server.ready.exists()
    assert sorted(entry.name for entry in server.data.iterdir()) == [
        "audit", "blobs", "catalog.sqlite3", "format", "secret.key",
    ]  # fmt: skip


def test_a_signal_before_it_is_ready_stops_it_too(tmp_path: Path) -> None:
    started = Server(tmp_path)
    time.sleep(0.3)
    code, _, err = started.end(signal.SIGTERM)
    assert code in (0, -signal.SIGTERM)
    assert "Traceback" not in err


def test_the_port_is_taken(server: Server, tmp_path: Path) -> None:
    port = server.wait()["url"].rsplit(":", 1)[1]
    (tmp_path / "second").mkdir()
    second = Server(tmp_path / "second", "--port", port)
    out, err = second.process.communicate(timeout=20)
    assert (second.process.returncode, out) == (1, "")
    assert err == (
        f"error: Port {port} of 127.0.0.1 is in use by another program.\n\n"
        f"hint: Choose another port, for example --port {int(port) % 65_535 + 1}; --port 0 picks a free one.\n"
    )


def test_the_folder_is_taken(server: Server, tmp_path: Path) -> None:
    announced = server.wait()
    second = Server(tmp_path)
    out, err = second.process.communicate(timeout=20)
    assert (second.process.returncode, out) == (1, "")
    assert err.startswith(
        f"error: Another server works on the data folder {server.data} (process {announced['pid']}, at "
        f"{announced['url']}).\n\nhint: "
    )
    assert server.ready.exists(), "the second one took nothing away from the first"
    assert urllib3.request("GET", f"{announced['url']}/healthz", retries=False).status == 200


def variables(data: Path) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "inhouse_server", "env", "--format", "json", "--data-dir", str(data)]
    return subprocess.run(program, capture_output=True, text=True, check=False)


def test_what_was_answered_is_there_after_it_was_killed(server: Server, tmp_path: Path) -> None:
    announced = server.wait()
    found = json.loads(variables(server.data).stdout)
    assert found["AWS_ENDPOINT_URL_CODEARTIFACT"] == announced["url"]

    def client(url: str) -> "CodeArtifactClient":
        return boto3.client(
            "codeartifact",
            endpoint_url=url,
            region_name=found["AWS_DEFAULT_REGION"],
            aws_access_key_id=found["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=found["AWS_SECRET_ACCESS_KEY"],
        )

    client(announced["url"]).create_domain(domain="kept")
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.communicate()
    assert server.ready.exists(), "a killed server cleans nothing up"
    stopped = variables(server.data)
    assert (stopped.returncode, stopped.stdout) == (1, "")
    assert "No server works on the data folder" in stopped.stderr

    again = Server(tmp_path)
    try:
        url = again.wait()["url"]
        assert [domain["name"] for domain in client(url).list_domains()["domains"]] == ["kept"]
    finally:
        assert again.end(signal.SIGTERM)[0] == 0


def test_requests_are_logged_when_asked_for(tmp_path: Path) -> None:
    started = Server(tmp_path, "--log-level", "info")
    url = started.wait()["url"]
    urllib3.request("GET", f"{url}/healthz", retries=False)
    _, _, err = started.end(signal.SIGTERM)
    assert '"GET /healthz HTTP/1.1" 200' in err


def test_it_does_not_start_where_it_may_not_write(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    started = Server(tmp_path)
    _, err = started.process.communicate(timeout=20)
    assert started.process.returncode == 1
    assert err.startswith(f"error: The data folder {tmp_path / 'data'} cannot be used: ")
    assert "\n\nhint: " in err
