"""`make bootstrap`: the file that every project carries and that gets its pinned inhouse."""

import ast
import base64
import importlib.util
import io
import json
import os
import shutil
import ssl
import stat
import subprocess
import sys
import time
import urllib.error
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

import pytest
import uv
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from inhouse.template import find_template

BOOTSTRAP = find_template() / "{{ cookiecutter.__project_name }}" / ".inhouse" / "bootstrap.py"
TOKEN = "made-up-token"

PYPROJECT = """\
[tool.inhouse]
domain = "acme"
owner = "111122223333"
region = "eu-central-1"
repository = "shared"
index = "acme"

[[tool.uv.index]]
name = "acme"
url = "{index}"
"""


@pytest.fixture
def bootstrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The program, imported, at work in a project of its own."""
    spec = importlib.util.spec_from_file_location("bootstrap", BOOTSTRAP)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec.loader.exec_module(module)
    project = make_project(tmp_path / "project")
    monkeypatch.setattr(module, "ROOT", str(project))
    monkeypatch.setattr(module, "TOOL", str(project / ".inhouse" / "tool"))
    return module


def make_project(folder: Path, index: str = "https://acme.example/pypi/shared/simple/") -> Path:
    (folder / ".inhouse").mkdir(parents=True)
    shutil.copy(BOOTSTRAP, folder / ".inhouse")
    (folder / ".inhouse-version").write_text("1.2.3\n", "utf-8")
    (folder / "pyproject.toml").write_text(PYPROJECT.format(index=index), "utf-8")
    return folder


def program(folder: Path, name: str, source: str) -> Path:
    """Make a program: Python source that writes what it was given to `<name>.json` beside itself first."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    record = f"import json, os, sys; json.dump([sys.argv[1:], dict(os.environ)], open({str(file)!r} + '.json', 'w'))"
    file.write_text(f"#!{sys.executable} -I\n{record}\n{source}\n", "utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def received(file: Path) -> tuple[list[str], dict[str, str]]:
    arguments, environment = json.loads(Path(f"{file}.json").read_text("utf-8"))
    return arguments, environment


# ---------------------------------------------------------------------------------------------------------------------
# What the project says


def test_a_python_that_is_too_old_gets_as_far_as_being_told() -> None:
    ast.parse(BOOTSTRAP.read_text("utf-8"), feature_version=(3, 6))


def test_only_the_standard_library_is_needed() -> None:
    tree = ast.parse(BOOTSTRAP.read_text("utf-8"))
    imported = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }

    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert imported <= sys.stdlib_module_names


def test_every_project_has_the_same_bytes() -> None:
    assert b"{{" not in BOOTSTRAP.read_bytes()
    assert b"{%" not in BOOTSTRAP.read_bytes()


def test_the_project_says_what_is_needed(bootstrap: ModuleType) -> None:
    project = bootstrap.read_project(bootstrap.ROOT)

    assert vars(project) == {
        "version": "1.2.3",
        "domain": "acme",
        "owner": "111122223333",
        "region": "eu-central-1",
        "index": "https://acme.example/pypi/shared/simple/",
    }


def test_an_address_without_its_last_slash_gets_it(bootstrap: ModuleType) -> None:
    file = Path(bootstrap.ROOT, "pyproject.toml")
    file.write_text(file.read_text("utf-8").replace('simple/"', 'simple"'), "utf-8")

    assert bootstrap.read_project(bootstrap.ROOT).index.endswith("/simple/")


