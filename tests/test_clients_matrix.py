"""Every program does what it can with the repository, in its latest release and unmodified.

The table is in `client_matrix`: each of its cells is a test here, a test elsewhere, or a reason.
"""

import json
import re
from collections.abc import Iterator
from typing import Final
from unittest.mock import ANY

import pytest

from aws_clients import OTHERS
from client_matrix import EXPIRED, INSTALL, LOCK, PUBLISH, STRANGER, with_own_test
from latest_programs import Programs
from office import BASE, LIBRARY, LOCKS, PUBLISHES, TOOLS, Desk, Office, furnish, published, stranger_of
from pytest_inhouse import User, new_domain, running
from workplace import INHOUSE

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, latest: Programs) -> Iterator[Office]:
    with running(compat="aws") as server, new_domain(server) as domain:
        furnish(domain)
        office = Office(domain, tmp_path_factory.mktemp("office"), latest)
        office.audit = server.data_dir / "audit"
        yield office


@pytest.fixture(scope="module")
def stranger(office: Office) -> User:
    return stranger_of(office.domain)


def programs(column: str) -> list[object]:
    """Return the programs that are tested in a column; some only know AWS's own addresses."""
    at_aws = pytest.mark.codeartifact(aws_hosts=True)
    return [
        pytest.param(name, marks=at_aws if name == "keyrings.codeartifact" else ()) for name in with_own_test(column)
    ]


@pytest.mark.parametrize("name", programs(INSTALL))
def test_install(request: pytest.FixtureRequest, office: Office, name: str) -> None:
    if name in OTHERS:
        OTHERS[name][INSTALL](request, office)
        return
    desk = Desk(office, name)
    assert desk.install() == (0, ANY)
    assert desk.installed() == {"acme_app", "acme_base"}


@pytest.mark.parametrize("name", programs(LOCK))
def test_lock(request: pytest.FixtureRequest, office: Office, name: str) -> None:
    if name in OTHERS:
        OTHERS[name][LOCK](request, office)
        return
    desk = Desk(office, name)
    argv, lock = LOCKS[name]
    assert desk.run(argv) == (0, ANY)
    text = (desk.folder / lock).read_text(encoding="utf-8")
    assert LIBRARY in text
    assert BASE in text


@pytest.mark.parametrize("name", programs(PUBLISH))
def test_publish(request: pytest.FixtureRequest, office: Office, name: str) -> None:
    if name in OTHERS:
        OTHERS[name][PUBLISH](request, office)
        return
    package = f"acme-by-{name}".lower().replace(" ", "-").replace(".", "-")
    assert Desk(office, name).publish(package) == (0, ANY)
    assert published(office.domain, package)


REFUSED: Final = {
    "pip": "401 Error, Credentials not correct",
    "uv": "401 Unauthorized",
    "Poetry 1.8": "Authorization error accessing",
    "Poetry 2": "Authorization error accessing",
    "Hatch": "401 Error, Credentials not correct",
    "Hatch with uv": "401 Unauthorized",
    "twine": "401 Unauthorized",
}
"""What a program says whose token has ended; PDM says nothing of it."""


@pytest.mark.parametrize("name", programs(EXPIRED))
def test_expired_token(request: pytest.FixtureRequest, office: Office, name: str) -> None:
    """With the keyring there is a new one at once; whoever was given a token is told that it has ended."""
    if name in OTHERS:
        OTHERS[name][EXPIRED](request, office)
        return

    def use(desk: Desk, package: str) -> tuple[int, str]:
        return desk.publish(package) if name == "twine" else desk.install()

    with office.yesterday():
        desk = Desk(office, name)
        assert use(desk, "acme-yesterday") == (0, ANY)
        given = json.loads(desk.shell.run(*INHOUSE, "env", "--format", "json", "--tool", desk.installer.tool).stdout)
        asked = office.asked()
    assert use(Desk(office, name, desk.home), "acme-today") == (0, ANY)
    assert office.asked() == asked + 1
    late = Desk(office, name, office.new_home(), **given)
    code, said = use(late, "acme-late")
    assert code != 0
    assert re.search(REFUSED.get(name, ""), said), said
    assert "token-stale" in late.findings()


FORBIDDEN: Final = {
    "uv": "403 Forbidden",
    "Poetry 1.8": "Authorization error accessing",
    "Poetry 2": "Authorization error accessing",
    "Hatch with uv": "403 Forbidden",
    "twine": "403 Forbidden",
}
"""What a program says that is not allowed to read, or to upload; pip and PDM say nothing of it."""

NOT_ALLOWED: Final = "not authorized to perform: codeartifact:PublishPackageVersion|403"


@pytest.mark.parametrize("name", programs(STRANGER))
def test_wrong_identity(request: pytest.FixtureRequest, office: Office, stranger: User, name: str) -> None:
    """Login refuses, and names the permission; who logged in as somebody else before is told so by the program."""
    if name in OTHERS:
        OTHERS[name][STRANGER](request, office)
        return
    if name != "twine":
        desk = Desk(office, name, None, **stranger.environment)
        code, said = desk.install()
        assert code != 0
        assert re.search(FORBIDDEN.get(name, ""), said), said
        assert "read-denied" in desk.findings()
    if name in PUBLISHES:
        code, said = Desk(office, name, None, **stranger.environment).publish("acme-strange")
        assert code != 0
        assert re.search(NOT_ALLOWED, said), said
    refused = Desk(office, name, office.new_home(), **stranger.environment).shell
    options = ["--tool", TOOLS[name].tool, *office.where()]
    said = refused.run(*INHOUSE, "login", *options, check=False).stdout
    assert "codeartifact:ReadFromRepository" in said
