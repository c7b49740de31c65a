import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import urllib3
from click.testing import CliRunner

from inhouse_server.cli import server
from inhouse_server.cli import start as module
from inhouse_server.cli.start import address, is_loopback, listen, run
from inhouse_server.errors import DataFolderInUseError, PortInUseError, SettingError
from inhouse_server.settings import ServerSettings


@pytest.fixture
def public(tmp_path: Path) -> str:
    """A public source without projects, so that no test reaches the network."""
    (tmp_path / "public").mkdir()
    return str(tmp_path / "public")


def then_stop(ready_file: Path, number: signal.Signals, look: Callable[[dict[str, str]], None]) -> threading.Thread:
    """Look at the server of this process when it is ready, then send the process a signal."""

    def wait() -> None:
        deadline = time.monotonic() + 20
        while not ready_file.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        try:
            look(json.loads(ready_file.read_text()))
        finally:
            os.kill(os.getpid(), number)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop(tmp_path: Path, public: str, number: signal.Signals) -> None:
    ready = tmp_path / "ready.json"
    settings = ServerSettings(data_dir=tmp_path / "data", port=0, ready_file=ready, public_pypi=public)
    seen: list[object] = []
    said: list[str] = []

    def look(announced: dict[str, str]) -> None:
        reply = urllib3.request("GET", f"{announced['url']}/healthz", timeout=5, retries=False)
        server_file = json.loads((tmp_path / "data" / "server.json").read_text())
        seen.extend([reply.status, "server" in reply.headers, announced, server_file == announced])

    before = signal.getsignal(number)
    thread = then_stop(ready, number, look)
    run(settings, say=said.append)
    thread.join()
    status, names_itself, announced, same = seen
    assert (status, names_itself, same) == (200, False, True)
    assert isinstance(announced, dict)
    assert announced == {"url": announced["url"], "pid": os.getpid(), "data_dir": str(tmp_path / "data")}
    assert said[0] == f"inhouse listens on {announced['url']}"
    assert said[-1] == f"Next, in another shell: inhouse server profile --data-dir {tmp_path / 'data'}"
    assert not ready.exists()
    assert not (tmp_path / "data" / "server.json").exists()
    assert signal.getsignal(number) is before


def test_the_command(tmp_path: Path, public: str) -> None:
    ready = tmp_path / "ready.json"
    arguments = ["start", "--port", "0", "--data-dir", str(tmp_path / "data"), "--ready-file", str(ready)]
    thread = then_stop(ready, signal.SIGTERM, lambda _: None)
    result = CliRunner().invoke(server, [*arguments, "--public-pypi", public])
    thread.join()
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert "inhouse listens on http://127.0.0.1:" in result.stderr


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortInUseError) as caught:
            run(ServerSettings(data_dir=tmp_path / "data", port=port), say=lambda _: None)
        result = CliRunner().invoke(server, ["start", "--port", str(port), "--data-dir", str(tmp_path / "data")])
    assert caught.value.message == f"Port {port} of 127.0.0.1 is in use by another program."
    assert result.exit_code == 1
    assert result.stderr == f"error: {caught.value.message}\n\nhint: {caught.value.hint}\n"
    assert "--port 0 picks a free one" in result.stderr


def test_a_folder_in_use(tmp_path: Path, public: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inhouse_server.data_folder._LOCK_PATIENCE_SECONDS", 0.1)
    ready = tmp_path / "ready.json"
    settings = ServerSettings(data_dir=tmp_path / "data", port=0, ready_file=ready, public_pypi=public)
    caught: list[DataFolderInUseError] = []

    def look(_: dict[str, str]) -> None:
        with pytest.raises(DataFolderInUseError) as error:
            run(settings, say=lambda _: None)
        caught.append(error.value)

    thread = then_stop(ready, signal.SIGTERM, look)
    run(settings, say=lambda _: None)
    thread.join()
    assert f"(process {os.getpid()}, at http://127.0.0.1:" in caught[0].message


def test_a_stale_ready_file_is_removed_before_anybody_believes_it(tmp_path: Path, public: str) -> None:
    ready = tmp_path / "ready.json"
    ready.write_text('{"url": "http://127.0.0.1:1", "pid": 1}')
    settings = ServerSettings(data_dir=tmp_path / "data", port=0, ready_file=ready, public_pypi=public)
    seen: list[int] = []

    def wait_for_the_new_one() -> None:
        while not ready.exists() or json.loads(ready.read_text())["pid"] == 1:
            time.sleep(0.01)
        seen.append(json.loads(ready.read_text())["pid"])
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=wait_for_the_new_one)
    thread.start()
    run(settings, say=lambda _: None)
    thread.join()
    assert seen == [os.getpid()]


