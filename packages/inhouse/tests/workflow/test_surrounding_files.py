"""Files of the user and the machine, errors as troubles, programs on PATH, and mending: real files, no network."""

import os
import ssl
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from botocore import exceptions as aws
from client_fakes import ENDPOINT, POETRY_PYPROJECT, PYPROJECT, Answer, Bench, FakeRunner, write_tree
from own_machine import hide_machine_files

from inhouse.diagnosis.findings import Code, Finding, Mend, MendKind, Severity
from inhouse.diagnosis.reach import Trouble, TroubleKind
from inhouse.errors import (
    AccessDeniedError,
    CredentialsMissingError,
    CredentialsRefusedError,
    InhouseError,
    NotFoundError,
    RepositoryUnreachableError,
    ServiceError,
)
from inhouse.settings import read_settings
from inhouse.tools.locations import Scope, Tool
from inhouse.workflow.check_config import check_config
from inhouse.workflow.doctor import Diagnosis, diagnose
from inhouse.workflow.mending import mend
from inhouse.workflow.surroundings import machine_of, project_texts, shown_path, tool_files
from inhouse.workflow.tool_files import journal_file
from inhouse.workflow.troubles import attempt, trouble_of
from inhouse.workflow.world import World

POSIX = pytest.mark.skipif(os.name != "posix", reason="no permission bits")


@pytest.fixture(autouse=True)
def nothing_in_etc(monkeypatch: pytest.MonkeyPatch) -> None:
    hide_machine_files(monkeypatch)


def surroundings(home: Path, **more: str) -> dict[str, str]:
    """Return variables that keep the machine's own files out."""
    return {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CONFIG_DIRS": str(home / "etc"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_DATA_HOME": str(home / ".local"),
        "PATH": str(home / "bin"),
        **more,
    }


def seen(root: Path, home: Path, runner: FakeRunner | None = None, **more: str) -> Diagnosis:
    settings = read_settings({}, surroundings(home, **more), home / "config.toml", "")
    return diagnose(root, World(settings, runner or FakeRunner(), None))


def places(diagnosis: Diagnosis) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for finding in diagnosis.findings:
        found.setdefault(finding.place, set()).add(finding.code.value)
    return found


