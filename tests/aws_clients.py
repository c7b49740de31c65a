"""The cells of the matrix for what logs in by itself: the AWS CLI, boto3, keyrings.codeartifact."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from client_matrix import EXPIRED, INSTALL, LOCK, PUBLISH, STRANGER
from latest_programs import UV
from office import BASE, LIBRARY, TOOLS, Office, furnish, published, stranger_of
from pytest_inhouse import CodeArtifact, make_wheel
from support import Shell
from workplace import INHOUSE, TEAM, own_table

Cell = Callable[[pytest.FixtureRequest, Office], None]


def aws_cli(office: Office, **variables: str) -> tuple[Shell, list[str]]:
    """Return a shell with the AWS CLI, pip and twine, and how to log in."""
    home = office.new_home()
    domain = office.domain
    where = ["--domain", domain.domain, "--domain-owner", domain.owner, "--repository", TEAM]
    (home / "pyproject.toml").write_text(office.own_table(TEAM), encoding="utf-8")
    shell = office.shell(home, home, "aws", "pip", "twine", **{**TOOLS["pip"].variables, **variables})
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
    assert "token-stale" in findings(shell)
    shell.run(*login, "pip")
    shell.run(*install)


def aws_cli_of_a_stranger(_request: pytest.FixtureRequest, office: Office) -> None:
    shell, login = aws_cli(office, **stranger_of(office.domain).environment)
    for tool in ("pip", "twine"):
        shell.run(*login, tool)
    assert shell.run("pip", "install", "--target", "target", LIBRARY, check=False).returncode != 0
    assert "read-denied" in findings(shell)
    wheel = wheel_in(shell.folder, "acme-strange")
    refused = shell.run("twine", "upload", "--repository", "codeartifact", wheel, check=False)
    assert "403 Forbidden" in refused.stdout
    nobody = office.domain.user(actions=["sts:GetServiceBearerToken"])
    shell, login = aws_cli(office, **nobody.environment)
    said = shell.run(*login, "pip", check=False)
    assert said.returncode != 0
    assert re.search("AccessDeniedException.*codeartifact:GetAuthorizationToken", said.stdout)


def findings(shell: Shell) -> set[str]:
    """Return what `inhouse doctor` finds, by id."""
    said = shell.run(*INHOUSE, "doctor", "--format", "json", check=False).stdout
    return {finding["id"] for finding in json.loads(said)["findings"]}


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
    unread = shell_at_aws(request, office, stranger_of(place.domain).program_environment())
    assert AtAws(place.domain, unread).pip("target").returncode != 0
    (unread.folder / "pyproject.toml").write_text(own_table(place.domain, TEAM), encoding="utf-8")
    assert "read-denied" in findings(unread)
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
