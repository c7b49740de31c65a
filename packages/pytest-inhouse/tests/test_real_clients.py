"""Programs that know nothing but AWS's own addresses, unmodified and in their latest releases."""

import json
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import uv

from pytest_inhouse import AwsHosts, CodeArtifact, make_wheel

pytestmark = [pytest.mark.slow, pytest.mark.codeartifact(aws_hosts=True)]

_AWS_CLI_LOCK = Path(__file__).parents[3] / "requirements" / "aws-cli.txt"
_ENVIRONMENTS = {
    "aws": ["--require-hashes", "--requirements", str(_AWS_CLI_LOCK)],
    "tools": ["pip", "twine", "keyrings.codeartifact"],
    "poetry": ["poetry>=2", "keyrings.codeartifact"],
}


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of environments, each with programs whose dependencies do not agree with the others'."""
    folder = tmp_path_factory.mktemp("programs")
    for name, requirements in _ENVIRONMENTS.items():
        venv.create(folder / name, with_pip=False)
        install = [uv.find_uv_bin(), "pip", "install", "--quiet", "--python", str(folder / name), *requirements]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return folder


@dataclass(frozen=True)
class Shell:
    """Runs programs in a folder."""

    folder: Path
    programs: Path

    def run(
        self, program: str, *arguments: str | Path, env: Mapping[str, str], check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run `<environment>/<program>`, `uv`, or a path."""
        found = uv.find_uv_bin() if program == "uv" else str(self.programs / program.replace("/", "/bin/", 1))
        done = subprocess.run(
            [found if "/" in program or program == "uv" else program, *map(str, arguments)],
            cwd=self.folder,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, f"{program}\n{done.stdout}\n{done.stderr}"
        return done

    def python(self, code: str, env: Mapping[str, str], path: Path) -> str:
        """Return what a program says that finds packages in a folder."""
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**env, "PYTHONPATH": str(path)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def wheel(self, name: str, version: str) -> Path:
        """Write a wheel."""
        made = make_wheel(name, version)
        path = self.folder / made.filename
        path.write_bytes(made.content)
        return path


@pytest.fixture
def shell(programs: Path, tmp_path: Path) -> Shell:
    return Shell(tmp_path, programs)


@pytest.fixture
def team(codeartifact: CodeArtifact) -> str:
    """A repository with a library of ours, which needs one of PyPI's."""
    store = codeartifact.repository("store", public=True)
    team = codeartifact.repository("team", upstreams=[store])
    codeartifact.public.add("idna", "99.0")
    codeartifact.publish("acme-core", "1.0", repository=team, requires=["idna"])
    return team


def on_path(environment: dict[str, str], folder: Path) -> dict[str, str]:
    return {**environment, "PATH": f"{folder / 'bin'}:{environment['PATH']}"}


def reached_beside_the_api(codeartifact: CodeArtifact, hosts: AwsHosts) -> set[str]:
    """Return the hosts that were reached; it has been checked that no program asked for any other."""
    assert hosts.refused == []
    return set(hosts.reached) - {f"codeartifact.{codeartifact.region}.amazonaws.com"}


def repository_host(codeartifact: CodeArtifact) -> str:
    return f"{codeartifact.domain}-{codeartifact.owner}.d.codeartifact.{codeartifact.region}.amazonaws.com"


def test_the_aws_cli_and_what_it_logs_in(
    codeartifact: CodeArtifact, aws_hosts: AwsHosts, team: str, shell: Shell, programs: Path
) -> None:
    environment = on_path(codeartifact.program_environment(), programs / "tools")
    said = shell.run("aws/aws", "sts", "get-caller-identity", env=environment).stdout
    assert json.loads(said)["Account"] == codeartifact.owner
    where = ("--domain", codeartifact.domain, "--domain-owner", codeartifact.owner, "--repository", team)
    for tool in ("twine", "pip"):
        shell.run("aws/aws", "codeartifact", "login", "--tool", tool, *where, env=environment)
    wheel = shell.wheel("acme-more", "2.0")
    shell.run("tools/twine", "upload", "--repository", "codeartifact", wheel, env=environment)
    target = shell.folder / "target"
    shell.run("tools/pip", "install", "--target", target, "acme-core", "acme-more", env=environment)
    assert {path.name for path in target.glob("*.dist-info")} == {
        "acme_core-1.0.dist-info",
        "acme_more-2.0.dist-info",
        "idna-99.0.dist-info",
    }
    assert reached_beside_the_api(codeartifact, aws_hosts) == {
        repository_host(codeartifact),
        f"sts.{codeartifact.region}.amazonaws.com",
    }


def test_pip(codeartifact: CodeArtifact, aws_hosts: AwsHosts, team: str, shell: Shell) -> None:
    environment = codeartifact.installer_environment("pip", team)
    target = shell.folder / "target"
    shell.run("tools/pip", "install", "--target", target, "acme-core", env=environment)
    assert shell.python("import acme_core, idna; print(idna.__version__)", environment, target) == "99.0"
    assert reached_beside_the_api(codeartifact, aws_hosts) == {repository_host(codeartifact)}


def test_twine(codeartifact: CodeArtifact, aws_hosts: AwsHosts, team: str, shell: Shell) -> None:
    environment = codeartifact.installer_environment("twine", team)
    shell.run("tools/twine", "upload", shell.wheel("acme-more", "1.0"), env=environment)
    assert reached_beside_the_api(codeartifact, aws_hosts) == {repository_host(codeartifact)}
    versions = codeartifact.client().list_package_versions(
        domain=codeartifact.domain, repository=team, format="pypi", package="acme-more"
    )
    assert [each["version"] for each in versions["versions"]] == ["1.0"]


def test_uv(codeartifact: CodeArtifact, aws_hosts: AwsHosts, team: str, shell: Shell) -> None:
    (shell.folder / "pyproject.toml").write_text(
        '[project]\nname = "consumer"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["acme-core"]\n'
        f'[[tool.uv.index]]\nname = "acme"\nurl = "{codeartifact.index_url(team)}"\ndefault = true\n'
        'authenticate = "always"\n',
        encoding="utf-8",
    )
    environment = codeartifact.installer_environment("uv", team, index_name="acme")
    shell.run("uv", "sync", env=environment)
    lock = (shell.folder / "uv.lock").read_text(encoding="utf-8")
    assert repository_host(codeartifact) in lock
    installed = {path.name for path in shell.folder.glob(".venv/lib/*/site-packages/*.dist-info")}
    assert installed >= {"acme_core-1.0.dist-info", "idna-99.0.dist-info"}
    shell.run("uv", "publish", shell.wheel("acme-more", "1.0"), env=environment)
    codeartifact.clock.move(hours=13)
    environment["UV_CACHE_DIR"] = str(shell.folder / "empty")
    late = shell.run("uv", "sync", "--reinstall", env=environment, check=False)
    assert late.returncode != 0
    assert "401" in late.stderr
    assert reached_beside_the_api(codeartifact, aws_hosts) == {repository_host(codeartifact)}


def poetry_project(folder: Path, index: str) -> None:
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "consumer"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["acme-core"]\n'
        '[tool.poetry]\npackage-mode = false\n[[tool.poetry.source]]\nname = "codeartifact"\n'
        f'url = "{index}"\npriority = "primary"\n',
        encoding="utf-8",
    )


