"""Every program does what it can with the repository, in its latest release and unmodified.

The table is in `client_matrix`: each of its cells is a test here, a test elsewhere, or a reason.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unittest.mock import ANY

import pytest

from client_matrix import EXPIRED, INSTALL, LOCK, PUBLISH, STRANGER, with_own_test
from inhouse.project.answers import default_index
from installers import INSTALLERS, Installer
from latest_programs import UV, Programs
from pytest_inhouse import CodeArtifact, User, make_wheel, new_domain, running
from support import Shell
from workplace import INHOUSE, LOGIN, TEAM, Workplace

pytestmark = pytest.mark.slow

LIBRARY, BASE = "acme-app", "acme-base"
"""A library of ours, and what it requires, which is public."""


class Office(Workplace):
    """Where all tests work, but for those with AWS's own addresses."""

    audit: Path

    def asked(self) -> int:
        """Return how often the repository was asked for a token, as its audit log says."""
        logs = "".join(file.read_text(encoding="utf-8") for file in self.audit.glob("*.jsonl"))
        return logs.count('"codeartifact:GetAuthorizationToken"')

    @contextmanager
    def yesterday(self) -> Iterator[None]:
        """Set the clock back while the block lasts: tokens that are given out in it have ended afterwards."""
        self.domain.clock.move(hours=-13)
        try:
            yield
        finally:
            self.domain.clock.reset()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, latest: Programs) -> Iterator[Office]:
    with running(compat="aws") as server, new_domain(server) as domain:
        furnish(domain)
        office = Office(domain, tmp_path_factory.mktemp("office"), latest)
        office.audit = server.data_dir / "audit"
        yield office


def furnish(domain: CodeArtifact) -> None:
    store = domain.repository("store", public=True)
    domain.repository(TEAM, upstreams=[store])
    domain.public.add(BASE)
    domain.publish(LIBRARY, repository=TEAM, requires=[BASE])


@pytest.fixture(scope="module")
def stranger(office: Office) -> User:
    """Somebody who may have a token, and may do nothing with it."""
    return office.domain.user(actions=["codeartifact:Get*", "codeartifact:Describe*", "sts:GetServiceBearerToken"])


class Desk:
    """A folder with a project, in a home where `inhouse login` has been or not.

    Args:
        office: Where it is.
        name: The program's, as the matrix calls it.
        home: The home; None for a new one where login has been.
        variables: More of them.
    """

    def __init__(self, office: Office, name: str, home: Path | None = None, **variables: str) -> None:
        self.office = office
        self.name = name
        self.installer = TOOLS[name]
        self.home = office.configured(self.installer, LOGIN, TEAM)[0] if home is None else home
        folder = self.home / f"work-{len(list(self.home.glob('work-*')))}"
        self.installer.prepare(folder, LIBRARY, office.project(self.installer, TEAM))
        settings = {
            **self.installer.variables,
            "HATCH_DATA_DIR": str(folder / "environments"),
            "INHOUSE_CACHE_DIR": str(self.home / "tokens"),
            "PDM_CACHE_DIR": str(folder / "cache"),
            "POETRY_CACHE_DIR": str(folder / "cache"),
            "POETRY_VIRTUALENVS_CREATE": "true",
            "POETRY_VIRTUALENVS_IN_PROJECT": "true",
        }
        environments = [] if self.installer.environment == "uv" else [self.installer.environment]
        self.shell = office.shell(self.home, folder, *environments, **{**settings, **variables})

    @property
    def folder(self) -> Path:
        return self.shell.folder

    def run(self, *commands: Sequence[str]) -> tuple[int, str]:
        """Run commands until one fails; return how the last one ended, and what it said."""
        index = default_index(self.office.domain.domain)
        code, said = 0, ""
        for argv in commands:
            done = self.shell.run(*(word.replace("INDEX", index) for word in argv), check=False)
            code, said = done.returncode, done.stdout
            if code:
                break
        return code, said

    def install(self) -> tuple[int, str]:
        return self.run(*INSTALLS[self.name])

    def publish(self, package: str) -> tuple[int, str]:
        """Publish a release of a package, as its own project would."""
        made = make_wheel(package, "1.0")
        (self.folder / "dist").mkdir(exist_ok=True)
        wheel = self.folder / "dist" / made.filename
        wheel.write_bytes(made.content)
        path = self.folder / "pyproject.toml"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        text = text.replace("package-mode = false", "").replace('version = "1"', 'version = "1.0"')
        path.write_text(text.replace('name = "consumer"', f'name = "{package}"'), encoding="utf-8")
        words = PUBLISHES[self.name]
        return self.run([*words, *([str(wheel)] if words[0] in {"uv", "twine", "hatch"} else [])])

    def installed(self) -> set[str]:
        """Return which of the two packages are there."""
        return {path.name.split("-")[0] for path in self.folder.rglob("*.dist-info")} & {"acme_app", "acme_base"}

    def findings(self) -> set[str]:
        """Return what `inhouse doctor` finds here, by id."""
        done = self.shell.run(*INHOUSE, "doctor", "--format", "json", check=False)
        return {finding["id"] for finding in json.loads(done.stdout)["findings"]}


