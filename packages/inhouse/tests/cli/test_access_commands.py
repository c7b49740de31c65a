"""login, logout, env and run through the command line; the repository and other programs are replaced."""

import json
import os
import re
import stat
from pathlib import Path

import pytest
from client_fakes import ENDPOINT, TOKEN, Answer, Bench, FakeRunner, write_tree
from command_line import Run, run_command
from inline_snapshot import snapshot

from inhouse.codeartifact.interface import PublishedFile
from inhouse.errors import AccessDeniedError, CredentialsMissingError, CredentialsRefusedError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with nothing in it, and no program on PATH."""
    home = tmp_path / "home"
    (home / "bin").mkdir(parents=True)
    for name in [name for name in os.environ if name.startswith(("XDG_", "PDM_", "HATCH_", "NETRC"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "machine"))
    monkeypatch.setenv("PATH", str(home / "bin"))
    return home


@pytest.fixture
def run(bench: Bench, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in the project."""
    bench.runner.on(Answer("keyring get", stdout="token\n"))
    monkeypatch.setattr("inhouse.process.SubprocessRunner", lambda **_: bench.runner)
    monkeypatch.setattr("inhouse.codeartifact.repository.CodeArtifactRepository", lambda *_: bench.repository)
    monkeypatch.chdir(bench.root)

    def run(*arguments: str) -> tuple[int, str, str]:
        code, out, err = run_command(capsys, *arguments)
        out, err = (
            text.replace(str(home), "~").replace(str(bench.root), "ROOT").replace(str(home.parent), "TMP")
            for text in (out, err)
        )
        err = err.replace(ENDPOINT, "ENDPOINT/")
        assert TOKEN not in (err.replace(f"::add-mask::{TOKEN}", "") if arguments[0] != "run" else "")
        return code, out, err

    return run


def install(home: Path, *names: str, python: Path | None = None) -> None:
    """Put programs on PATH; with `python`, they say that they run on it."""
    for name in names:
        program = home / "bin" / name
        program.write_text(f"#!{python}\n" if python else "#!/bin/sh\n", encoding="utf-8")
        program.chmod(0o755)


def files(home: Path) -> dict[str, bytes]:
    found = sorted(path for path in home.rglob("*") if path.is_file() and "bin" not in path.parts)
    return {str(path.relative_to(home)): path.read_bytes() for path in found}


def test_login_shows_writes_and_says_who_you_are(run: Run, home: Path) -> None:
    install(home, "pip")
    code, out, err = run("login", "--tool", "pip", "--tool", "uv")
    assert (code, out) == snapshot(
        (
            0,
            """\
--- (no file)
+++ ~/.config/pip/pip.conf
@@ -0,0 +1,3 @@
+[global]
+index-url = http://127.0.0.1:9/pypi/d/acme-111122223333/shared/simple/
+keyring-provider = subprocess
--- (no file)
+++ ~/.config/uv/uv.toml
@@ -0,0 +1,9 @@
+index-strategy = "first-index"
+keyring-provider = "subprocess"
+
+[[index]]
+name = "shared"
+url = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/simple/"
+publish-url = "http://127.0.0.1:9/pypi/d/acme-111122223333/shared/"
+default = true
+authenticate = "always"
""",
        )
    )
    assert err == (
        "arn:aws:iam::111122223333:user/ada uses acme-111122223333/shared at ENDPOINT/simple/; "
        "nobody has said when the token ends\n"
    )
    assert set(files(home)) == {".config/pip/pip.conf", ".config/uv/uv.toml", ".local/state/inhouse/login.json"}


def test_a_dry_run_asks_for_no_proof_and_changes_nothing(run: Run, bench: Bench, home: Path) -> None:
    asked: list[str] = []

    def published(url: str, project: str) -> tuple[PublishedFile, ...]:
        asked.append(f"{url}{project}")
        return ()

    bench.repository.published = published  # type: ignore[method-assign]
    code, out, err = run("login", "--tool", "netrc", "--dry-run")
    assert (code, asked, files(home)) == (0, [], {})
    assert "+machine 127.0.0.1 login aws password ****" in out
    assert err == "dry run: nothing was changed\n"