HOSTILE: Mapping[str, tuple[str, str, str]] = {
    "uv.toml": (".config/uv/uv.toml", '[[index]]\nname = "pub"\nurl = "https://public.example/simple/"\n', "index.pub"),
    "uv.toml, strategy": (".config/uv/uv.toml", 'index-strategy = "unsafe-best-match"\n', "index-strategy"),
    "uv.toml of the machine": ("etc/uv/uv.toml", 'extra-index-url = ["https://public.example/"]\n', "extra-index-url"),
    "pip.conf": (
        ".config/pip/pip.conf",
        "[global]\nextra-index-url = https://public.example/simple/\n",
        "[global] extra-index-url",
    ),
    "pip.conf of the machine": (
        "etc/pip/pip.conf",
        "[install]\nfind-links = https://public.example/files\n",
        "[install] find-links",
    ),
    "old pip.conf": (".pip/pip.conf", "[global]\nextra_index_url = https://p.example/\n", "[global] extra_index_url"),
    "pdm": (".config/pdm/config.toml", '[pypi.more]\nurl = "https://public.example/simple/"\n', "pypi.more"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_of_the_user_and_the_machine_are_named(bench: Bench, tmp_path: Path, name: str) -> None:
    file, text, key = HOSTILE[name]
    home = write_tree(tmp_path / "home", {file: text})
    found = [finding for finding in seen(bench.root, home).findings if finding.severity is Severity.DANGER]
    assert f"~/{file}: {key}" in {finding.place for finding in found}


def test_a_healthy_project_in_healthy_surroundings(bench: Bench, tmp_path: Path) -> None:
    write_tree(bench.root, {"pyproject.toml": PYPROJECT.replace('keyring-provider = "subprocess"\n', "")})
    assert seen(bench.root, tmp_path / "home").findings == ()


def test_a_pip_conf_in_the_project_s_environment_counts(bench: Bench, tmp_path: Path) -> None:
    bench.write({".venv/pip.conf": "[global]\nextra-index-url = https://public.example/\n"})
    found = places(seen(bench.root, tmp_path / "home"))
    assert any(place.endswith(".venv/pip.conf: [global] extra-index-url") for place in found)


def test_exceptions_of_the_project_count_for_the_doctor_too(bench: Bench, tmp_path: Path) -> None:
    exception = '\n[[tool.inhouse.exceptions]]\nfinding = "second-index"\nplace = "UV_INDEX"\nreason = "a mirror"\n'
    bench.write({"pyproject.toml": PYPROJECT + exception})
    found = seen(bench.root, tmp_path / "home", UV_INDEX="https://mirror.example/simple/")
    (passed,) = [finding for finding in found.findings if finding.place == "UV_INDEX"]
    assert (passed.severity, passed.exception) == (Severity.NOTE, "a mirror")
    # That it excepts nothing is check-config's business.
    assert "exception-unused" not in str(places(seen(bench.root, tmp_path / "home")))


def program(home: Path, name: str, text: str = "#!/bin/sh\n") -> Path:
    path = write_tree(home, {f"bin/{name}": text}) / "bin" / name
    path.chmod(0o755)
    return path


@POSIX
def test_the_keyring_on_path_is_asked_for_its_backends(bench: Bench, tmp_path: Path) -> None:
    home, place = tmp_path / "home", "pyproject.toml: tool.uv.keyring-provider"
    assert places(seen(bench.root, home))[place] == {"keyring-missing"}
    program(home, "keyring")
    runner = FakeRunner()
    runner.on(Answer("keyring --list-backends", stdout="keyring.backends.fail.Keyring (priority: 0)\n"))
    assert places(seen(bench.root, home, runner))[place] == {"keyring-backend-missing"}
    for answer in (
        Answer("keyring --list-backends", stdout="inhouse_keyring.backend.Backend (priority: 9.5)\n"),
        Answer("keyring --list-backends", exit_code=2),
        Answer("keyring --list-backends", missing=True),
    ):
        runner.on(answer)
        assert place not in places(seen(bench.root, home, runner))
    program(home, "keyring", "#!/bin/sh\n# This is inhouse-keyring's stand-in for keyring\n")
    assert place not in places(seen(bench.root, home))
    # A variable with a token is all that uv needs.
    runner = FakeRunner()
    assert place not in places(seen(bench.root, tmp_path / "other", runner, UV_INDEX_SHARED_PASSWORD="x"))


@POSIX
def test_pip_is_told_to_ask_the_keyring_by_a_file_or_a_variable(bench: Bench, tmp_path: Path) -> None:
    home = write_tree(tmp_path / "home", {".config/pip/pip.conf": "[global]\nkeyring-provider = subprocess\n"})
    runner = FakeRunner()
    runner.on(Answer("pip --version", stdout="pip 22.3.1 from /x (python 3.11)\n"), Answer("uv --version", exit_code=1))
    found = places(seen(bench.root, home, runner))
    assert found["~/.config/pip/pip.conf: global.keyring-provider"] == {"keyring-missing"}
    assert found["pip on PATH"] == {"tool-too-old"}
    found = places(seen(bench.root, home, PIP_KEYRING_PROVIDER="subprocess"))
    assert found["PIP_KEYRING_PROVIDER"] == {"keyring-missing"}


def test_an_old_uv_is_named(bench: Bench, tmp_path: Path) -> None:
    runner = FakeRunner()
    runner.on(Answer("uv --version", stdout="uv 0.6.17 (abc 2025-04-25)\n"), Answer("pip", missing=True))
    assert places(seen(bench.root, tmp_path / "home", runner))["uv on PATH"] == {"tool-too-old"}


@POSIX
def test_secrets_that_others_can_read_are_found_kept_tokens_too(bench: Bench, tmp_path: Path) -> None:
    home = write_tree(
        tmp_path / "home",
        {
            ".pypirc": "[shared]\nrepository = https://x.example/\nusername = ada\npassword = secret\n",
            ".netrc": "machine x.example login ada password secret\n",
            ".cache/inhouse/tokens/kept": "x",
        },
    )
    (home / ".netrc").chmod(0o600)
    for name in (".pypirc", ".cache/inhouse/tokens/kept", ".cache/inhouse/tokens"):
        (home / name).chmod(0o755)
    found = {place for place, codes in places(seen(bench.root, home)).items() if "secret-readable" in codes}
    assert found == {"~/.pypirc", "~/.cache/inhouse/tokens", "~/.cache/inhouse/tokens/kept"}


def test_tokens_for_our_repository_are_found_wherever_a_tool_takes_them(bench: Bench, tmp_path: Path) -> None:
    address = ENDPOINT.replace("http://", "http://aws:secret@")
    home = write_tree(
        tmp_path / "home",
        {
            ".config/pip/pip.conf": f"[global]\nindex-url = {address}simple/\n",
            ".local/uv/credentials/credentials.toml": f'[[credential]]\nservice = "{ENDPOINT}"\npassword = "secret"\n',
            ".config/pypoetry/auth.toml": '[http-basic.shared]\nusername = "aws"\npassword = "secret"\n'
            '[http-basic.shared-publish]\npassword = "secret"\n[http-basic.other]\npassword = "secret"\n',
            ".pypirc": f"[shared]\nrepository = {ENDPOINT}\npassword = secret\n[pypi]\npassword = secret\n",
            ".config/pdm/config.toml": f'[repository.a]\nurl = "{ENDPOINT}"\npassword = "secret"\n',
            ".config/hatch/config.toml": f'[publish.index.repos.a]\nurl = "{ENDPOINT}"\nauth = "secret"\n',
            ".netrc": "machine 127.0.0.1 login aws password secret\nmachine x.example login aws password secret\n",
        },
    )
    found = {place for place, codes in places(seen(bench.root, home)).items() if "token-stored" in codes}
    assert found == {
        "~/.config/pip/pip.conf: [global] index-url",
        "~/.local/uv/credentials/credentials.toml: [[credential]]",
        "~/.config/pypoetry/auth.toml: http-basic.shared",
        "~/.config/pypoetry/auth.toml: http-basic.shared-publish",
        "~/.pypirc: [shared]",
        "~/.config/pdm/config.toml: repository.a",
        "~/.config/hatch/config.toml: publish.index.repos.a",
        "~/.netrc: machine 127.0.0.1",
    }


def test_variables_of_a_pipeline_count_there_and_a_person_s_own_do_not(bench: Bench, tmp_path: Path) -> None:
    conf = write_tree(tmp_path, {"ci.conf": "[global]\nextra-index-url = https://public.example/\n"}) / "ci.conf"
    hostile = {"PIP_EXTRA_INDEX_URL": "https://public.example/", "PIP_CONFIG_FILE": str(conf)}

    def checked(**more: str) -> set[str]:
        environment = surroundings(tmp_path / "home", **hostile, **more)
        settings = read_settings({}, environment, tmp_path / "config.toml", "")
        return {each.place for each in check_config(bench.root, settings, None, fails_unknown=True).findings}

    assert checked() == set()
    assert {"PIP_EXTRA_INDEX_URL", f"{conf}: [global] extra-index-url"} <= checked(CI="true")


def test_a_policy_that_hides_everything_is_unknown_and_not_safe(bench: Bench) -> None:
    settings = bench.context().settings
    denied = AccessDeniedError("GetRepositoryEndpoint is not allowed", hint="", operation="DescribeRepository")
    bench.repository.error = denied
    checked = check_config(bench.root, settings, lambda _: bench.repository, fails_unknown=True)
    assert (checked.is_refused, checked.is_untold) == (True, True)
    assert [finding.permission for finding in checked.findings] == ["codeartifact:DescribeRepository"]
    bench.repository.error = AccessDeniedError("no", hint="")
    (finding,) = check_config(bench.root, settings, lambda _: bench.repository, fails_unknown=False).findings
    assert (finding.severity, finding.permission) == (Severity.NOTE, "")


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    write_tree(tmp_path, {"uv.lock": b"\xff", "uv.toml": "", "other.txt": "x"})
    texts, findings = project_texts(tmp_path)
    assert set(texts) == {"uv.toml"}
    assert [(finding.code, finding.place) for finding in findings] == [(Code.CONFIGURATION_UNREADABLE, "uv.lock")]


def test_files_that_a_variable_names_are_read_once(tmp_path: Path) -> None:
    file = write_tree(tmp_path, {"pip.conf": "[global]\nindex-url = https://x.example/\n"}) / "pip.conf"
    machine = machine_of({**surroundings(tmp_path), "PIP_CONFIG_FILE": str(file)})
    found = list(tool_files(machine, (Tool.PIP, Tool.PIP), None))
    assert [(each.shown, each.scope) for each in found] == [("~/pip.conf", Scope.VARIABLE)]


def test_paths_are_shown_from_home(tmp_path: Path) -> None:
    assert shown_path(tmp_path / "a", tmp_path) == "~/a"
    assert shown_path(Path("/etc/pip.conf"), tmp_path) == "/etc/pip.conf"
    assert shown_path(Path("/etc/pip.conf"), None) == "/etc/pip.conf"


def caused(error: InhouseError, cause: BaseException) -> InhouseError:
    error.__cause__ = cause
    return error


UNREACHABLE = RepositoryUnreachableError("http://x", "no", hint="h")
MISSING = CredentialsMissingError("no credentials", hint="h")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (AccessDeniedError("m", hint="h"), TroubleKind.DENIED),
        (CredentialsRefusedError("m", hint="h"), TroubleKind.REFUSED),
        (NotFoundError("m", hint="h"), TroubleKind.NOT_FOUND),
        (ServiceError("500", "op", "m", hint="h"), TroubleKind.OTHER),
        (MISSING, TroubleKind.MISSING),
        (CredentialsMissingError("the SSO session has expired", hint="h"), TroubleKind.SSO),
        (
            caused(CredentialsMissingError("x", hint="h"), aws.UnauthorizedSSOTokenError()),
            TroubleKind.SSO,
        ),
        (UNREACHABLE, TroubleKind.UNREACHABLE),
        (
            caused(RepositoryUnreachableError("u", "r", hint=""), requests.exceptions.SSLError(ssl.SSLError("x"))),
            TroubleKind.TLS,
        ),
        (
            RepositoryUnreachableError("u", "[SSL: CERTIFICATE_VERIFY_FAILED] unable to get issuer", hint=""),
            TroubleKind.TLS,
        ),
        (
            caused(RepositoryUnreachableError("u", "r", hint=""), requests.exceptions.ProxyError("x")),
            TroubleKind.PROXY,
        ),
        (
            caused(RepositoryUnreachableError("u", "r", hint=""), aws.ProxyConnectionError(proxy_url="x")),
            TroubleKind.PROXY,
        ),
    ],
)
def test_what_kept_off_an_answer_is_told_apart(error: InhouseError, kind: TroubleKind) -> None:
    assert trouble_of(error).kind is kind


