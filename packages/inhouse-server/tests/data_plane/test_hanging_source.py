"""A public source that accepts and never answers holds up those who need it, and nobody else."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from live_server import serve
from made_distributions import make_wheel, wheel_name
from small_world import SmallWorld
from starlette.applications import Starlette

from inhouse_server import data_plane
from inhouse_server.remotes import Patience, SimpleIndex

WAITING = 70
"""More than there are places to work in."""


class Silent:
    """A server that takes connections and says nothing, until it hangs up."""

    def __init__(self) -> None:
        self.taken: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/simple/"
        self._thread = threading.Thread(target=self._take)
        self._thread.start()

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self.taken.append(self._listener.accept()[0])

    def close(self) -> None:
        with contextlib.suppress(OSError):  # it was closed before
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        for connection in self.taken:
            connection.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    with contextlib.closing(Silent()) as server:
        yield server


def test_local_files_do_not_queue_behind_a_source_that_hangs(tmp_path: Path, silent: Silent) -> None:
    with contextlib.closing(SimpleIndex(silent.url, patience=Patience(whole=60.0, pause=0.0))) as index:
        world = SmallWorld(tmp_path, index)
        private = world.repository("private")
        team = world.repository("team", world.repository("store", connected=True))
        world.upload_wheel(private, "mine", "1.0")
        statuses: list[int] = []
        with serve(Starlette(routes=data_plane.create_routes(world.data_plane_services()))) as base:
            root = f"{base}/pypi/d/{world.domain.name}-{world.domain.owner}"
            headers = urllib3.make_headers(basic_auth=f"aws:{world.token()}")
            with urllib3.PoolManager(maxsize=WAITING + 2, retries=False) as pool:

                def ask(number: int) -> None:
                    reply = pool.request("GET", f"{root}/{team.name}/simple/unknown-{number}/", headers=headers)
                    statuses.append(reply.status)

                threads = [threading.Thread(target=ask, args=[number]) for number in range(WAITING)]
                for thread in threads:
                    thread.start()
                deadline = time.monotonic() + 10
                while len(silent.taken) < WAITING:
                    assert time.monotonic() < deadline, "the clients never came to wait"
                    time.sleep(0.01)
                start = time.monotonic()
                reply = pool.request(
                    "GET", f"{root}/private/simple/mine/1.0/{wheel_name('mine', '1.0')}", headers=headers
                )
                assert (reply.status, reply.data) == (200, make_wheel("mine", "1.0"))
                assert pool.request("GET", f"{root}/private/simple/mine/", headers=headers).status == 200
                assert time.monotonic() - start < 1.0
                assert statuses == [], "the others still wait"
                silent.close()
                for thread in threads:
                    thread.join()
        assert statuses == [503] * WAITING
        world.database.close()