def test_a_ready_file_that_cannot_be_written_after_all(tmp_path: Path, public: str) -> None:
    """In the data folder, nobody knows before that is made."""
    data = tmp_path / "data"
    settings = ServerSettings(data_dir=data, port=0, ready_file=data / "missing" / "ready.json", public_pypi=public)
    with pytest.raises(SettingError, match=r"ready\.json cannot be written") as caught:
        run(settings, say=lambda _: None)
    assert "--ready-file" in caught.value.hint


def test_the_next_step_names_the_folder_only_where_it_must(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "usual")
    said: list[str] = []
    for name in ("usual", "an other"):
        (tmp_path / name).mkdir()
        module._announce(ServerSettings(data_dir=tmp_path / name), "http://127.0.0.1:1", said.append)
    steps = [line for line in said if line.startswith("Next")]
    assert steps == [
        "Next, in another shell: inhouse server profile",
        f"Next, in another shell: inhouse server profile --data-dir '{tmp_path / 'an other'}'",
    ]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"public_pypi": "nowhere"}, "neither an http"),
        ({"ready_file": "missing/ready.json"}, "cannot be written"),
        ({"ready_file": "public"}, "it is a folder"),
        ({"host": "203.0.113.7"}, "203.0.113.7"),
    ],
)
def test_a_start_that_fails_leaves_nothing_behind(
    tmp_path: Path, public: str, changes: dict[str, str], complaint: str
) -> None:
    values: dict[str, Any] = {"data_dir": tmp_path / "data", "port": 0, "public_pypi": public, **changes}
    if "ready_file" in changes:
        values["ready_file"] = tmp_path / changes["ready_file"]
    with pytest.raises(SettingError, match=complaint):
        run(ServerSettings(**values), say=lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["public"]


def test_a_port_in_use_makes_no_folder(tmp_path: Path, public: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(PortInUseError):
        run(
            ServerSettings(data_dir=tmp_path / "data", port=other.getsockname()[1], public_pypi=public),
            say=lambda _: None,
        )
    assert not (tmp_path / "data").exists()


def test_a_ready_file_may_lie_in_the_folder_that_is_made(tmp_path: Path, public: str) -> None:
    ready = tmp_path / "data" / "ready.json"
    thread = then_stop(ready, signal.SIGTERM, lambda _: None)
    run(ServerSettings(data_dir=tmp_path / "data", port=0, ready_file=ready, public_pypi=public), say=lambda _: None)
    thread.join()
    assert not ready.exists()


def test_a_folder_in_use_is_told_before_its_port_is(
    tmp_path: Path, public: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inhouse_server.data_folder._LOCK_PATIENCE_SECONDS", 0.1)
    ready = tmp_path / "ready.json"
    settings = ServerSettings(data_dir=tmp_path / "data", port=0, ready_file=ready, public_pypi=public)

    def look(announced: dict[str, str]) -> None:
        port = int(announced["url"].rpartition(":")[2])
        with pytest.raises(DataFolderInUseError):
            run(ServerSettings(data_dir=tmp_path / "data", port=port, public_pypi=public), say=lambda _: None)

    thread = then_stop(ready, signal.SIGTERM, look)
    run(settings, say=lambda _: None)
    thread.join()


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "256.0.0.1"])
def test_an_address_that_is_not_ours(host: str) -> None:
    with pytest.raises(SettingError) as caught:
        listen(host, 0)
    assert host in caught.value.message
    assert caught.value.hint


def test_the_address_that_others_reach() -> None:
    assert address("127.0.0.1", 80) == "http://127.0.0.1:80"
    assert address("0.0.0.0", 80) == "http://127.0.0.1:80"
    assert address("::", 80) == "http://[::1]:80"
    assert address("localhost", 80) == "http://localhost:80"


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("x.y", False)],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(("host", "warned"), [("0.0.0.0", True), ("127.0.0.1", False)])
def test_other_machines_are_warned_of(tmp_path: Path, host: str, warned: bool) -> None:
    said: list[str] = []
    module._announce(ServerSettings(data_dir=tmp_path, host=host), "http://127.0.0.1:1", said.append)
    assert any(line.startswith("warning:") and "clear text" in line for line in said) is warned


def test_requests_are_logged_from_info_on() -> None:
    for level, number in (("warning", 30), ("info", 20)):
        config = module._log_config(level)
        assert config["loggers"] == {
            name: {"handlers": ["stderr"], "level": number, "propagate": False}
            for name in ("uvicorn", "inhouse_server")
        }
