"""A real server in a thread, and AWS's own clients that talk to it."""

import contextlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import OperationModel
from botocore.validate import ParamValidator
from starlette.types import ASGIApp

from inhouse_server.catalog import principals
from inhouse_server.cli.start import AnnouncingServer, address, config, listen
from inhouse_server.data_folder import DataFolder
from inhouse_server.model import AccessKey

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient
    from mypy_boto3_sts import STSClient

REGION = "us-east-1"
ACCOUNT = "111122223333"


def admin_key_of(folder: DataFolder) -> AccessKey:
    """Return the access key of the user that the first start made."""
    with folder.database.read() as connection:
        return principals.list_keys(connection, principals.list_users(connection)[0])[0]


@cache
def _session() -> boto3.Session:
    return boto3.Session()  # keeps the service models that it has read


@dataclass(frozen=True)
class LiveServer:
    """A running server."""

    url: str
    folder: DataFolder
    key: AccessKey

    def codeartifact(
        self,
        *,
        validate: bool = True,
        region: str = REGION,
        key_id: str | None = None,
        secret: str | None = None,
        session_token: str | None = None,
    ) -> "CodeArtifactClient":
        """Return a client that holds every answer against botocore's validator; requests too, if `validate`."""
        client = _session().client(
            "codeartifact",
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id=key_id or self.key.id,
            aws_secret_access_key=secret or self.key.secret,
            aws_session_token=session_token,
            config=Config(parameter_validation=validate, retries={"total_max_attempts": 1}),
        )
        client.meta.events.register("after-call.codeartifact", _check_answer)
        return client

    def sts(
        self,
        *,
        region: str = REGION,
        key_id: str | None = None,
        secret: str | None = None,
        session_token: str | None = None,
    ) -> "STSClient":
        """Return a client of STS."""
        return _session().client(
            "sts",
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id=key_id or self.key.id,
            aws_secret_access_key=secret or self.key.secret,
            aws_session_token=session_token,
            config=Config(retries={"total_max_attempts": 1}),
        )


def _check_answer(parsed: Mapping[str, Any], model: OperationModel, **_: object) -> None:
    if "Error" not in parsed and model.output_shape is not None:
        values = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
        report = ParamValidator().validate(values, model.output_shape)
        assert not report.has_errors(), report.generate_report()


def told(error: ClientError) -> dict[str, Any]:
    """Return what an error answer says: its code and status, and the members of its shape."""
    response: dict[str, Any] = dict(error.response)
    return {
        "code": response["Error"]["Code"],
        "status": response["ResponseMetadata"]["HTTPStatusCode"],
        **{name: value for name, value in response.items() if name in ("resourceId", "resourceType", "reason")},
    }


@contextlib.contextmanager
def serve(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free port in a thread; give its URL."""
    listener = listen("127.0.0.1", 0)
    ready = threading.Event()
    server = AnnouncingServer(config(app, log_config=None, access_log=False), on_ready=ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield address("127.0.0.1", listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