def test_after_an_edit_every_entry_of_a_host_comes_back(run: Run, home: Path) -> None:
    """Also a second one, which no reader looks at; and it is said that not all is as it was."""
    entries = "machine 127.0.0.1 login a password b machine 127.0.0.1 login c password d\n"
    write_tree(home, {".netrc": entries})
    (home / ".netrc").chmod(0o600)
    assert run("login", "--tool", "netrc")[0] == 0
    edited = (home / ".netrc").read_text(encoding="utf-8")
    (home / ".netrc").write_text(f"# mine\n{edited}", encoding="utf-8")
    err = run("logout")[2]
    assert "~/.netrc no longer has what login wrote; what you have changed since is kept\n" in err
    after = (home / ".netrc").read_text(encoding="utf-8")
    assert after.startswith("# mine\n")
    assert after.split()[2:] == entries.split()


def test_what_gives_way_is_said_and_comes_back(run: Run, home: Path) -> None:
    write_tree(home, {".config/pip/pip.conf": "[global]\nextra-index-url = https://ada:secret@second.example/simple\n"})
    before = files(home)
    _, out, err = run("login", "--tool", "pip")
    assert "secret" not in out + err
    assert (
        "~/.config/pip/pip.conf: [global] extra-index-url (https://second.example/simple), which holds a password "
        "gives way; logout puts it back\n"
    ) in err
    assert "secret" not in (home / ".config/pip/pip.conf").read_text(encoding="utf-8")
    assert run("logout", "--dry-run")[2] == "dry run: nothing was changed\n"
    code, out, err = run("logout")
    assert code == 0
    assert "secret" not in out + err
    assert err == "~/.config/pip/pip.conf is as it was\n0 kept tokens are forgotten\n"
    assert files(home) == before
    assert run("logout")[2] == "there is nothing that login wrote\n0 kept tokens are forgotten\n"


def test_login_twice_is_one_thing_to_take_back(run: Run, home: Path, bench: Bench) -> None:
    write_tree(home, {".config/uv/uv.toml": "# mine\noffline = false\n"})
    before = files(home)
    run("login", "--tool", "uv", "--tool", "hatch")
    assert "~/.config/uv/uv.toml is as it should be" in run("login", "--tool", "uv")[2]
    bench.repository.address = "https://other.example/pypi/d/acme-111122223333/shared/"
    run("login", "--tool", "uv", "--tool", "hatch")
    assert "other.example" in (home / ".config/uv/uv.toml").read_text(encoding="utf-8")
    run("logout", "--tool", "hatch")
    assert not (home / ".config/hatch").exists()
    run("logout")
    assert files(home) == before


def test_what_others_have_written_since_stays(run: Run, home: Path) -> None:
    run("login", "--tool", "pip", "--tool", "pdm", "--tool", "twine")
    pip, pypirc = home / ".config/pip/pip.conf", home / ".pypirc"
    pip.write_text(pip.read_text(encoding="utf-8") + "timeout = 9\n", encoding="utf-8")
    pypirc.write_text(pypirc.read_text(encoding="utf-8").replace("= aws", "= ada"), encoding="utf-8")
    (home / ".config/pdm/config.toml").unlink()
    code, _, err = run("logout")
    assert code == 0
    assert "~/.pypirc: `shared.username` has been changed since, and is left alone" in err
    assert {name: text.decode() for name, text in files(home).items()} == {
        ".config/pip/pip.conf": "[global]\ntimeout = 9\n",
        ".pypirc": "[shared]\nusername = ada\n",
    }


def test_a_token_is_closed_to_everybody_else(run: Run, home: Path) -> None:
    write_tree(home, {".netrc": "machine other.example login a password b\n"})
    (home / ".netrc").chmod(0o644)
    code, _, err = run("login", "--tool", "netrc", "--tool", "poetry")
    assert code == 0
    assert "~/.netrc could be read by others, and is closed to them now (mode 600)" in err
    assert "~/.netrc holds a token now; nobody renews it there" in err
    for name in (".netrc", ".config/pypoetry/auth.toml", ".local/state/inhouse/login.json"):
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600, name
    assert TOKEN in (home / ".netrc").read_text(encoding="utf-8")
    assert TOKEN not in (home / ".local/state/inhouse/login.json").read_text(encoding="utf-8")
    run("logout")
    assert {name: text.decode() for name, text in files(home).items()} == {
        ".netrc": "machine other.example login a password b\n"
    }


