"""A server as users run it: a process of its own, which a test may kill."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_codeartifact import CodeArtifactClient

DOMAIN, OWNER, REGION = "my-domain", "111122223333", "us-east-1"
_START_SECONDS = 30.0
_CALL = "import sys; from inhouse_server.cli import main; main()"


@dataclass
class ServerProcess:
    """`inhouse-server start` over one data folder; it can be started again after it was killed.

    Attributes:
        folder: For the data folder, the ready file and the log.
        public: A folder of wheels that stands for PyPI.
    """

    folder: Path
    public: Path
    url: str = ""
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        ready = self.folder / "ready.json"
        ready.unlink(missing_ok=True)
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                _command(
                    *("start", "--data-dir", self.data, "--port", "0"),
                    *("--ready-file", ready, "--public-pypi", self.public),
                ),
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not ready.exists():
            assert self._process.poll() is None, (self.folder / "server.log").read_text()
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.02)
        self.url = json.loads(ready.read_text())["url"]

    def kill(self) -> None:
        """End it as a loss of power would: without a word."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process = None

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            assert self._process.wait(_START_SECONDS) == 0, (self.folder / "server.log").read_text()
            self._process = None

    def codeartifact(self) -> "CodeArtifactClient":
        done = subprocess.run(
            _command("env", "--data-dir", self.data, "--format", "json"), check=True, capture_output=True
        )
        values = json.loads(done.stdout)
        return boto3.Session(
            aws_access_key_id=values["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=values["AWS_SECRET_ACCESS_KEY"],
            region_name=REGION,
        ).client("codeartifact", endpoint_url=self.url, config=Config(retries={"total_max_attempts": 1}))

    def token(self) -> str:
        return self.codeartifact().get_authorization_token(domain=DOMAIN)["authorizationToken"]

    def endpoint(self, repository: str) -> str:
        return f"{self.url}/pypi/d/{DOMAIN}-{OWNER}/{repository}/"

    def make_repositories(self) -> None:
        """A domain, a repository that is connected to the public source, and `team` in front of it."""
        client = self.codeartifact()
        client.create_domain(domain=DOMAIN)
        client.create_repository(domain=DOMAIN, repository="store")
        client.associate_external_connection(domain=DOMAIN, repository="store", externalConnection="public:pypi")
        client.create_repository(domain=DOMAIN, repository="team", upstreams=[{"repositoryName": "store"}])


def _command(*arguments: str | Path) -> list[str | Path]:
    return [sys.executable, "-c", _CALL, *arguments]


def clean_environment(home: Path) -> dict[str, str]:
    """An environment in which clients find nothing of the developer's, and no network through a proxy."""
    home.mkdir(exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": str(home), "PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1", "NO_PROXY": "*"}
