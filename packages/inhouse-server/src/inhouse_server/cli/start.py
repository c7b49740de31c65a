"""`server start`: opens the data folder and the port, and serves until told to stop."""

import asyncio
import errno
import importlib.util
import ipaddress
import logging
import os
import shlex
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Literal

import uvicorn
from starlette.types import ASGIApp

from inhouse_server import compat
from inhouse_server.app import create_app
from inhouse_server.data_folder import open_data_folder, refuse_if_in_use, server_file, write_json
from inhouse_server.errors import PortInUseError, SettingError
from inhouse_server.movable_clock import utc_now
from inhouse_server.remotes import create_remote
from inhouse_server.settings import ServerSettings

_GRACEFUL_SECONDS = 10
_BACKLOG = 2048
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run(settings: ServerSettings, *, say: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        settings: Of the server.
        say: Tells the user a line of text.

    Raises:
        StartError: The server cannot start; its subclasses say why.
    """
    # All that may be wrong with settings comes before a new folder is made: a start that fails leaves nothing behind.
    refuse_if_in_use(settings.data_dir)  # says more than that its port is
    create_remote(settings.public_pypi)
    _refuse_ready_file(settings)
    with (
        closing(listen(settings.host, settings.port)) as listener,
        open_data_folder(settings.data_dir, account=settings.account, clock=utc_now) as folder,
    ):
        url = address(settings.host, listener.getsockname()[1])
        server = AnnouncingServer(
            config(
                create_app(settings, folder),
                log_config=_log_config(settings.log_level),
                access_log=settings.log_level in ("info", "debug"),
            ),
            on_ready=lambda: _announce(settings, url, say),
        )
        _remove_announcements(settings)  # a ready file of a server that was killed would be believed
        try:
            with _signals_stop(server):
                server.run(sockets=[listener])
            if server.failure:
                raise server.failure
        finally:
            _remove_announcements(settings)


class AnnouncingServer(uvicorn.Server):
    """A uvicorn server that says when the first request can be answered.

    Args:
        config: uvicorn's.
        on_ready: Called once, when the port is being served.

    Attributes:
        failure: What `on_ready` raised, if it did; the server stops then.
    """

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self.failure: Exception | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to serve."""
        await super().startup(sockets)
        if self.started:
            try:
                self._on_ready()
            except Exception as error:  # noqa: BLE001 - raised by `run`: here it would leave the loop's tasks waiting
                self.failure = error
                self.should_exit = True


def config(app: ASGIApp, *, log_config: dict[str, object] | None, access_log: bool) -> uvicorn.Config:
    """Return uvicorn's settings, those that are not the user's to choose included.

    Args:
        app: What answers.
        log_config: As `logging.config.dictConfig` takes it; None leaves logging as it is.
        access_log: Whether each request is logged.
    """
    return uvicorn.Config(
        app,
        http=_http_protocol(),
        h11_max_incomplete_event_size=compat.MAXIMUM_HEAD_BYTES,
        lifespan="off",
        ws="none",
        log_config=log_config,
        access_log=access_log,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACEFUL_SECONDS,
    )


def _http_protocol() -> type[asyncio.Protocol] | Literal["h11"]:
    if importlib.util.find_spec("httptools") is None:  # on Windows; h11 has a bound of its own
        return "h11"
    from inhouse_server.cli.http_protocol import BoundedHttpToolsProtocol  # noqa: PLC0415 - see above

    return BoundedHttpToolsProtocol


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 picks a free one.

    Raises:
        PortInUseError: Another program has the port.
        SettingError: There is no such address here, or the port is not for everybody.
    """
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise SettingError(
            f"--host: {host} is not an address of this machine: {error.strerror}.",
            hint="Use 127.0.0.1 for this machine alone.",
        ) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(
                f"Port {port} of {host} is in use by another program.",
                hint=f"Choose another port, for example --port {port % 65_535 + 1}; --port 0 picks a free one.",
            ) from error
        raise SettingError(
            f"The server cannot listen on port {port} of {host}: {error.strerror}.",
            hint="Choose another --host, or a --port above 1023.",
        ) from error
    return listener


def address(host: str, port: int) -> str:
    """Return the URL at which this machine reaches a server that listens on `host`."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach a server that listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_ready_file(settings: ServerSettings) -> None:
    """Raise where the ready file cannot be written, as far as that is known before the data folder is made."""
    file = settings.ready_file
    if file is None or file.is_relative_to(settings.data_dir):
        return
    if file.is_dir():
        raise _not_writable(file, "it is a folder")
    try:
        with tempfile.TemporaryFile(dir=file.parent):
            pass
    except OSError as error:
        raise _not_writable(file, error.strerror) from error


def _not_writable(file: Path, reason: str | None) -> SettingError:
    return SettingError(
        f"The file {file} cannot be written: {reason}.",
        hint="Name another file with --ready-file, in a folder that exists.",
    )


def _announcements(settings: ServerSettings) -> list[Path]:
    return [server_file(settings.data_dir), *([settings.ready_file] if settings.ready_file else [])]


def _remove_announcements(settings: ServerSettings) -> None:
    for path in _announcements(settings):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _announce(settings: ServerSettings, url: str, say: Callable[[str], None]) -> None:
    value = {"url": url, "pid": os.getpid(), "data_dir": str(settings.data_dir)}
    for path in _announcements(settings):
        try:
            write_json(path, value)
        except OSError as error:
            raise _not_writable(path, error.strerror) from error
    say(f"inhouse listens on {url}")
    say(f"Everything it keeps is in {settings.data_dir}")
    if not is_loopback(settings.host):
        say("warning: other machines can reach it, and HTTP sends tokens in clear text; put a TLS proxy in front")
    folder = (
        "" if settings.data_dir == ServerSettings().data_dir else f" --data-dir {shlex.quote(str(settings.data_dir))}"
    )
    say(f"Next, in another shell: inhouse server profile{folder}")


@contextmanager
def _signals_stop(server: uvicorn.Server) -> Iterator[None]:
    """Let SIGINT and SIGTERM end the server without ending the process.

    uvicorn handles them while it serves, and raises them once more when it has stopped, for whoever handled them
    before; with the default handlers the process would die then, uncleaned and with another exit code than 0.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True  # for one that comes before uvicorn handles them

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _log_config(level: str) -> dict[str, object]:
    """Return what logging.config takes: one line for each record, to stderr."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {
            name: {"handlers": ["stderr"], "level": logging.getLevelName(level.upper()), "propagate": False}
            for name in ("uvicorn", "inhouse_server")
        },
    }
