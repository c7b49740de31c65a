"""Every tool gets its token by itself, without a login, from a cache that all of them share."""

import subprocess
import sys
from pathlib import Path

import pytest
import uv

from latest_programs import CORE, install_through
from pytest_inhouse import RunningServer
from support import DOMAIN, LIBRARIES, Account, Shell, publish_wheel, write_wheel

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def tools(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment with keyring, pip, twine, Poetry and inhouse-keyring beside them."""
    folder = tmp_path_factory.mktemp("tools")
    install_through(account, folder / "venv", "keyring", "pip", "twine", "poetry", CORE)
    return folder / "venv" / "bin"


@pytest.fixture
def library(account: Account, shell: Shell, request: pytest.FixtureRequest) -> str:
    """The name of a published library, another one for each test."""
    name = "acme-" + "-".join(request.node.name.split("_")[1:4])
    wheel = write_wheel(shell.folder / "dist", name, "1.0")
    publish_wheel(account, shell, wheel)
    return name


@pytest.fixture
def questions(whole_server: RunningServer) -> "Questions":
    return Questions(whole_server.data_dir / "audit")


class Questions:
    """How often the repository was asked for a token, as its audit log says."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._before = self._count()

    def _count(self) -> int:
        logs = "".join(file.read_text(encoding="utf-8") for file in self._folder.glob("*.jsonl"))
        return logs.count('"codeartifact:GetAuthorizationToken"')

    @property
    def asked(self) -> int:
        return self._count() - self._before


def stand_in(shell: Shell, tools: Path) -> str:
    """Put the stand-in for `keyring` first on PATH, and return that."""
    shell.run(tools / "inhouse-keyring", "install-shim", shell.folder / "shim")
    return f"{shell.folder / 'shim'}:/usr/bin:/bin"


def test_uv_locks_syncs_and_publishes_without_a_login(
    account: Account, shell: Shell, tools: Path, library: str, questions: Questions
) -> None:
    project = shell.folder / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        f'[project]\nname = "consumer"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["{library}"]\n'
        '[tool.uv]\nkeyring-provider = "subprocess"\n'
        f'[[tool.uv.index]]\nname = "acme"\nurl = "{account.index_url}"\ndefault = true\nauthenticate = "always"\n',
        encoding="utf-8",
    )
    path = stand_in(shell, tools)
    here = Shell(project, {**shell.environment, "PATH": path})
    here.run(uv.find_uv_bin(), "lock")
    here.run(uv.find_uv_bin(), "sync", "--python", sys.executable)
    assert (project / "uv.lock").exists()
    wheel = write_wheel(shell.folder / "other", f"{library}-other", "1.0")
    publish = ["publish", "--keyring-provider", "subprocess", "--username", "aws", "--publish-url", account.endpoint]
    here.run(uv.find_uv_bin(), *publish, wheel)
    assert questions.asked == 1


def test_pip_downloads_without_a_login(
    account: Account, shell: Shell, tools: Path, library: str, questions: Questions
) -> None:
    path = stand_in(shell, tools)
    for provider in ("subprocess", "import"):
        options = ["--no-input", "--keyring-provider", provider, "--index-url", account.index_url]
        download = ["download", "--no-cache-dir", "--dest", provider, *options, library]
        shell.run(tools / "python", "-m", "pip", *download, PATH=path)
        assert list((shell.folder / provider).glob("*.whl"))
    assert questions.asked == 1


def test_twine_uploads_without_a_login(account: Account, shell: Shell, tools: Path, questions: Questions) -> None:
    wheel = write_wheel(shell.folder / "dist", "acme-twine", "1.0")
    shell.run(tools / "twine", "upload", "--non-interactive", "--repository-url", account.endpoint, wheel)
    assert questions.asked == 1
    versions = account.client.list_package_versions(
        domain=DOMAIN, repository=LIBRARIES, format="pypi", package="acme-twine"
    )
    assert [each["version"] for each in versions["versions"]] == ["1.0"]


