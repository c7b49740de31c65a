"""Unmodified clients work as against AWS: the AWS CLI, boto3, twine, pip and uv, each as its user would call it."""

from pathlib import Path

import pytest
import uv

from support import DOMAIN, LIBRARIES, STORE, Account, Shell, write_wheel

pytestmark = pytest.mark.slow


def login(shell: Shell, programs: Path, account: Account, tool: str) -> None:
    where = [
        "--domain",
        DOMAIN,
        "--repository",
        LIBRARIES,
        "--endpoint-url",
        account.environment["AWS_ENDPOINT_URL_CODEARTIFACT"],
    ]
    said = shell.run(
        programs / "aws", "codeartifact", "login", "--tool", tool, *where, PATH=f"{programs}:/usr/bin:/bin"
    )
    assert f"Successfully configured {tool}" in said.stdout


def test_aws_login_then_twine_then_pip(account: Account, shell: Shell, client_programs: Path) -> None:
    wheel = write_wheel(shell.folder / "dist", "acme-walk", "1.0", requires=["idna"])
    login(shell, client_programs, account, "twine")
    shell.run(client_programs / "twine", "upload", "--repository", "codeartifact", wheel)

    login(shell, client_programs, account, "pip")
    shell.run(client_programs / "python", "-m", "venv", "venv")
    python = shell.folder / "venv" / "bin" / "python"
    shell.run(python, "-m", "pip", "install", "acme-walk")
    said = shell.run(python, "-c", "import acme_walk, idna; print(acme_walk.VERSION, idna.__name__)")
    assert said.stdout.strip() == "1.0 idna"


def test_the_same_bytes_twice_are_fine_and_other_bytes_are_refused(
    account: Account, shell: Shell, client_programs: Path
) -> None:
    login(shell, client_programs, account, "twine")
    upload: list[str | Path] = [client_programs / "twine", "upload", "--repository", "codeartifact"]
    first = write_wheel(shell.folder / "first", "acme-same", "1.0")
    shell.run(*upload, first)
    shell.run(*upload, first)
    refused = shell.run(
        *upload, write_wheel(shell.folder / "second", "acme-same", "1.0", body="CHANGED = True\n"), check=False
    )
    assert refused.returncode != 0
    assert "409" in refused.stdout


def test_uv_locks_syncs_and_publishes(account: Account, shell: Shell) -> None:
    wheel = write_wheel(shell.folder / "dist", "acme-run", "2.0")
    token = account.token()
    program = uv.find_uv_bin()
    shell.run(
        program,
        "publish",
        "--publish-url",
        account.endpoint,
        "--check-url",
        account.index_url,
        wheel,
        UV_PUBLISH_USERNAME="aws",
        UV_PUBLISH_PASSWORD=token,
    )
    project = shell.folder / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[project]\nname = "consumer"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["acme-run", "idna"]\n'
        f'[[tool.uv.index]]\nname = "acme"\nurl = "{account.index_url}"\ndefault = true\nauthenticate = "always"\n',
        encoding="utf-8",
    )
    here = Shell(project, {**shell.environment, "UV_INDEX_ACME_USERNAME": "aws", "UV_INDEX_ACME_PASSWORD": token})
    here.run(program, "sync")
    lock = (project / "uv.lock").read_text(encoding="utf-8")
    assert token not in lock
    assert {line.split('"')[1] for line in lock.splitlines() if line.startswith("source = { registry")} == {
        account.index_url
    }
    said = here.run(project / ".venv" / "bin" / "python", "-c", "import acme_run; print(acme_run.VERSION)")
    assert said.stdout.strip() == "2.0"
    without = Shell(project, {**shell.environment, "UV_CACHE_DIR": str(shell.folder / "empty")})
    refused = without.run(program, "sync", "--reinstall", check=False)
    assert refused.returncode != 0


def test_what_was_fetched_from_pypi_is_kept_where_it_was_asked_for_and_where_it_came_in(
    account: Account, shell: Shell
) -> None:
    shell.run(
        uv.find_uv_bin(),
        "pip",
        "install",
        "--target",
        shell.folder / "target",
        "iniconfig",
        UV_DEFAULT_INDEX=f"acme={account.index_url}",
        UV_INDEX_ACME_USERNAME="aws",
        UV_INDEX_ACME_PASSWORD=account.token(),
    )
    for repository in (STORE, LIBRARIES):
        versions = account.client.list_package_versions(
            domain=DOMAIN, repository=repository, format="pypi", package="iniconfig"
        )["versions"]
        assert [version["origin"]["originType"] for version in versions] == ["EXTERNAL"]


def test_a_stranger_gets_nothing(account: Account, shell: Shell, client_programs: Path) -> None:
    refused = shell.run(
        client_programs / "python",
        "-m",
        "pip",
        "-vv",  # where there is nobody to ask, older versions of pip tell the status only then
        "download",
        "--no-input",
        "--index-url",
        account.index_url,
        "idna",
        check=False,
    )
    assert refused.returncode != 0
    assert "401" in refused.stdout
