"""A server that is killed in the middle of uploads has everything it acknowledged, whole, and nothing that is half."""

import hashlib
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import urllib3
from made_distributions import make_wheel, wheel_name
from pypi_simple import ProjectPage
from server_process import DOMAIN, ServerProcess
from urllib3.exceptions import HTTPError

pytestmark = pytest.mark.slow

UPLOADERS = 4
JSON = {"Accept": "application/vnd.pypi.simple.v1+json"}


@dataclass
class Uploads:
    """What uploaders sent, and what they were told."""

    sent: dict[str, bytes] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)

    def run(self, uploader: int, url: str, token: str) -> None:
        """Upload one version after the other until nobody answers any more."""
        headers = urllib3.make_headers(basic_auth=f"aws:{token}")
        with urllib3.PoolManager(headers=headers, retries=False) as pool:
            number = 0
            while True:
                number += 1
                version = f"1.{number}"
                filename = wheel_name(f"acme-{uploader}", version)
                content = make_wheel(f"acme-{uploader}", version, code=f"x = '{'y' * (number * 997 % 90_000)}'")
                self.sent[filename] = content
                fields: dict[str, str | tuple[str, bytes]] = {
                    ":action": "file_upload",
                    "name": f"acme-{uploader}",
                    "version": version,
                    "sha256_digest": hashlib.sha256(content).hexdigest(),
                    "content": (filename, content),
                }
                try:
                    answer = pool.request("POST", url, fields=fields)
                except HTTPError:
                    return
                if answer.status == 200:
                    self.acknowledged.add(filename)
                else:
                    self.refused.append(answer.data.decode())


@pytest.mark.parametrize("acknowledged", [5, 40, 120])
def test_what_was_acknowledged_survives_and_nothing_half_is_visible(tmp_path: Path, acknowledged: int) -> None:
    (tmp_path / "public").mkdir()
    server = ServerProcess(tmp_path, tmp_path / "public")
    server.start()
    server.make_repositories()
    uploads, url, token = Uploads(), server.endpoint("team"), server.token()
    threads = [threading.Thread(target=uploads.run, args=[number, url, token]) for number in range(UPLOADERS)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 60
    while len(uploads.acknowledged) < acknowledged:
        assert time.monotonic() < deadline, uploads.refused
        time.sleep(0.001)
    server.kill()
    for thread in threads:
        thread.join()
    assert uploads.refused == []
    assert len(uploads.sent) >= len(uploads.acknowledged) + UPLOADERS, "each of them was cut off"

    server.start()
    visible = download_everything(server)
    assert uploads.acknowledged <= visible.keys()
    for filename, content in visible.items():
        assert content == uploads.sent[filename], filename
    described = server.codeartifact().list_packages(domain=DOMAIN, repository="team")["packages"]
    assert {package["package"] for package in described} == {
        filename.split("-")[0].replace("_", "-") for filename in visible
    }

    assert list((server.data / "blobs" / "incoming").iterdir()) == []
    for blob in (server.data / "blobs").glob("??/*"):
        assert hashlib.sha256(blob.read_bytes()).hexdigest() == blob.name

    refill(server, uploads)
    server.stop()


def download_everything(server: ServerProcess) -> dict[str, bytes]:
    """Return the bytes of every file that a project page lists, checked against the page."""
    found: dict[str, bytes] = {}
    headers = urllib3.make_headers(basic_auth=f"aws:{server.token()}")
    with urllib3.PoolManager(headers=headers) as pool:
        for number in range(UPLOADERS):
            url = f"{server.endpoint('team')}simple/acme-{number}/"
            answer = pool.request("GET", url, headers={**headers, **JSON})
            if answer.status == 404:  # none of this uploader's had arrived
                continue
            page = ProjectPage.from_json_data(answer.json(), url)
            for package in page.packages:
                content = pool.request("GET", package.url).data
                assert hashlib.sha256(content).hexdigest() == package.digests["sha256"], package.filename
                metadata = pool.request("GET", package.metadata_url).data
                assert hashlib.sha256(metadata).hexdigest() == (package.metadata_digests or {})["sha256"]
                found[package.filename] = content
    return found


def refill(server: ServerProcess, uploads: Uploads) -> None:
    """Uploads that were cut off can simply be made again, whether they had arrived or not."""
    headers = urllib3.make_headers(basic_auth=f"aws:{server.token()}")
    with urllib3.PoolManager(headers=headers) as pool:
        for filename in uploads.sent.keys() - uploads.acknowledged:
            name, version, *_ = filename.split("-")
            fields: dict[str, str | tuple[str, bytes]] = {
                ":action": "file_upload",
                "name": name.replace("_", "-"),
                "version": version,
                "content": (filename, uploads.sent[filename]),
            }
            assert pool.request("POST", server.endpoint("team"), fields=fields).status == 200
    assert download_everything(server) == uploads.sent