@pytest.mark.parametrize(
    ("name", "content", "message", "hint"),
    [
        (".inhouse-version", None, ".inhouse-version cannot be read", "inside its project"),
        ("pyproject.toml", None, "pyproject.toml cannot be read", "inside its project"),
        (".inhouse-version", b"latest", "'latest', which is no version", "like 0.1.0"),
        (".inhouse-version", b"1.0 --index-url=x", "which is no version", "like 0.1.0"),
        ("pyproject.toml", b"[tool", "pyproject.toml is broken", "restore the file from git"),
        ("pyproject.toml", b"\xff", "pyproject.toml is broken", "restore the file from git"),
        ("pyproject.toml", b"", "pyproject.toml lacks 'tool'", "[tool.inhouse] with domain"),
        ("pyproject.toml", b"[tool.inhouse]\ndomain = 'acme'", "pyproject.toml lacks 'owner'", "[tool.inhouse] with"),
        (
            "pyproject.toml",
            PYPROJECT.format(index="https://a/simple/").encode() + b"[[tool.uv.index]]\nurl = 'https://b/simple/'",
            "names 2 indexes",
            "whoever claims our names there wins",
        ),
    ],
)
def test_a_project_that_is_not_as_it_must_be_is_told(
    *,
    bootstrap: ModuleType,
    name: str,
    content: bytes | None,
    message: str,
    hint: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = Path(bootstrap.ROOT, name)
    file.unlink()
    if content is not None:
        file.write_bytes(content)

    assert bootstrap.main() == 1

    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert message in said
    assert hint in said.split("hint: ")[1]


# ---------------------------------------------------------------------------------------------------------------------
# The token


def test_an_exported_token_wins(bootstrap: ModuleType, tmp_path: Path) -> None:
    aws = program(tmp_path / "bin", "aws", "print('other')")
    environ = {"CODEARTIFACT_AUTH_TOKEN": f" {TOKEN}\n", "PATH": str(aws.parent)}

    assert bootstrap.get_token(bootstrap.read_project(bootstrap.ROOT), environ) == TOKEN
    assert not Path(f"{aws}.json").exists()


def test_without_one_the_aws_cli_is_asked(bootstrap: ModuleType, tmp_path: Path) -> None:
    aws = program(tmp_path / "bin", "aws", f"print({TOKEN!r})")
    environ = {"PATH": str(aws.parent), "AWS_PROFILE": "work", "CODEARTIFACT_AUTH_TOKEN": ""}

    assert bootstrap.get_token(bootstrap.read_project(bootstrap.ROOT), environ) == TOKEN

    arguments, environment = received(aws)
    assert " ".join(arguments) == (
        "codeartifact get-authorization-token --domain acme --domain-owner 111122223333 --region eu-central-1 "
        "--duration-seconds 900 --query authorizationToken --output text"
    )
    assert environment["AWS_PROFILE"] == "work"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("sys.exit('The SSO session has expired')", "the AWS CLI got no token: The SSO session has expired"),
        ("", "the AWS CLI got no token: it printed no token"),
    ],
)
def test_an_aws_cli_that_gets_none_is_quoted(bootstrap: ModuleType, tmp_path: Path, source: str, message: str) -> None:
    aws = program(tmp_path / "bin", "aws", source)

    with pytest.raises(bootstrap.BootstrapError, match=message) as raised:
        bootstrap.get_token(bootstrap.read_project(bootstrap.ROOT), {"PATH": str(aws.parent)})

    assert "aws sso login" in raised.value.hint