def test_an_attempt_gives_the_answer_or_the_trouble() -> None:
    def fail() -> str:
        raise MISSING

    assert attempt(lambda: "x") == "x"
    assert attempt(fail) == Trouble(TroubleKind.MISSING, "no credentials", "h")


def stale(path: Path, key: str, secret: str = "secret", tool: Tool | None = Tool.PIP) -> Finding:
    return Finding(
        Code.TOKEN_STALE, Severity.PROBLEM, str(path), "x", mend=Mend(MendKind.ENTRY, str(path), tool, key, secret)
    )


@POSIX
def test_mending_changes_no_more_than_it_says_and_keeps_a_copy(tmp_path: Path) -> None:
    text = "[global]\nindex-url = https://aws:secret@x.example/\n[install]\nindex-url = https://aws:other@x.example/\n"
    file = write_tree(tmp_path, {"real.conf": text}) / "real.conf"
    file.chmod(0o640)
    link = tmp_path / "pip.conf"
    link.symlink_to(file)
    readable = Finding(Code.SECRET_READABLE, Severity.DANGER, "x", "x", mend=Mend(MendKind.PERMISSIONS, str(file)))
    findings = [stale(link, "[global] index-url"), stale(link, "[install] index-url", "other"), readable]
    said = mend([*findings, replace(readable, mend=None)], tmp_path)
    (copy,) = tmp_path.glob("real.conf.before-*")
    assert said == (
        f"~/pip.conf: took out the stale token at `[global] index-url`; the file as it was is now {copy.name}",
        f"~/pip.conf: took out the stale token at `[install] index-url`; the file as it was is now {copy.name}",
        "~/real.conf: mode 0640 -> 0600",
    )
    assert copy.read_text(encoding="utf-8") == text
    assert copy.stat().st_mode & 0o777 == 0o600
    assert file.read_text(encoding="utf-8") == text.replace(":secret", "").replace(":other", "")
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["real.conf", "pip.conf", copy.name])


