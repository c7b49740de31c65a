"""The fixtures, found by pytest wherever this distribution is installed."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_inhouse import environment
from pytest_inhouse.aws_hosts import AwsHosts
from pytest_inhouse.codeartifact import CodeArtifact, new_domain
from pytest_inhouse.default_session import default_session_of_its_own, forget_default_session
from pytest_inhouse.errors import FixtureError, ServerDidNotStartError, UsageError
from pytest_inhouse.options import Options, read_compatibility, read_options
from pytest_inhouse.server import Compatibility, RunningServer, running

if TYPE_CHECKING:
    from pytest_inhouse.front import Front

_MARKER = (
    "codeartifact(compat='aws', region='us-east-1', aws_hosts=False): how the repository of the fixture codeartifact "
    "is to be: whether it does more than AWS ('superset'), where the test's domain is, and whether AWS's own addresses "
    "are used, through a proxy"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("codeartifact", "a package repository for tests")
    group.addoption(
        "--aws-hosts",
        action="store_true",
        help="Let tests with the fixture codeartifact use AWS's own addresses, through a proxy.",
    )
    parser.addini("codeartifact_compat", "The mode of the fixture codeartifact: aws or superset.", default="aws")
    parser.addini(
        "codeartifact_public",
        "What stands for PyPI: empty for a folder to which tests add; pypi; a folder of wheels; the URL of an index.",
        default="",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the marker."""
    config.addinivalue_line("markers", _MARKER)


class Servers:
    """The repositories of a test run: one for each mode, started when a test first needs it.

    Under pytest-xdist each worker has its own: a repository has one clock, and one set of faults.

    Args:
        public: What stands for PyPI.
    """

    def __init__(self, public: str | Path | None) -> None:
        self._public = public
        self._running = ExitStack()
        self._servers: dict[Compatibility, RunningServer] = {}
        self._failures: dict[Compatibility, ServerDidNotStartError] = {}
        self._fronts: dict[Compatibility, Front] = {}

    def server(self, compat: Compatibility) -> RunningServer:
        """Return the one of a mode.

        Raises:
            ServerDidNotStartError: It does not start; the tests after the first are told so at once.
        """
        if compat in self._failures:
            raise self._failures[compat]
        if compat not in self._servers:
            try:
                self._servers[compat] = self._running.enter_context(running(compat=compat, public=self._public))
            except ServerDidNotStartError as error:
                self._failures[compat] = error
                raise
        return self._servers[compat]

    def aws_hosts(self, compat: Compatibility) -> AwsHosts:
        """Return AWS's addresses, which lead to the one of a mode, with nothing asked yet."""
        if compat not in self._fronts:
            from pytest_inhouse.front import Front  # noqa: PLC0415 - cryptography is slow to load, and rarely needed

            server = self.server(compat)
            front = self._fronts[compat] = Front(server.url, server.folder)
            self._running.callback(front.close)
        return self._fronts[compat].begin()

    def close(self) -> None:
        """Stop them all."""
        self._running.close()


@pytest.fixture(scope="session")
def _codeartifact_servers(pytestconfig: pytest.Config) -> Iterator[Servers]:
    public: str = pytestconfig.getini("codeartifact_public")
    servers = Servers(pytestconfig.rootpath / public if _is_folder(public) else public or None)
    yield servers
    servers.close()


@pytest.fixture(scope="session")
def codeartifact_server(_codeartifact_servers: Servers, pytestconfig: pytest.Config) -> RunningServer:
    """A package repository that speaks AWS CodeArtifact's API, for as long as the test run.

    For fixtures of a longer life than a test's, with `pytest_inhouse.new_domain`; the environment is left as it is.
    """
    with _told_plainly():
        return _codeartifact_servers.server(_configured(pytestconfig).compat)


@pytest.fixture
def codeartifact(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _codeartifact_servers: Servers
) -> Iterator[CodeArtifact]:
    """A clean domain of AWS CodeArtifact's, on this machine; the environment points at it and at nothing else."""
    with ExitStack() as stack:
        with _told_plainly():
            options = _options(request)
            server = _codeartifact_servers.server(options.compat)
            hosts = _codeartifact_servers.aws_hosts(options.compat) if options.aws_hosts else None

            def act_as(variables: Mapping[str, str]) -> None:
                for name in environment.stale(list(os.environ), front=hosts is not None):
                    monkeypatch.delenv(name)
                for name, value in variables.items():
                    monkeypatch.setenv(name, value)
                forget_default_session()

            domain = stack.enter_context(new_domain(server, region=options.region, aws_hosts=hosts, act_as=act_as))
        stack.enter_context(default_session_of_its_own())
        domain.act_as(domain)
        yield domain


@pytest.fixture
def aws_hosts(codeartifact: CodeArtifact) -> AwsHosts:
    """AWS's own addresses, which lead to the repository of `codeartifact`; all others are refused."""
    if codeartifact.aws_hosts is None:
        raise UsageError(
            "The fixture aws_hosts cannot be had in the middle of a test.",
            hint="Let the test or one of its fixtures name it as an argument, and do not set aws_hosts=False.",
        )
    return codeartifact.aws_hosts


def _options(request: pytest.FixtureRequest) -> Options:
    configured = _configured(request.config)
    if "aws_hosts" in request.fixturenames:
        configured = Options(configured.compat, configured.region, aws_hosts=True)
    marker = request.node.get_closest_marker("codeartifact")
    return read_options(configured, {} if marker is None else marker.kwargs)


def _configured(config: pytest.Config) -> Options:
    compat = read_compatibility(config.getini("codeartifact_compat"), "codeartifact_compat")
    return Options(compat, aws_hosts=config.getoption("--aws-hosts"))


def _is_folder(public: str) -> bool:
    return public not in {"", "pypi"} and "://" not in public


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Show what a test's author can do something about, and not where in the plugin it came up."""
    try:
        yield
    except FixtureError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
