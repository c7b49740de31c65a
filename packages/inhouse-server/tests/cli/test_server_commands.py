import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from live_server import LiveServer

from inhouse_server import cli
from inhouse_server.cli import serve, server
from inhouse_server.data_folder import server_file, write_json


@pytest.fixture
def running(live_server: LiveServer) -> LiveServer:
    """The live server, saying where it is as one started from the command line does."""
    write_json(server_file(live_server.folder.path), {"url": live_server.url, "pid": 1})
    return live_server


def test_env_for_a_shell(running: LiveServer) -> None:
    result = CliRunner().invoke(server, ["env", "--data-dir", str(running.folder.path)])
    assert (result.exit_code, result.stderr) == (0, "")
    inherited = "export AWS_SESSION_TOKEN=old AWS_SECURITY_TOKEN=older\n"
    script = inherited + result.stdout + 'echo "${AWS_SESSION_TOKEN-none} ${AWS_SECURITY_TOKEN-none}"'
    assert subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout == "none none\n"
    names = (
        "AWS_ENDPOINT_URL_CODEARTIFACT AWS_ENDPOINT_URL_STS AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY"
        " AWS_DEFAULT_REGION AWS_REGION"
    )
    script = result.stdout + "".join(f'printf "%s\\n" "${name}"\n' for name in names.split())
    printed = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout.splitlines()
    assert printed == [running.url, running.url, running.key.id, running.key.secret, "us-east-1", "us-east-1"]


def test_env_as_json(running: LiveServer) -> None:
    result = CliRunner().invoke(server, ["env", "--data-dir", str(running.folder.path), "--format", "json"])
    assert json.loads(result.stdout) == {
        "AWS_ENDPOINT_URL_CODEARTIFACT": running.url,
        "AWS_ENDPOINT_URL_STS": running.url,
        "AWS_ACCESS_KEY_ID": running.key.id,
        "AWS_SECRET_ACCESS_KEY": running.key.secret,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
    }


@pytest.mark.parametrize("command", ["env", "profile"])
def test_without_a_server(tmp_path: Path, command: str) -> None:
    result = CliRunner().invoke(server, [command, "--data-dir", str(tmp_path / "da ta")])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        f"error: No server works on the data folder {tmp_path / 'da ta'}.\n\n"
        f"hint: Start one: inhouse server start --data-dir '{tmp_path / 'da ta'}'\n"
    )


def test_profile(running: LiveServer, tmp_path: Path) -> None:
    environment = {
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
    }
    result = CliRunner().invoke(server, ["profile", "--data-dir", str(running.folder.path)], env=environment)
    assert result.exit_code == 0
    assert result.stdout == "export AWS_PROFILE=inhouse-local\n"
    assert str(tmp_path / "config") in result.stderr
    assert running.key.secret in (tmp_path / "credentials").read_text()


def test_a_setting_that_cannot_be_used() -> None:
    result = CliRunner().invoke(server, ["start", "--port", "http"])
    assert result.exit_code == 1
    assert result.stderr.startswith(
        "error: --port: 'http' cannot be used: a port is a number from 0 to 65535.\n\nhint: "
    )
    result = CliRunner().invoke(server, ["env"], env={"INHOUSE_DATA_DIR": ""})
    assert result.stderr.startswith("error: INHOUSE_DATA_DIR: '' cannot be used")


def test_serve_is_start() -> None:
    assert serve.params == server.commands["start"].params
    result = CliRunner().invoke(serve, ["--port", "http"])
    assert (result.exit_code, "--port" in result.stderr) == (1, True)


class Flags:
    """What the client's command line has as its object."""

    is_verbose = True


@pytest.mark.parametrize("how", ["flag", "variable", "object"])
def test_a_traceback_is_shown_when_asked_for(tmp_path: Path, how: str) -> None:
    arguments = ["env", "--data-dir", str(tmp_path)]
    quiet = CliRunner().invoke(server, arguments)
    assert "Traceback" not in quiet.stderr
    result = CliRunner().invoke(
        server,
        ["--verbose", *arguments] if how == "flag" else arguments,
        env={"INHOUSE_VERBOSE": "1"} if how == "variable" else {},
        obj=Flags() if how == "object" else None,
    )
    assert "Traceback" in result.stderr
    assert result.stderr.endswith(quiet.stderr)


def test_inside_another_program_it_looks_the_same(tmp_path: Path) -> None:
    """The client runs these commands without click's own way to show errors."""
    root = click.Group("inhouse", commands={"server": server})
    with pytest.raises(click.ClickException) as caught:
        root.main(["server", "env", "--data-dir", str(tmp_path)], prog_name="inhouse", standalone_mode=False)
    assert caught.value.exit_code == 1
    with (tmp_path / "shown").open("w") as file:
        caught.value.show(file)
    assert (tmp_path / "shown").read_text().startswith("error: No server works on")


def test_main_shows_what_nobody_foresaw(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(**_: str) -> None:
        raise RuntimeError("made up")

    monkeypatch.setattr(server, "invoke", lambda _: fail())
    monkeypatch.setattr(sys, "argv", ["inhouse-server", "env"])
    with pytest.raises(SystemExit) as exited:
        cli.main()
    assert exited.value.code == 1
    assert capsys.readouterr().err.startswith("error: RuntimeError: made up\n\nhint: ")
    monkeypatch.setattr(sys, "argv", ["inhouse-server", "--verbose", "env"])
    with pytest.raises(RuntimeError, match="made up"):
        cli.main()


def test_help_names_every_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["inhouse-server", "--help"])
    with pytest.raises(SystemExit):
        cli.main()
    shown = capsys.readouterr().out
    for name in ("start", "env", "profile"):
        assert name in shown
    assert "..." not in shown.partition("Commands:")[2], "every command is explained in full"


def test_the_commands_load_fast() -> None:
    """`inhouse --help` loads every command; AWS's models and a web framework must not come with them."""
    program = (
        "import sys, inhouse_server.cli;"
        "print(sorted({'botocore', 'starlette', 'uvicorn', 'psutil', 'urllib3', 'regex', 'jinja2'} & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert printed == "[]\n"