def test_poetry_locks_and_installs_without_a_login(
    account: Account, shell: Shell, tools: Path, library: str, questions: Questions
) -> None:
    project = shell.folder / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        f'[project]\nname = "consumer"\nversion = "1"\nrequires-python = ">=3.11,<4"\ndependencies = ["{library}"]\n'
        "[tool.poetry]\npackage-mode = false\n"
        f'[[tool.poetry.source]]\nname = "acme"\nurl = "{account.index_url}"\npriority = "primary"\n',
        encoding="utf-8",
    )
    here = Shell(project, {**shell.environment, "POETRY_VIRTUALENVS_IN_PROJECT": "true"})
    for command in ("lock", "install"):
        here.run(tools / "poetry", "--no-interaction", command)
    assert (project / ".venv" / "lib").exists()
    assert questions.asked == 1
    said = here.run(tools / "poetry", "config", "http-basic.other", "alice", "made-up", check=False)
    assert said.returncode == 0 or "inhouse keeps no password" in said.stdout


def test_keyring_itself_answers_for_the_repository_and_is_silent_for_others(
    account: Account, shell: Shell, tools: Path, questions: Questions
) -> None:
    said = shell.run(tools / "keyring", "get", account.index_url, "aws")
    again = shell.run(tools / "keyring", "--mode=creds", "--output=json", "get", account.index_url)
    assert said.stdout.strip() in again.stdout
    assert shell.run(tools / "keyring", "get", "https://elsewhere.example", "aws", check=False).returncode == 1
    assert questions.asked == 1


def test_inside_tox_which_takes_the_variables_away_the_users_configuration_is_enough(
    account: Account, shell: Shell, tools: Path, questions: Questions
) -> None:
    environment = account.environment
    home = Path(shell.environment["HOME"])
    keys = f"aws_access_key_id = {environment['AWS_ACCESS_KEY_ID']}\n"
    keys += f"aws_secret_access_key = {environment['AWS_SECRET_ACCESS_KEY']}\n"
    owner = account.client.describe_domain(domain=DOMAIN)["domain"]["owner"]
    for path, text in (
        (
            home / ".aws" / "config",
            f"[profile work]\nendpoint_url = {environment['AWS_ENDPOINT_URL_CODEARTIFACT']}\n{keys}",
        ),
        (home / ".config" / "inhouse" / "config.toml", f'[profiles]\n"{DOMAIN}-{owner}" = "work"\n'),
    ):
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    stripped = {name: value for name, value in shell.environment.items() if not name.startswith("AWS_")}
    inside = Shell(shell.folder, stripped)
    for _ in range(2):
        inside.run(tools / "inhouse-keyring", "get", account.index_url, "aws")
    assert questions.asked == 1


def test_an_account_that_is_not_ours_gets_its_own_token_or_none(account: Account, shell: Shell, tools: Path) -> None:
    mine = shell.run(tools / "inhouse-keyring", "get", account.index_url, "aws").stdout
    refused = shell.run(
        tools / "inhouse-keyring", "get", account.index_url, "aws", check=False, AWS_SECRET_ACCESS_KEY="another"
    )
    assert refused.returncode == 1
    assert mine.strip() not in refused.stdout
    assert "the AWS credentials are refused" in refused.stdout


def test_of_24_processes_at_once_one_asks(account: Account, shell: Shell, tools: Path, questions: Questions) -> None:
    command = [str(tools / "inhouse-keyring"), "get", account.index_url, "aws"]
    started = [
        subprocess.Popen(command, env=dict(shell.environment), stdout=subprocess.PIPE, encoding="utf-8")
        for _ in range(24)
    ]
    assert len({process.communicate()[0] for process in started}) == 1
    assert questions.asked == 1


def test_inhouse_itself_shares_the_cache(account: Account, shell: Shell, tools: Path, questions: Questions) -> None:
    owner = account.client.describe_domain(domain=DOMAIN)["domain"]["owner"]
    where = ["--domain", DOMAIN, "--owner", owner, "--region", "us-east-1"]
    token = shell.run(Path(sys.executable).parent / "inhouse", "token", *where).stdout
    assert shell.run(tools / "inhouse-keyring", "get", account.index_url, "aws").stdout == token
    assert questions.asked == 1