def test_what_cannot_be_mended_stays_and_is_said(tmp_path: Path) -> None:
    file = write_tree(tmp_path, {"pip.conf": "[global]\nindex-url = https://x.example/\n"}) / "pip.conf"
    gone = tmp_path / "gone.conf"
    said = mend(
        [
            stale(file, "[global] index-url"),
            stale(file, "[global] index-url", tool=None),
            stale(gone, "x"),
            Finding(Code.SECRET_READABLE, Severity.DANGER, "x", "x", mend=Mend(MendKind.PERMISSIONS, str(gone))),
        ],
        tmp_path,
    )
    assert said[0] == said[1] == "~/pip.conf: the token at `[global] index-url` stays; take it out by hand"
    assert said[2].startswith("~/gone.conf: the token at `x` stays: ")
    assert said[3].startswith("~/gone.conf: its mode cannot be changed: ")
    assert [path.name for path in tmp_path.iterdir()] == ["pip.conf"]


def test_two_copies_of_a_second_do_not_meet(tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    for secret in ("one", "two"):
        write_tree(tmp_path, {"pip.conf": f"[global]\nindex-url = https://aws:{secret}@x.example/\n"})
        mend([stale(file, "[global] index-url", secret)], tmp_path)
    assert len(list(tmp_path.glob("pip.conf.before-*"))) == 2


@pytest.mark.parametrize(
    ("flags", "environment", "text", "origin"),
    [
        ({"profile": "a"}, {}, "", "the flag --profile"),
        ({}, {"INHOUSE_PROFILE": "a"}, "", "the variable INHOUSE_PROFILE"),
        ({}, {}, 'profile = "a"\n', "`profile` of the user configuration"),
        ({}, {}, '[profiles]\n"acme-444455556666" = "a"\n', "[profiles] of the user configuration"),
        ({}, {"AWS_ACCESS_KEY_ID": "x"}, "", "the variable AWS_ACCESS_KEY_ID"),
        ({}, {"AWS_PROFILE": "x"}, "", "the variable AWS_PROFILE"),
        ({}, {}, "", "AWS's own rules"),
    ],
)
def test_what_decided_over_the_credentials_is_said(
    bench: Bench, flags: dict[str, str], environment: dict[str, str], text: str, origin: str
) -> None:
    home = bench.root / "home"
    settings = read_settings(flags, {**surroundings(home), **environment}, home / "config.toml", text)
    repository = bench.repository
    bench.write({"pyproject.toml": PYPROJECT.replace("111122223333", "444455556666")})
    world = World(settings, bench.runner, lambda _: repository, flags=frozenset(flags))
    (found,) = [each for each in diagnose(bench.root, world).findings if each.code is Code.OTHER_ACCOUNT]
    assert f"chosen by {origin}" in found.problem


@POSIX
def test_poetry_needs_the_backend_in_its_own_environment(bench: Bench, tmp_path: Path) -> None:
    place = "the environment of poetry"
    home = tmp_path / "home"
    bench.write({"pyproject.toml": POETRY_PYPROJECT})
    (bench.root / "uv.lock").unlink()
    assert place not in places(seen(bench.root, home))  # there is no Poetry
    program(home, "poetry", "#!/opt/poetry/bin/python\n")
    runner = FakeRunner()
    runner.on(Answer("importlib.util", stdout='["inhouse_keyring"]\n'))
    assert places(seen(bench.root, home, runner))[place] == {"keyring-backend-missing"}
    assert place not in places(seen(bench.root, home, runner, POETRY_HTTP_BASIC_SHARED_PASSWORD="x"))
    runner.on(Answer("importlib.util", stdout="[]\n"))
    assert place not in places(seen(bench.root, home, runner))


def test_a_note_of_login_that_cannot_be_read_is_nobody_s_excuse(bench: Bench, tmp_path: Path) -> None:
    home = write_tree(tmp_path / "home", {".netrc": "machine 127.0.0.1 login aws password secret\n"})
    note = journal_file(machine_of(surroundings(home)))
    write_tree(note.parent, {note.name: "{"})
    (finding,) = [each for each in seen(bench.root, home).findings if each.code is Code.TOKEN_STORED]
    assert finding.severity is Severity.PROBLEM


def test_a_user_without_home_has_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert machine_of({}).home == (tmp_path if os.name == "posix" else None)


def test_a_repository_that_hides_everything_leaves_names_alone(bench: Bench, tmp_path: Path) -> None:
    settings = read_settings({}, surroundings(tmp_path), tmp_path / "config.toml", "")
    repository = bench.repository
    told = diagnose(bench.root, World(settings, bench.runner, lambda _: repository))
    assert (told.is_asked, told.names) == (True, 4)  # its own, and what it is built and tested with
    bench.repository.error = ServiceError("500", "op", "out of order", hint="try again")
    told = diagnose(bench.root, World(settings, bench.runner, lambda _: repository))
    assert (told.names, told.identity) == (0, None)
    assert Code.SERVICE_FAILED in {finding.code for finding in told.findings}


def test_an_unreadable_project_is_diagnosed_as_far_as_that_goes(bench: Bench, tmp_path: Path) -> None:
    bench.write({"pyproject.toml": "[broken\n"})
    assert "configuration-unreadable" in places(seen(bench.root, tmp_path))["pyproject.toml"]


def test_links_of_a_tool_that_is_not_looked_at_are_left_out(bench: Bench, tmp_path: Path) -> None:
    environment = surroundings(tmp_path, PIP_EXTRA_INDEX_URL="https://x.example/", UV_INDEX="https://y.example/")
    world = World(read_settings({}, environment, tmp_path / "config.toml", ""), bench.runner, None)
    assert "PIP_EXTRA_INDEX_URL" not in places(diagnose(bench.root, world, (Tool.UV,)))
    assert "UV_INDEX" not in places(diagnose(bench.root, world, (Tool.PIP,)))