TOOLS: Final = {**INSTALLERS, "twine": Installer("twine", "twine", (), lambda _: {})}

INSTALLS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "pip": (("pip", "install", "--target", "target", LIBRARY),),
    "uv": (("uv", "sync", "--python", sys.executable),),
    "Poetry 1.8": (("poetry", "lock"), ("poetry", "install")),
    "Poetry 2": (("poetry", "lock"), ("poetry", "install")),
    "PDM": (
        ("uv", "venv", "--quiet", "--python", sys.executable),
        ("pdm", "use", "--quiet", "--first", ".venv/bin/python"),
        ("pdm", "install", "--no-self"),
    ),
    "Hatch": (("hatch", "env", "create"),),
    "Hatch with uv": (("hatch", "env", "create"),),
}
"""What people type to install."""

LOCKS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "pip": (("pip", "lock", LIBRARY), "pylock.toml"),
    "uv": (("uv", "lock", "--python", sys.executable), "uv.lock"),
    "Poetry 1.8": (("poetry", "lock"), "poetry.lock"),
    "Poetry 2": (("poetry", "lock"), "poetry.lock"),
    "PDM": (("pdm", "lock"), "pdm.lock"),
    "Hatch": (("hatch", "dep", "lock", "--export", "pylock.toml"), "pylock.toml"),
    "Hatch with uv": (("hatch", "dep", "lock", "--export", "pylock.toml"), "pylock.toml"),
}
"""What people type to lock, and the lock."""

PUBLISHES: Final[Mapping[str, tuple[str, ...]]] = {
    "uv": ("uv", "publish", "--index", "acme", "--username", "aws"),
    "Poetry 1.8": ("poetry", "publish", "--repository", "INDEX-publish"),
    "Poetry 2": ("poetry", "publish", "--repository", "INDEX-publish"),
    "PDM": ("pdm", "publish", "--no-build", "--repository", "INDEX"),
    "Hatch": ("hatch", "publish", "--no-prompt"),
    "twine": ("twine", "upload", "--non-interactive", "--repository", "INDEX"),
}
"""What people type to publish; `INDEX` is the name that login gives the repository outside of a project."""


Cell = Callable[[pytest.FixtureRequest, Office], None]


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


def published(domain: CodeArtifact, package: str) -> bool:
    listed = domain.client().list_package_versions(
        domain=domain.domain, repository=TEAM, format="pypi", package=package
    )
    return [version["version"] for version in listed["versions"]] == ["1.0"]


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


def aws_cli(office: Office, **variables: str) -> tuple[Shell, list[str]]:
    """Return a shell with the AWS CLI, pip and twine, and how to log in."""
    home = office.new_home()
    domain = office.domain
    where = ["--domain", domain.domain, "--domain-owner", domain.owner, "--repository", TEAM]
    shell = office.shell(home, home, "aws", "pip", "twine", **TOOLS["pip"].variables, **variables)
    return shell, ["aws", "codeartifact", "login", *where, "--tool"]