def test_without_token_and_aws_cli_both_ways_out_are_told(bootstrap: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(bootstrap.BootstrapError, match="AWS CLI is not installed") as raised:
        bootstrap.get_token(bootstrap.read_project(bootstrap.ROOT), {"PATH": str(tmp_path)})

    assert "export CODEARTIFACT_AUTH_TOKEN" in raised.value.hint


def test_a_broken_aws_cli_is_told(bootstrap: ModuleType, tmp_path: Path) -> None:
    aws = program(tmp_path / "bin", "aws", "")
    aws.write_text("#!/nowhere/python\n", "utf-8")

    with pytest.raises(bootstrap.BootstrapError, match="does not start"):
        bootstrap.get_token(bootstrap.read_project(bootstrap.ROOT), {"PATH": str(aws.parent)})


# ---------------------------------------------------------------------------------------------------------------------
# The index


@pytest.fixture
def serving(bootstrap: ModuleType, httpserver: HTTPServer) -> Callable[..., None]:
    """Lets the project's index answer the question for inhouse, to whoever has the token."""

    def serve(body: str = "", status: int = 200, headers: dict[str, str] | None = None) -> None:
        login = base64.b64encode(f"aws:{TOKEN}".encode()).decode()
        httpserver.expect_request("/simple/inhouse/", headers={"Authorization": f"Basic {login}"}).respond_with_data(
            body, status, headers, content_type="text/html"
        )
        file = Path(bootstrap.ROOT, "pyproject.toml")
        file.write_text(PYPROJECT.format(index=httpserver.url_for("/simple/")), "utf-8")

    return serve


@pytest.mark.parametrize("name", ["inhouse-1.2.3-py3-none-any.whl", "inhouse-1.2.3.tar.gz"])
def test_an_index_with_the_version_is_fine(bootstrap: ModuleType, serving: Callable[..., None], name: str) -> None:
    serving(f'<a href="x/{name}">{name}</a>')

    bootstrap.check_index(bootstrap.read_project(bootstrap.ROOT), TOKEN)


@pytest.mark.parametrize(
    ("status", "body", "message", "hint"),
    [
        (200, "inhouse-1.2.30-py3-none-any.whl inhouse-11.2.3.tar.gz", "inhouse 1.2.3 is not in", "publish it there"),
        (401, "", "refused the token", "unset CODEARTIFACT_AUTH_TOKEN"),
        (403, "", "does not let you read", "codeartifact:ReadFromRepository"),
        (404, "", "has no inhouse", "check the address"),
        (503, "", "answered 503", "try again"),
    ],
)
def test_a_refusal_is_told_in_plain_words(
    *, bootstrap: ModuleType, serving: Callable[..., None], status: int, body: str, message: str, hint: str
) -> None:
    serving(body, status)

    with pytest.raises(bootstrap.BootstrapError, match=message) as raised:
        bootstrap.check_index(bootstrap.read_project(bootstrap.ROOT), TOKEN)

    assert hint in raised.value.hint


def test_the_token_is_not_sent_to_where_an_answer_points(
    bootstrap: ModuleType, serving: Callable[..., None], httpserver: HTTPServer
) -> None:
    def other(request: Request) -> Response:
        assert "Authorization" not in request.headers
        return Response("inhouse-1.2.3.tar.gz")

    httpserver.expect_request("/other/").respond_with_handler(other)
    serving("", 302, {"Location": httpserver.url_for("/other/")})

    bootstrap.check_index(bootstrap.read_project(bootstrap.ROOT), TOKEN)

    httpserver.check_assertions()


def test_an_index_that_nobody_serves_is_told(bootstrap: ModuleType) -> None:
    project = bootstrap.Project("1.2.3", "acme", "111122223333", "eu-central-1", "http://127.0.0.1:9/simple/")

    with pytest.raises(bootstrap.BootstrapError, match="cannot be reached") as raised:
        bootstrap.check_index(project, TOKEN)

    assert "check the network" in raised.value.hint


def test_an_address_that_is_none_is_told(bootstrap: ModuleType) -> None:
    project = bootstrap.Project("1.2.3", "acme", "111122223333", "eu-central-1", "nonsense/")

    with pytest.raises(bootstrap.BootstrapError, match="cannot be reached"):
        bootstrap.check_index(project, TOKEN)


def test_certificates_that_this_python_does_not_know_are_left_to_the_installer(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise urllib.error.URLError(ssl.SSLCertVerificationError("unknown authority"))

    monkeypatch.setattr(bootstrap.urllib.request, "urlopen", refuse)

    bootstrap.check_index(bootstrap.read_project(bootstrap.ROOT), TOKEN)


# ---------------------------------------------------------------------------------------------------------------------
# The installation


def test_nothing_inherited_can_add_an_index(bootstrap: ModuleType) -> None:
    environ = {
        "PATH": "/bin",
        "HTTPS_PROXY": "http://proxy:1",
        "SSL_CERT_FILE": "ca.pem",
        "PIP_CERT": "ca.pem",
        "UV_CACHE_DIR": "cache",
        "PIP_EXTRA_INDEX_URL": "https://elsewhere.example/",
        "PIP_FIND_LINKS": "/wheels",
        "PIP_CONFIG_FILE": "pip.conf",
        "UV_INDEX": "https://elsewhere.example/",
        "UV_INDEX_ELSEWHERE_PASSWORD": "x",
        "UV_DEFAULT_INDEX": "https://elsewhere.example/",
        "UV_FIND_LINKS": "/wheels",
        "uv_extra_index_url": "https://elsewhere.example/",
        "VIRTUAL_ENV": "/venv",
        "PYTHONPATH": "/lib",
        "CODEARTIFACT_AUTH_TOKEN": TOKEN,
    }

    assert bootstrap.clean_environment(environ) == {
        "PATH": "/bin",
        "HTTPS_PROXY": "http://proxy:1",
        "SSL_CERT_FILE": "ca.pem",
        "PIP_CERT": "ca.pem",
        "UV_CACHE_DIR": "cache",
        "PIP_CONFIG_FILE": os.devnull,
        "UV_NO_CONFIG": "1",
        "UV_PYTHON_DOWNLOADS": "never",
    }


@pytest.mark.parametrize("with_uv", [True, False])
def test_the_token_is_on_no_command_line(bootstrap: ModuleType, tmp_path: Path, with_uv: bool) -> None:
    (tmp_path / "bin").mkdir()
    if with_uv:
        program(tmp_path / "bin", "uv", "")
    token = "with/special@characters"

    steps = bootstrap.commands(
        bootstrap.read_project(bootstrap.ROOT), token, {"PATH": str(tmp_path / "bin")}, bootstrap.TOOL
    )

    assert all(token not in " ".join(command) for command, _ in steps)
    (_, nothing), *get_uv, (install, secrets) = steps
    assert nothing == {}
    assert install[-1] == "inhouse==1.2.3"
    assert secrets == {
        "UV_DEFAULT_INDEX": "inhouse=https://acme.example/pypi/shared/simple/",
        "UV_INDEX_INHOUSE_USERNAME": "aws",
        "UV_INDEX_INHOUSE_PASSWORD": token,
    }
    address = "https://aws:with%2Fspecial%40characters@acme.example/pypi/shared/simple/"
    assert [(command[-1], variables) for command, variables in get_uv] == (
        [] if with_uv else [("uv", {"PIP_INDEX_URL": address})]
    )


def test_a_failed_installation_leaves_what_was_there(
    bootstrap: ModuleType,
    tmp_path: Path,
    serving: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    serving("inhouse-1.2.3.tar.gz")
    uv = program(tmp_path / "bin", "uv", "os.makedirs(sys.argv[-1]) if sys.argv[1] == 'venv' else sys.exit(2)")
    tool = Path(bootstrap.TOOL)
    tool.mkdir()
    (tool / "old").touch()
    monkeypatch.setattr(os, "environ", {"PATH": str(uv.parent), "CODEARTIFACT_AUTH_TOKEN": TOKEN})

    assert bootstrap.main() == 1

    assert [path.name for path in tool.iterdir()] == ["old"]
    assert not Path(f"{tool}.old").exists()
    said = capsys.readouterr().err
    assert "`uv pip install" in said
    assert "failed with exit code 2" in said
    assert TOKEN not in said


def test_a_failed_first_installation_leaves_nothing(bootstrap: ModuleType, tmp_path: Path) -> None:
    uv = program(
        tmp_path / "bin", "uv", "os.path.exists(sys.argv[-1]) or sys.argv[1] != 'venv' or os.makedirs(sys.argv[-1])"
    )

    with pytest.raises(bootstrap.BootstrapError, match=r"is not inhouse 1\.2\.3"):
        bootstrap.install(bootstrap.read_project(bootstrap.ROOT), TOKEN, {"PATH": str(uv.parent)}, bootstrap.TOOL)

    assert not Path(bootstrap.TOOL).exists()


def test_missing_venv_has_a_hint_of_its_own(bootstrap: ModuleType, tmp_path: Path) -> None:
    python = program(tmp_path / "bin", "python", "sys.exit(1)")

    with pytest.raises(bootstrap.BootstrapError, match="-m venv there` failed") as raised:
        bootstrap.run([str(python), "-m", "venv", "there"], {})

    assert "python3-venv" in raised.value.hint


def test_a_program_that_does_not_start_is_told(bootstrap: ModuleType) -> None:
    with pytest.raises(bootstrap.BootstrapError, match="does not start"):
        bootstrap.run(["/nowhere/uv", "venv"], {})


def test_what_is_in_use_cannot_be_removed_and_is_told(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(13, "in use", path)

    monkeypatch.setattr(bootstrap.shutil, "rmtree", refuse)
    Path(bootstrap.TOOL).mkdir()

    with pytest.raises(bootstrap.BootstrapError, match="cannot be removed"):
        bootstrap.remove(bootstrap.TOOL)


def test_what_is_in_use_cannot_be_replaced_and_is_told(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: str, _: str) -> None:
        raise PermissionError(13, "in use", source)

    monkeypatch.setattr(bootstrap.os, "replace", refuse)
    Path(bootstrap.TOOL).mkdir()

    with pytest.raises(bootstrap.BootstrapError, match="cannot be replaced: in use"):
        bootstrap.install(bootstrap.read_project(bootstrap.ROOT), TOKEN, {}, bootstrap.TOOL)


def test_remove_takes_files_links_and_nothing(bootstrap: ModuleType, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (tmp_path / "link").symlink_to(target)
    (tmp_path / "file").touch()

    for name in ("link", "file", "nothing"):
        bootstrap.remove(str(tmp_path / name))

    assert target.exists()
    assert not (tmp_path / "link").is_symlink()
    assert not (tmp_path / "file").exists()


def test_an_old_python_is_told_which_one_is_needed(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "MINIMUM_PYTHON", (99, 0))

    assert bootstrap.main() == 1

    said = capsys.readouterr().err
    assert "Python 3.11 or newer is needed" in said
    assert "make bootstrap PYTHON=" in said


def test_interrupting_it_shows_no_traceback(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "read_project", interrupt)

    assert bootstrap.main() == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_an_interrupt_ends_what_was_started_without_a_word_of_it(
    bootstrap: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source = (
        "import subprocess\n"
        f"helper = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(tmp_path / 'seen')!r}, 'w').write('%d %d' % (os.getpgrp(), helper.pid))\n"
        "os.kill(os.getppid(), 2)\n"
        "helper.wait()"
    )
    child = program(tmp_path / "bin", "child", source)

    with pytest.raises(KeyboardInterrupt):
        bootstrap.run([str(child)], dict(os.environ))

    group, helper = map(int, (tmp_path / "seen").read_text().split())
    assert group != os.getpgrp()  # so that Ctrl-C in a terminal does not reach it
    assert not _is_running(helper)
    assert capfd.readouterr().err == ""


def _is_running(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        status = Path(f"/proc/{pid}/stat")
        if status.is_file() and status.read_text().split()[2] == "Z":
            return False  # ended, and nobody has asked for its exit code yet
        time.sleep(0.02)
    return True


def test_as_a_program_it_ends_with_an_error_a_hint_and_no_traceback(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")

    done = subprocess.run(
        [sys.executable, str(project / ".inhouse" / "bootstrap.py")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == "bootstrap: getting inhouse 1.2.3 from https://acme.example/pypi/shared/simple/\n"
    assert done.stderr.startswith("error: there is no token")
    assert "\n\nhint: install the AWS CLI" in done.stderr


# ---------------------------------------------------------------------------------------------------------------------
# For real: pip and uv install a package called inhouse from an index that wants the token


def wheel() -> bytes:
    """Return a wheel of a package that calls itself inhouse 1.2.3."""
    files = {
        "inhouse/__init__.py": "def main(): print('inhouse, version 1.2.3')\n",
        "inhouse-1.2.3.dist-info/METADATA": "Metadata-Version: 2.1\nName: inhouse\nVersion: 1.2.3\n",
        "inhouse-1.2.3.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "inhouse-1.2.3.dist-info/entry_points.txt": "[console_scripts]\ninhouse = inhouse:main\n",
        "inhouse-1.2.3.dist-info/RECORD": "",
    }
    return zipped(files)


def uv_wheel() -> bytes:
    """Return a small wheel whose program `uv` is the real one of this environment."""
    program = f"#!python\nimport os, sys\nos.execv({uv.find_uv_bin()!r}, ['uv', *sys.argv[1:]])\n"
    return zipped(
        {
            "uv-0.9.0.data/scripts/uv": program,
            "uv-0.9.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: uv\nVersion: 0.9.0\n",
            "uv-0.9.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            "uv-0.9.0.dist-info/RECORD": "",
        }
    )


def zipped(files: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (stat.S_IFREG | 0o755) << 16  # pip makes only those scripts executable that were
            archive.writestr(entry, text)
    return buffer.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("with_uv", [True, False], ids=["uv", "pip"])
def test_it_installs_the_pinned_version_once(tmp_path: Path, httpserver: HTTPServer, with_uv: bool) -> None:
    login = {"Authorization": "Basic " + base64.b64encode(f"aws:{TOKEN}".encode()).decode()}
    name = "inhouse-1.2.3-py3-none-any.whl"
    httpserver.expect_request("/simple/inhouse/", headers=login).respond_with_data(
        f'<!DOCTYPE html><a href="/files/{name}">{name}</a>', content_type="text/html"
    )
    httpserver.expect_request(f"/files/{name}", headers=login).respond_with_data(wheel())
    project = make_project(tmp_path / "project", httpserver.url_for("/simple/"))
    binaries = tmp_path / "bin"
    binaries.mkdir()
    aws = program(binaries, "aws", f"print({TOKEN!r})")
    if with_uv:
        (binaries / "uv").symlink_to(uv.find_uv_bin())
    else:
        name = "uv-0.9.0-py3-none-any.whl"
        httpserver.expect_request("/simple/uv/", headers=login).respond_with_data(
            f'<!DOCTYPE html><a href="/files/{name}">{name}</a>', content_type="text/html"
        )
        httpserver.expect_request(f"/files/{name}", headers=login).respond_with_data(uv_wheel())
    environ = {
        "PATH": str(binaries),
        "HOME": str(tmp_path),
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "PIP_EXTRA_INDEX_URL": "http://127.0.0.1:9/",
        "UV_INDEX": "http://127.0.0.1:9/",
    }

    def run() -> str:
        done = subprocess.run(
            [sys.executable, str(project / ".inhouse" / "bootstrap.py")],
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    said = run()
    installed = subprocess.run(
        [str(project / ".inhouse" / "tool" / "bin" / "inhouse")], capture_output=True, text=True, check=True
    )
    assert installed.stdout == "inhouse, version 1.2.3\n"
    assert "bootstrap: done" in said
    assert TOKEN not in said

    assert received(aws)
    aws.unlink()
    assert "is already in" in run()