def test_poetry(codeartifact: CodeArtifact, aws_hosts: AwsHosts, team: str, shell: Shell) -> None:
    environment = codeartifact.installer_environment("poetry", team)
    project = Shell(shell.folder / "project", shell.programs)
    project.folder.mkdir()
    poetry_project(project.folder, codeartifact.index_url(team))
    project.run("poetry/poetry", "lock", env=environment)
    assert repository_host(codeartifact) in (project.folder / "poetry.lock").read_text(encoding="utf-8")
    project.run("poetry/poetry", "install", env=environment)
    said = project.run("poetry/poetry", "run", "python", "-c", "import acme_core, idna", env=environment)
    assert said.returncode == 0
    library = Shell(shell.folder / "library", shell.programs)
    (library.folder / "dist").mkdir(parents=True)
    (library.folder / "pyproject.toml").write_text('[project]\nname = "acme-more"\nversion = "1.0"\n')
    Shell(library.folder / "dist", shell.programs).wheel("acme-more", "1.0")
    library.run("poetry/poetry", "publish", "--repository", "codeartifact-upload", env=environment)
    assert reached_beside_the_api(codeartifact, aws_hosts) == {repository_host(codeartifact)}


class TestKeyring:
    """keyrings.codeartifact: it finds domain, owner and region in the address, and asks AWS for a token by itself."""

    def test_pip(self, codeartifact: CodeArtifact, aws_hosts: AwsHosts, team: str, shell: Shell) -> None:
        environment = codeartifact.program_environment()
        index = codeartifact.index_url(team)
        target = shell.folder / "target"
        shell.run(
            "tools/pip",
            "install",
            *("--keyring-provider", "import", "--index-url", index, "--target", target, "acme-core"),
            env=environment,
        )
        assert (target / "idna").is_dir()
        assert reached_beside_the_api(codeartifact, aws_hosts) == {repository_host(codeartifact)}

    def test_uv(self, codeartifact: CodeArtifact, aws_hosts: AwsHosts, team: str, shell: Shell, programs: Path) -> None:
        environment = on_path(codeartifact.program_environment(), programs / "tools")
        index = codeartifact.index_url(team).replace("://", "://aws@")
        target = shell.folder / "target"
        shell.run(
            "uv",
            *("pip", "install", "--keyring-provider", "subprocess", "--default-index", index),
            *("--python", sys.executable, "--target", target, "acme-core"),
            env=environment,
        )
        assert (target / "idna").is_dir()
        assert reached_beside_the_api(codeartifact, aws_hosts) == {repository_host(codeartifact)}

    def test_twine(self, codeartifact: CodeArtifact, aws_hosts: AwsHosts, team: str, shell: Shell) -> None:
        environment = codeartifact.program_environment()
        wheel = shell.wheel("acme-more", "1.0")
        upload = ("upload", "--non-interactive", "--username", "aws", "--repository-url", codeartifact.endpoint(team))
        shell.run("tools/twine", *upload, wheel, env=environment)
        nobody = codeartifact.user()
        refused = shell.run("tools/twine", *upload, wheel, env=nobody.program_environment(), check=False)
        assert refused.returncode != 0
        assert reached_beside_the_api(codeartifact, aws_hosts) == {repository_host(codeartifact)}

    def test_poetry(self, codeartifact: CodeArtifact, aws_hosts: AwsHosts, team: str, shell: Shell) -> None:
        poetry_project(shell.folder, codeartifact.index_url(team))
        shell.run("poetry/poetry", "lock", env=codeartifact.program_environment())
        assert "idna" in (shell.folder / "poetry.lock").read_text(encoding="utf-8")
        assert reached_beside_the_api(codeartifact, aws_hosts) == {repository_host(codeartifact)}