def test_a_poetry_that_asks_our_keyring_gets_no_token(run: Run, bench: Bench, home: Path) -> None:
    install(home, "poetry", python=Path("/x/python3.11"))
    bench.runner.on(Answer("importlib.util", stdout="[]\n"))
    write_tree(home, {".config/pypoetry/auth.toml": '[http-basic.shared]\nusername = "aws"\npassword = "old"\n'})
    code, out, err = run("login")
    assert code == 0
    assert "tools: uv, poetry (found on PATH: poetry; the project is uv's; name others with --tool)" in err
    assert "-password = ****" in out
    assert TOKEN not in json.dumps({name: text.decode() for name, text in files(home).items()})
    bench.environment["POETRY_KEYRING_ENABLED"] = "false"


@pytest.mark.parametrize("reason", ["missing", "unknown", "variable", "configuration", "broken", "gone"])
def test_a_poetry_that_cannot_ask_is_left_out_unless_it_is_named(
    run: Run, bench: Bench, home: Path, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    install(home, "poetry", python=None if reason == "unknown" else Path("/x/python"))
    bench.runner.on(
        Answer(
            "importlib.util",
            stdout='["inhouse_keyring"]\n' if reason == "missing" else "[]\n",
            missing=reason == "gone",
        )
    )
    if reason == "variable":
        monkeypatch.setenv("POETRY_KEYRING_ENABLED", "false")
    if reason in {"configuration", "broken"}:
        text = "[keyring]\nenabled = false\n" if reason == "configuration" else "["
        write_tree(home, {".config/pypoetry/config.toml": text})
    code, _, err = run("login", "--dry-run")
    assert code == 0
    assert "poetry is left out, since it cannot ask our keyring: `--tool poetry` writes a token for it" in err


def test_without_any_tool_a_choice_is_made_and_explained(run: Run, bench: Bench, home: Path) -> None:
    (bench.root / "pyproject.toml").unlink()
    where = ["--domain", "acme", "--owner", "111122223333", "--region", "us-east-1", "--repository", "shared"]
    _, _, err = run("login", "--dry-run", *where)
    assert "tools: uv, pip (none was found on PATH, so uv and pip; name others with --tool)" in err
    install(home, "pip3", "pdm")
    _, out, err = run("login", "--dry-run", *where)
    assert "tools: pip, pdm (found on PATH: pip, pdm; name others with --tool)" in err
    assert "repository.acme" in out


def test_what_would_keep_it_from_working_is_said(run: Run, bench: Bench, home: Path) -> None:
    bench.runner.on(Answer("keyring get", exit_code=1), Answer("importlib.util", stdout='["keyring"]\n'))
    install(home, "twine", python=Path("/x/python3"))
    beside = "[global]\nfind-links = /wheels\n"
    write_tree(home.parent, {"machine/pip/pip.conf": beside, "machine/uv/uv.toml": "["})
    _, _, err = run("login", "--tool", "pip", "--tool", "uv", "--tool", "twine", "--dry-run")
    shown, count = re.subn("hint: install inhouse-keyring where .*", "hint: (how to install inhouse-keyring)", err)
    assert count == 1
    assert shown == snapshot("""\
warning: pip, uv will ask the program `keyring` for the token, and it has no answer for this repository
warning: twine has no inhouse-keyring in its environment, and will ask you for the token
hint: (how to install inhouse-keyring)
warning: TMP/machine/pip/pip.conf: [global] find-links (/wheels) stays, and is asked too
hint: take it out; only one index is safe
dry run: nothing was changed
""")
    bench.runner.on(Answer("keyring get", missing=True))
    assert (
        "pip will ask the program `keyring` for the token, and it is not on PATH"
        in run("login", "--tool", "pip", "--dry-run")[2]
    )


def test_the_project(run: Run, bench: Bench, home: Path) -> None:
    code, out, err = run("login", "--project")
    assert (code, list(files(home))) == (0, [".local/state/inhouse/login.json"])
    assert "tools: pip (the project uses pip; the index of uv and Poetry is in pyproject.toml" in err
    assert "ROOT/.venv/pip.conf" in out
    assert (bench.root / ".venv/pip.conf").is_file()
    run("login", "--project", "--tool", "pdm", "--tool", "poetry", "--tool", "pip")
    assert (bench.root / "pdm.toml").is_file()
    assert (bench.root / "poetry.toml").is_file()
    run("logout")
    assert not {path.name for path in bench.root.rglob("*")} & {"pip.conf", "pdm.toml", "poetry.toml"}


def test_the_projects_own_tools(run: Run, bench: Bench) -> None:
    bench.write({"pdm.lock": ""})
    assert "the project uses pdm, pip;" in run("login", "--project", ".", "--dry-run")[2]
    (bench.root / ".venv/pyvenv.cfg").unlink()
    (bench.root / "pdm.lock").unlink()
    assert "tools: none (the project uses no tool with a file for that" in run("login", "--project", "--dry-run")[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--project", "--tool", "uv"], "error: uv has no file for a project\n\nhint: its index is in pyproject.toml"),
        (["--project", "--tool", "netrc"], "error: netrc has no file for a project\n\nhint: it would be a secret"),
        (["--project", "--tool", "twine"], "error: twine has no file for a project\n\nhint: say --user"),
    ],
)
def test_what_a_project_cannot_have(run: Run, arguments: list[str], said: str) -> None:
    code, _, err = run("login", *arguments)
    assert code == 1
    assert said in err