def aws_cli_installs(_request: pytest.FixtureRequest, office: Office) -> None:
    shell, login = aws_cli(office)
    shell.run(*login, "pip")
    shell.run("pip", "install", "--target", "target", LIBRARY)
    assert (shell.folder / "target" / "acme_base").is_dir()


def aws_cli_locks(_request: pytest.FixtureRequest, office: Office) -> None:
    shell, login = aws_cli(office)
    shell.run(*login, "pip")
    shell.run("pip", "lock", LIBRARY)
    assert BASE in (shell.folder / "pylock.toml").read_text(encoding="utf-8")


def wheel_in(folder: Path, package: str) -> Path:
    made = make_wheel(package, "1.0")
    path = folder / made.filename
    path.write_bytes(made.content)
    return path


def aws_cli_publishes(_request: pytest.FixtureRequest, office: Office) -> None:
    shell, login = aws_cli(office)
    shell.run(*login, "twine")
    shell.run("twine", "upload", "--repository", "codeartifact", wheel_in(shell.folder, "acme-by-aws"))
    assert published(office.domain, "acme-by-aws")


def aws_cli_has_to_log_in_again(_request: pytest.FixtureRequest, office: Office) -> None:
    shell, login = aws_cli(office)
    install = ["pip", "install", "--target", "target", LIBRARY]
    with office.yesterday():
        shell.run(*login, "pip")
    said = shell.run(*install, check=False)
    assert said.returncode != 0
    assert "401 Error, Credentials not correct" in said.stdout
    found = json.loads(shell.run(*INHOUSE, "doctor", "--format", "json", check=False).stdout)["findings"]
    assert found != []
    shell.run(*login, "pip")
    shell.run(*install)


def aws_cli_of_a_stranger(_request: pytest.FixtureRequest, office: Office) -> None:
    nobody = office.domain.user(actions=["sts:GetServiceBearerToken"])
    shell, login = aws_cli(office, **nobody.environment)
    said = shell.run(*login, "pip", check=False)
    assert said.returncode != 0
    assert re.search("AccessDeniedException.*codeartifact:GetAuthorizationToken", said.stdout)


BOTO3: Final = """\
import sys, urllib.error, urllib.request
import boto3
client = boto3.client("codeartifact")
domain, repository, *old = sys.argv[1:]
token = old[0] if old else client.get_authorization_token(domain=domain)["authorizationToken"]
endpoint = client.get_repository_endpoint(domain=domain, repository=repository, format="pypi")["repositoryEndpoint"]
request = urllib.request.Request(endpoint + "simple/acme-app/", headers={"Authorization": "Bearer " + token})
try:
    print(urllib.request.urlopen(request).status, token)
except urllib.error.HTTPError as error:
    print(error.code)
"""


def boto3_asks_again(_request: pytest.FixtureRequest, office: Office) -> None:
    shell = office.shell(office.new_home(), office.folder)
    argv = [office.programs.of("boto3", "python"), "-c", BOTO3, office.domain.domain, TEAM]
    with office.yesterday():
        status, token = shell.run(*argv).stdout.split()
    assert status == "200"
    assert shell.run(*argv, token).stdout.strip() == "401"
    assert shell.run(*argv).stdout.startswith("200 ")


def boto3_of_a_stranger(_request: pytest.FixtureRequest, office: Office) -> None:
    nobody = office.domain.user(actions=["sts:GetServiceBearerToken"])
    shell = office.shell(office.new_home(), office.folder, **nobody.environment)
    argv = [office.programs.of("boto3", "python"), "-c", BOTO3, office.domain.domain, TEAM]
    said = shell.run(*argv, check=False).stdout
    assert re.search("AccessDeniedException.*codeartifact:GetAuthorizationToken", said)


