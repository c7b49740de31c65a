"""After `inhouse login` every tool works, after `inhouse logout` every file is what it was; or `inhouse run` alone."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import uv

from inhouse.tools.locations import Machine, Tool, locations, user_file
from latest_programs import ENVIRONMENTS, install_through
from support import DOMAIN, LIBRARIES, Account, Shell, publish_wheel, write_wheel

pytestmark = pytest.mark.slow

INHOUSE = [sys.executable, "-m", "inhouse"]
WHERE = ["--domain", DOMAIN, "--repository", LIBRARIES]
PROGRAMS = {
    "poetry": ENVIRONMENTS["poetry-2"],
    **{name: ENVIRONMENTS[name] for name in ("keyring", "pdm", "hatch", "twine", "pip")},
}
"""What is installed in the environment of each program."""


@pytest.fixture(scope="session")
def programs(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PATH with the latest of all tools, each with an environment of its own."""
    folder = tmp_path_factory.mktemp("programs")
    (folder / "bin").mkdir()
    for name, packages in PROGRAMS.items():
        install_through(account, folder / name, *packages)
        (folder / "bin" / name).symlink_to(folder / name / "bin" / name)
    (folder / "bin" / "uv").symlink_to(uv.find_uv_bin())
    return folder / "bin"


@pytest.fixture
def desk(shell: Shell, programs: Path) -> Shell:
    """A person's shell with all tools, and with configuration of their own."""
    home = Path(shell.environment["HOME"])
    for name, text in {
        ".config/pip/pip.conf": "# mine\n[global]\ntimeout = 15\nextra-index-url = http://127.0.0.1:9/simple/\n",
        ".config/uv/uv.toml": '# mine\nlink-mode = "copy"\nindex-url = "http://127.0.0.1:9/simple/"\n',
        ".config/pypoetry/config.toml": "[virtualenvs]\nin-project = true  # mine\n",
        ".config/pdm/config.toml": '[pypi]\nurl = "http://127.0.0.1:9/simple/"\n\n[venv]\nin_project = true\n',
        ".pypirc": "[distutils]\nindex-servers = mine\n\n[mine]\nrepository = http://127.0.0.1:9/\n",
        ".netrc": "machine other.example login ada password made-up\n",
    }.items():
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    path = f"{programs}:/usr/bin:/bin"
    return Shell(shell.folder, {**shell.environment, "PATH": path, "PDM_CHECK_UPDATE": "false", "CI": "true"})


@pytest.fixture
def library(account: Account, shell: Shell, request: pytest.FixtureRequest) -> str:
    """The name of a published library, another one for each test."""
    name = "acme-" + re.sub(r"[^a-z0-9]+", "-", request.node.name.lower())[-40:].strip("-")
    wheel = write_wheel(shell.folder / "published", name, "1.0")
    publish_wheel(account, shell, wheel)
    return name


def inhouse(shell: Shell, *arguments: str, check: bool = True) -> str:
    return shell.run(*INHOUSE, *arguments, check=check).stdout


def files(shell: Shell) -> dict[str, bytes]:
    home = Path(shell.environment["HOME"])
    wanted = [home / ".pypirc", home / ".netrc", *(home / ".config").rglob("*")]
    return {str(path): path.read_bytes() for path in wanted if path.is_file()}


def project(shell: Shell, library: str, *more: str) -> Shell:
    folder = shell.folder / "consumer"
    folder.mkdir(exist_ok=True)
    head = f'[project]\nname = "consumer"\nversion = "1"\nrequires-python = ">=3.11,<4"\ndependencies = ["{library}"]\n'
    (folder / "pyproject.toml").write_text("\n".join([head, *more, ""]), encoding="utf-8")
    return Shell(folder, shell.environment)


def source(account: Account, name: str = "acme") -> str:
    return (
        f"[tool.poetry]\npackage-mode = false\n"
        f'[[tool.poetry.source]]\nname = "{name}"\nurl = "{account.index_url}"\npriority = "primary"\n'
    )


Use = Callable[[Shell, Account, str, list[str]], object]


def use_pip(shell: Shell, account: Account, library: str, before: list[str]) -> None:
    _ = account
    shell.run("pip", "--version")
    shell.run(*before, "pip", "--no-input", "download", "--no-cache-dir", "--no-deps", "--dest", "wheels", library)
    assert list((shell.folder / "wheels").glob("*.whl"))


def use_uv(shell: Shell, account: Account, library: str, before: list[str]) -> None:
    _ = account
    shell.run("uv", "venv", "--clear", "--python", sys.executable, "venv")
    shell.run(*before, "uv", "pip", "install", "--no-cache", "--python", "venv/bin/python", library)