def test_pip_needs_the_projects_environment(run: Run, bench: Bench) -> None:
    (bench.root / ".venv/pyvenv.cfg").unlink()
    code, _, err = run("login", "--project", "--tool", "pip")
    assert code == 1
    assert "there is no environment in ROOT/.venv\n\nhint: pip knows no project" in err


def test_there_may_be_no_project_to_change(run: Run, bench: Bench) -> None:
    (bench.root / "pyproject.toml").unlink()
    where = ["--domain", "acme", "--owner", "111122223333", "--region", "us-east-1", "--repository", "shared"]
    code, _, err = run("login", "--project", "--tool", "pdm", *where)
    assert code == 1
    assert "there is no project whose files could be changed\n\nhint: go into one, or say --user" in err


def test_a_secret_stays_out_of_a_project(run: Run, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETRC", str(bench.root / "netrc"))
    code, _, err = run("login", "--tool", "netrc")
    assert code == 1
    assert "`ROOT/netrc` lies in the project\n\nhint: a secret in a project is soon a secret in its history" in err
    assert not (bench.root / "netrc").exists()


def test_files_that_cannot_be_used(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(home, {".config/pip/pip.conf": "no section\n", ".config/uv/uv.toml/x": ""})
    code, _, err = run("login", "--tool", "pip")
    assert code == 1
    assert "`~/.config/pip/pip.conf` cannot be changed: File contains no section headers" in err
    code, _, err = run("login", "--tool", "uv")
    assert code == 1
    assert "`~/.config/uv/uv.toml` cannot be read: Is a directory" in err
    write_tree(home, {".local/state/inhouse/login.json": "{"})
    code, _, err = run("logout")
    assert code == 1
    assert "login.json` cannot be understood" in err
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    (home / ".local/state/inhouse/login.json").unlink()
    code, _, err = run("login", "--tool", "pip")
    assert code == 1
    assert "pip has no configuration file of yours: nothing says where it is" in err


def test_logout_when_a_file_is_broken_since(run: Run, home: Path) -> None:
    run("login", "--tool", "pip")
    (home / ".config/pip/pip.conf").write_text("no section\n", encoding="utf-8")
    code, _, err = run("logout")
    assert code == 1
    assert "cannot be changed: File contains no section headers" in err
    assert "others have changed it since `inhouse login`" in err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            CredentialsRefusedError("the token is refused", hint="a new one"),
            "error: the token is refused\n\nhint: a new one",
        ),
        (AccessDeniedError("not allowed", hint="ask"), "error: not allowed\n\nhint: ask"),
    ],
)
def test_nothing_is_written_when_the_repository_refuses(
    run: Run, bench: Bench, home: Path, error: Exception, said: str
) -> None:
    def refuse(url: str, project: str) -> tuple[PublishedFile, ...]:
        _ = url, project
        raise error

    bench.repository.published = refuse  # type: ignore[method-assign]
    code, _, err = run("login", "--tool", "uv")
    assert code == 1
    assert said in err
    assert files(home) == {}