@dataclass(frozen=True)
class AtAws:
    """A shell where AWS's own addresses lead to the repository, with keyrings.codeartifact, pip, twine and uv."""

    domain: CodeArtifact
    shell: Shell

    def pip(self, target: str) -> subprocess.CompletedProcess[str]:
        options = ["--keyring-provider", "import", "--index-url", self.domain.index_url(TEAM), "--target", target]
        return self.shell.run("pip", "install", *options, LIBRARY, check=False)


def at_aws(request: pytest.FixtureRequest, office: Office) -> AtAws:
    domain: CodeArtifact = request.getfixturevalue("codeartifact")
    furnish(domain)
    return AtAws(domain, shell_at_aws(request, office, domain.program_environment()))


def shell_at_aws(request: pytest.FixtureRequest, office: Office, environment: Mapping[str, str]) -> Shell:
    folder: Path = request.getfixturevalue("tmp_path")
    programs = Path(office.programs.of("their-keyring", "keyring")).parent
    path = f"{programs}:{Path(UV).parent}:/usr/bin:/bin"
    return Shell(folder, {**environment, **TOOLS["pip"].variables, "UV_NO_CACHE": "1", "PATH": path})


def their_keyring_installs(request: pytest.FixtureRequest, office: Office) -> None:
    place = at_aws(request, office)
    done = place.pip("target")
    assert done.returncode == 0, done.stdout
    assert (place.shell.folder / "target" / "acme_base").is_dir()


def their_keyring_locks(request: pytest.FixtureRequest, office: Office) -> None:
    place = at_aws(request, office)
    (place.shell.folder / "pyproject.toml").write_text(
        f'[project]\nname = "consumer"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["{LIBRARY}"]\n'
        '[tool.uv]\nkeyring-provider = "subprocess"\n'
        f'[[tool.uv.index]]\nname = "acme"\nurl = "{place.domain.index_url(TEAM)}"\ndefault = true\n'
        'authenticate = "always"\n',
        encoding="utf-8",
    )
    place.shell.run("uv", "lock", "--python", sys.executable)
    assert BASE in (place.shell.folder / "uv.lock").read_text(encoding="utf-8")


def their_keyring_publishes(request: pytest.FixtureRequest, office: Office) -> None:
    place = at_aws(request, office)
    options = ["--non-interactive", "--username", "aws", "--repository-url", place.domain.endpoint(TEAM)]
    place.shell.run("twine", "upload", *options, wheel_in(place.shell.folder, "acme-more"))
    assert published(place.domain, "acme-more")


def their_keyring_asks_again(request: pytest.FixtureRequest, office: Office) -> None:
    place = at_aws(request, office)
    assert place.pip("today").returncode == 0
    place.domain.clock.move(hours=13)
    assert place.pip("tomorrow").returncode == 0


def their_keyring_of_a_stranger(request: pytest.FixtureRequest, office: Office) -> None:
    place = at_aws(request, office)
    nobody = place.domain.user(actions=["sts:GetServiceBearerToken"])
    done = AtAws(place.domain, shell_at_aws(request, office, nobody.program_environment())).pip("target")
    assert done.returncode != 0
    assert re.search("AccessDeniedException.*codeartifact:GetAuthorizationToken", done.stdout), done.stdout


OTHERS: Final[Mapping[str, Mapping[str, Cell]]] = {
    "AWS CLI": {
        INSTALL: aws_cli_installs,
        LOCK: aws_cli_locks,
        PUBLISH: aws_cli_publishes,
        EXPIRED: aws_cli_has_to_log_in_again,
        STRANGER: aws_cli_of_a_stranger,
    },
    "boto3": {EXPIRED: boto3_asks_again, STRANGER: boto3_of_a_stranger},
    "keyrings.codeartifact": {
        INSTALL: their_keyring_installs,
        LOCK: their_keyring_locks,
        PUBLISH: their_keyring_publishes,
        EXPIRED: their_keyring_asks_again,
        STRANGER: their_keyring_of_a_stranger,
    },
}
"""What is not given access by `inhouse login`."""