def use_poetry(shell: Shell, account: Account, library: str, before: list[str]) -> None:
    here = project(shell, library, source(account))
    for command in ("lock", "install"):
        here.run(*before, "poetry", "--no-interaction", command)
    assert library in (here.folder / "poetry.lock").read_text(encoding="utf-8")


def use_pdm(shell: Shell, account: Account, library: str, before: list[str]) -> None:
    _ = account
    here = project(shell, library)
    here.run("pdm", "use", "--quiet", "--first", sys.executable)
    here.run(*before, "pdm", "install", "--no-self")
    assert library in (here.folder / "pdm.lock").read_text(encoding="utf-8")


def publish(*argv: str) -> Use:
    def use(shell: Shell, account: Account, library: str, before: list[str]) -> None:
        wheel = write_wheel(shell.folder / "dist", f"{library}-more", "1.0")
        (shell.folder / "pyproject.toml").write_text(
            f'[project]\nname = "{library}-more"\nversion = "1.0"\n[build-system]\nrequires = ["hatchling"]\n'
            'build-backend = "hatchling.build"\n',
            encoding="utf-8",
        )
        shell.run(*before, *argv, *([] if argv[0] in {"poetry", "pdm"} else [wheel]))
        listed = account.client.list_package_versions(
            domain=DOMAIN, repository=LIBRARIES, format="pypi", package=f"{library}-more"
        )
        assert [version["version"] for version in listed["versions"]] == ["1.0"]

    return use


AFTER_LOGIN: dict[str, tuple[str, Use]] = {
    "pip": ("pip", use_pip),
    "uv": ("uv", use_uv),
    "poetry": ("poetry", use_poetry),
    "pdm": ("pdm", use_pdm),
    "uv-publish": ("uv", publish("uv", "publish", "--index", "acme", "--username", "aws")),
    "poetry-publish": ("poetry", publish("poetry", "publish", "--no-interaction", "--repository", "acme-publish")),
    "pdm-publish": ("pdm", publish("pdm", "publish", "--no-build", "--repository", "acme")),
    "twine-publish": ("twine", publish("twine", "upload", "--non-interactive", "--repository", "acme")),
    "hatch-publish": ("hatch", publish("hatch", "publish", "--no-prompt")),
}


@pytest.mark.parametrize("name", AFTER_LOGIN)
def test_a_tool_works_after_login_and_logout_leaves_no_trace(
    account: Account, desk: Shell, library: str, name: str
) -> None:
    tool, use = AFTER_LOGIN[name]
    if name != "poetry":  # whose source is the project's
        with pytest.raises(AssertionError):  # or the rest proves nothing
            use(desk, account, library, [])
    before = files(desk)
    said = inhouse(desk, "login", "--tool", tool, *WHERE)
    assert f"user/admin uses acme-111122223333/{LIBRARIES} at {account.index_url}; the token works until" in said
    written = files(desk)
    assert written != before
    assert not any(account.token().encode() in text for text in written.values())
    use(desk, account, library, [])
    inhouse(desk, "logout")
    assert files(desk) == before


def test_netrc_and_a_poetry_without_keyring_get_a_token(account: Account, desk: Shell, library: str) -> None:
    desk = Shell(desk.folder, {**desk.environment, "POETRY_KEYRING_ENABLED": "false", "PIP_CONFIG_FILE": os.devnull})
    before = files(desk)
    said = inhouse(desk, "login", "--tool", "netrc", "--tool", "poetry", *WHERE)
    home = Path(desk.environment["HOME"])
    assert "could be read by others, and is closed to them now" in said
    for name in (".netrc", ".config/pypoetry/auth.toml"):
        assert (home / name).stat().st_mode & 0o777 == 0o600
    options = ["--no-input", "--no-cache-dir", "--index-url", account.index_url, "--dest", "wheels"]
    desk.run("pip", "download", *options, library)
    use_poetry(desk, account, library, [])
    inhouse(desk, "logout")
    assert files(desk) == before


