"""What tests of the server share: a clock, a catalog, and a real server on a free port with clients that talk to it."""

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import uvicorn
from botocore.config import Config
from botocore.model import OperationModel
from botocore.validate import ParamValidator

from inhouse_server.app import create_app, utc_now
from inhouse_server.catalog import Database, principals
from inhouse_server.cli.start import AnnouncingServer, address, listen
from inhouse_server.data_folder import DataFolder, open_data_folder
from inhouse_server.model import AccessKey
from inhouse_server.settings import ServerSettings

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient
    from mypy_boto3_sts import STSClient
    from starlette.types import ASGIApp

REGION = "us-east-1"
ACCOUNT = "111122223333"


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing of the developer's own tools and profiles reaches a test."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "PIP_", "UV_", "POETRY_", "INHOUSE_")):
            monkeypatch.delenv(name)
    nowhere = tmp_path_factory.getbasetemp() / "nowhere"
    monkeypatch.setenv("AWS_CONFIG_FILE", str(nowhere / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(nowhere / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@dataclass
class FakeClock:
    """A clock that stands still until it is moved."""

    now: datetime = field(default_factory=lambda: datetime(2026, 3, 1, 12, 0, 0, 123_000, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "catalog.sqlite3")
    yield opened
    opened.close()


@pytest.fixture
def data_folder(tmp_path: Path, clock: FakeClock) -> Iterator[DataFolder]:
    with open_data_folder(tmp_path / "data", account=None, clock=clock) as opened:
        yield opened


def _admin_key(folder: DataFolder) -> AccessKey:
    """The access key of the user that the first start makes."""
    with folder.database.read() as connection:
        return principals.list_keys(connection, principals.list_users(connection)[0])[0]


@pytest.fixture
def admin_key(data_folder: DataFolder) -> AccessKey:
    """The access key of the user that the first start made."""
    return _admin_key(data_folder)


@dataclass(frozen=True)
class LiveServer:
    """A real server, in a thread of the tests' process."""

    url: str
    folder: DataFolder
    key: AccessKey

    def session(self, *, region: str = REGION, key_id: str | None = None, secret: str | None = None) -> boto3.Session:
        return boto3.Session(
            aws_access_key_id=key_id or self.key.id,
            aws_secret_access_key=secret or self.key.secret,
            region_name=region,
        )

    def codeartifact(self, *, validate: bool = True, **how: str) -> "CodeArtifactClient":
        """A client that checks every answer with botocore's own validator; it checks requests too if `validate`."""
        config = Config(parameter_validation=validate, retries={"total_max_attempts": 1})
        client = self.session(**how).client("codeartifact", endpoint_url=self.url, config=config)
        client.meta.events.register("after-call.codeartifact", _check_answer)
        return client

    def sts(self, **how: str) -> "STSClient":
        config = Config(retries={"total_max_attempts": 1})
        return self.session(**how).client("sts", endpoint_url=self.url, config=config)


def _check_answer(parsed: Mapping[str, Any], model: OperationModel, **_: object) -> None:
    if "Error" not in parsed and model.output_shape is not None:
        values = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
        report = ParamValidator().validate(values, model.output_shape)
        assert not report.has_errors(), report.generate_report()


@contextlib.contextmanager
def _serve(app: "ASGIApp") -> Iterator[str]:
    """Serve an application on a free port in a thread; give its URL."""
    listener = listen("127.0.0.1", 0)
    ready = threading.Event()
    config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None, access_log=False, server_header=False)
    server = AnnouncingServer(config, on_ready=ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield address("127.0.0.1", listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One server for all tests that need no other; tests keep apart by the names of their domains."""
    path = tmp_path_factory.mktemp("server") / "data"
    with (
        open_data_folder(path, account=ACCOUNT, clock=utc_now) as folder,
        _serve(create_app(ServerSettings(data_dir=path), folder)) as url,
    ):
        yield LiveServer(url, folder, _admin_key(folder))


@pytest.fixture
def codeartifact(live_server: LiveServer) -> "CodeArtifactClient":
    return live_server.codeartifact()


@pytest.fixture
def domain(request: pytest.FixtureRequest, codeartifact: "CodeArtifactClient") -> str:
    """A domain of this test's own."""
    name = f"d{abs(hash(request.node.nodeid)) % 10**12}-{time.monotonic_ns() % 10**9}"
    codeartifact.create_domain(domain=name)
    return name


@dataclass(frozen=True)
class Reply:
    """What an ASGI application answered."""

    status: int
    headers: dict[str, str]
    body: bytes


AskApp = Callable[..., Reply]


@pytest.fixture
def ask() -> AskApp:
    """A function that sends one request to an ASGI application, without a network."""
    return _ask


def _ask(
    app: "ASGIApp",
    method: str,
    path: str,
    *,
    query: str = "",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Reply:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("latin-1", "replace"),
        "root_path": "",
        "query_string": query.encode("latin-1", "replace"),
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in (headers or {}).items()
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[MutableMapping[str, Any]] = []
    incoming: list[MutableMapping[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    start = sent[0]
    return Reply(
        start["status"],
        {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]},
        b"".join(message.get("body", b"") for message in sent[1:]),
    )