def test_with_nothing_but_a_token(run: Run, bench: Bench) -> None:
    """As in a pipeline that was handed a token, and no AWS credentials."""

    def refuse() -> object:
        raise CredentialsMissingError("no AWS credentials", hint="get some")

    bench.repository.endpoint = refuse  # type: ignore[method-assign,assignment]
    bench.repository.identity = refuse  # type: ignore[method-assign,assignment]
    code, _, err = run("login", "--tool", "uv")
    assert code == 0
    assert "whoever was given the exported token uses acme-111122223333/shared at" in err
    text = (bench.root / "pyproject.toml").read_text(encoding="utf-8")
    (bench.root / "pyproject.toml").write_text(text.replace("default = true", "default = false"), encoding="utf-8")
    assert "no AWS credentials" in run("login", "--tool", "uv")[2]


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 130)])
def test_in_a_terminal_it_asks_before_it_writes(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr("inhouse.cli.commands.access._somebody_is_there", lambda: True)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: answer.strip())
    assert run("login", "--tool", "uv")[0] == code
    assert bool(files(home)) is (code == 0)
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: pytest.fail("it asked"))
    assert run("login", "--tool", "uv", "--tool", "hatch")[0] == 0


def test_env(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_EXTRA_INDEX_URL", "https://second.example/")
    assert run("env", "--tool", "uv") == snapshot(
        (
            0,
            """\
export UV_INDEX_SHARED_USERNAME=aws
export UV_INDEX_SHARED_PASSWORD=made-up-token
""",
            "warning: UV_EXTRA_INDEX_URL is set, and leads around the repository: `unset UV_EXTRA_INDEX_URL`\n",
        )
    )
    code, out, err = run("env", "--tool", "uv", "--tool", "twine", "--format", "github")
    assert code == 0
    assert err.splitlines()[-1] == f"::add-mask::{TOKEN}"
    assert out == snapshot("""\
UV_INDEX_SHARED_USERNAME=aws
UV_INDEX_SHARED_PASSWORD=made-up-token
TWINE_REPOSITORY_URL=http://127.0.0.1:9/pypi/d/acme-111122223333/shared/
TWINE_USERNAME=aws
TWINE_PASSWORD=made-up-token
""")
    assert json.loads(run("env", "--tool", "pdm", "--format", "json")[1])["PDM_PYPI_PASSWORD"] == TOKEN
    _, out, err = run("env", "--format", "docker")
    assert "tools: uv (found on PATH: none; the project is uv's; name others with --tool)" in err
    assert out.startswith("UV_INDEX_SHARED_USERNAME=aws\n")


def test_run(run: Run, bench: Bench, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[tuple[tuple[str, ...], dict[str, str]]] = []

    def become(command: tuple[str, ...], environment: dict[str, str]) -> int:
        became.append((command, environment))
        return 7 if len(became) == 1 else -15

    monkeypatch.setattr("inhouse.process.become", become)
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://second.example/")
    monkeypatch.setenv("VIRTUAL_ENV", "/v")
    write_tree(home, {".pip/pip.conf": "[global]\nextra-index-url = https://third.example/\n"})
    code, out, err = run("run", "--tool", "pip", "--", "pip", "install", "--verbose", "acme")
    assert (code, out) == (7, "")
    assert err == snapshot("""\
left out: PIP_EXTRA_INDEX_URL
warning: ~/.pip/pip.conf: [global] extra-index-url (https://third.example/) is asked too
""")
    command, environment = became[0]
    assert command == ("pip", "install", "--verbose", "acme")
    assert TOKEN in environment["PIP_INDEX_URL"]
    assert environment["VIRTUAL_ENV"] == "/v"
    assert "PIP_EXTRA_INDEX_URL" not in environment
    assert run("run", "uv", "sync")[0] == 143
    assert {"UV_INDEX_SHARED_PASSWORD", "TWINE_PASSWORD", "HATCH_INDEX_AUTH"} <= became[1][1].keys()
    assert "UV_DEFAULT_INDEX" not in became[1][1]
    assert isinstance(bench.runner, FakeRunner)


def test_what_pip_and_uv_are_told_beside_counts_for_hatch_which_has_them_install(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inhouse.process.become", lambda *_words: 0)
    second = '[[index]]\nname = "second"\nurl = "https://second.example/"\n'
    write_tree(
        home,
        {".pip/pip.conf": "[global]\nextra-index-url = https://third.example/\n", ".config/uv/uv.toml": second},
    )
    assert run("run", "--tool", "hatch", "--", "hatch", "env", "create") == snapshot(
        (
            0,
            "",
            """\
warning: ~/.pip/pip.conf: [global] extra-index-url (https://third.example/) is asked too
warning: ~/.config/uv/uv.toml: [[index]] (https://second.example/) is asked too
""",
        )
    )