RUNS: dict[str, Use] = {
    "pip": use_pip,
    "uv": use_uv,
    "poetry": use_poetry,
    "pdm": use_pdm,
    "uv-publish": publish("uv", "publish"),
    "poetry-publish": publish("poetry", "publish", "--no-interaction", "--repository", "acme"),
    "pdm-publish": publish("pdm", "publish", "--no-build"),
    "twine-publish": publish("twine", "upload", "--non-interactive"),
    "hatch-publish": publish("hatch", "publish", "--no-prompt"),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_tool_works_under_run_without_any_configuration(
    account: Account, shell: Shell, programs: Path, library: str, name: str
) -> None:
    hostile = {"PIP_EXTRA_INDEX_URL": "http://127.0.0.1:9/simple/", "UV_INDEX": "http://127.0.0.1:9/simple/"}
    path = f"{programs}:/usr/bin:/bin"
    here = Shell(shell.folder, {**shell.environment, "PATH": path, "PDM_CHECK_UPDATE": "false", **hostile})
    RUNS[name](here, account, library, [*INHOUSE, "run", *WHERE, "--"])


@pytest.mark.parametrize("index", ["acme", "Acme_Lib2"])
def test_the_name_of_an_index_survives_as_each_tool_spells_it(
    account: Account, desk: Shell, library: str, index: str
) -> None:
    own = f'[tool.inhouse]\ndomain = "{DOMAIN}"\nowner = "111122223333"\nregion = "us-east-1"\n'
    own += f'repository = "{LIBRARIES}"\nindex = "{index}"\n'
    listed = f'[[tool.uv.index]]\nname = "{index}"\nurl = "{account.index_url}"\npublish-url = "{account.endpoint}"\n'
    uv_project = project(desk, library, own, listed + 'default = true\nauthenticate = "always"\n')
    uv_project.run(*INHOUSE, "run", "--tool", "uv", "--", "uv", "lock")
    (uv_project.folder / "uv.lock").unlink()
    poetry_project = project(desk, library, own, source(account, index))
    poetry_project.run(*INHOUSE, "run", "--tool", "poetry", "--", "poetry", "--no-interaction", "lock")


def test_a_shell_takes_the_variables(account: Account, desk: Shell, library: str) -> None:
    _ = account
    script = f'eval "$({" ".join(INHOUSE)} env --tool pip {" ".join(WHERE)})" && pip download --no-deps {library}'
    desk.run("sh", "-c", script, PIP_CONFIG_FILE=os.devnull)
    said = json.loads(subprocess.run(
        [*INHOUSE, "env", "--tool", "twine", "--format", "json", *WHERE],
        cwd=desk.folder, env=dict(desk.environment), check=True, capture_output=True,
    ).stdout)  # fmt: skip
    assert said["TWINE_REPOSITORY_URL"] == account.endpoint


def test_run_is_the_command_in_all_but_name(desk: Shell) -> None:
    script = "import os, sys; print(sys.stdin.read(), 'PIP_INDEX_URL' in os.environ); sys.exit(7)"
    argv = [*INHOUSE, "run", *WHERE, "--", sys.executable, "-c", script]
    done = subprocess.run(
        argv, cwd=desk.folder, env=dict(desk.environment), input="hello", capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (7, "hello True\n")
    assert "no-such-program" in inhouse(desk, "run", *WHERE, "--", "no-such-program", check=False)


def test_a_signal_reaches_the_command(desk: Shell) -> None:
    script = "import time; print('ready', flush=True); time.sleep(60)"
    argv = [*INHOUSE, "run", *WHERE, "--", sys.executable, "-c", script]
    with subprocess.Popen(argv, cwd=desk.folder, env=dict(desk.environment), stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        assert run.stdout.readline() == "ready\n"
        started = time.monotonic()
        run.send_signal(signal.SIGTERM)
        assert run.wait() == -signal.SIGTERM
        assert time.monotonic() - started < 10


def test_the_tools_keep_their_files_where_we_say(desk: Shell, programs: Path) -> None:
    machine = Machine(desk.environment, exists=Path.exists)
    debug = desk.run("pip", "config", "debug").stdout
    environment = (programs / "pip").resolve().parents[1]
    for location in locations(Tool.PIP, machine, prefix=environment):
        assert f"{location.path}, exists:" in debug, location
    assert str(user_file(Tool.HATCH, machine)) in desk.run("hatch", "config", "find").stdout.replace("\n", "")
    assert str(user_file(Tool.PDM, machine)) in desk.run("pdm", "config", NO_COLOR="1", COLUMNS="300").stdout
    store = next(each.path for each in locations(Tool.UV, machine) if each.for_secrets)
    assert desk.run("uv", "auth", "dir").stdout.strip() == str(store.parent)
    desk.run("poetry", "config", "http-basic.x", "a", "b", POETRY_KEYRING_ENABLED="false")
    auth = next(each.path for each in locations(Tool.POETRY, machine) if each.for_secrets)
    assert "http-basic" in auth.read_text(encoding="utf-8")
