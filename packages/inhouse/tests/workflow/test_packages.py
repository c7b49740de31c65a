"""The index, the lock and the installation."""

import pytest
from client_fakes import ENDPOINT, PYPROJECT, TOKEN, Answer, Bench

from inhouse.errors import (
    AccessDeniedError,
    CredentialsRefusedError,
    InhouseError,
    LockForeignError,
    LockMissingError,
    LockStaleError,
    ManifestError,
    NotFoundError,
    ProgramFailedError,
    RepositoryUnreachableError,
)
from inhouse.project.manifest import read_manifest
from inhouse.workflow.index import use_index
from inhouse.workflow.install import install, install_all, install_group
from inhouse.workflow.lock import write_lock
from inhouse.workflow.packages import run_uv

FOREIGN = '[[package]]\nname = "left-pad"\nsource = { registry = "https://other.example/simple" }\n'


def test_uv_gets_the_token_in_its_environment_and_nowhere_else(bench: Bench) -> None:
    bench.environment |= {"UV_EXTRA_INDEX_URL": "https://other.example", "VIRTUAL_ENV": "/other", "LANG": "C"}
    run_uv(bench.context(), ["lock"])
    (call,) = bench.runner.calls
    assert call.env["UV_INDEX_SHARED_USERNAME"] == "aws"
    assert call.env["UV_INDEX_SHARED_PASSWORD"] == TOKEN
    assert not {"UV_EXTRA_INDEX_URL", "VIRTUAL_ENV"} & set(call.env)
    assert call.env["LANG"] == "C"
    assert call.secrets == (TOKEN,)
    assert TOKEN not in call.words


def test_the_users_own_uv_is_used(bench: Bench) -> None:
    program = bench.root / "my-uv"
    program.touch()
    bench.flags["uv"] = str(program)
    run_uv(bench.context(), ["lock"])
    assert bench.runner.calls[0].argv[0] == str(program)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("`uv.lock` needs to be updated, but `--locked` was provided", LockStaleError),
        ("(401 Unauthorized)", CredentialsRefusedError),
        ("(403 Forbidden)", AccessDeniedError),
        ("error sending request for url", RepositoryUnreachableError),
        ("No solution found", ProgramFailedError),
    ],
)
def test_a_failure_of_uv_is_explained(bench: Bench, said: str, kind: type[InhouseError]) -> None:
    bench.runner.on(Answer("uv sync", exit_code=1, stderr=said))
    with pytest.raises(kind) as caught:
        run_uv(bench.context(), ["sync"])
    assert caught.value.hint
    assert kind is LockStaleError or said in caught.value.message


def test_the_index_is_written_as_the_repository_names_it(bench: Bench) -> None:
    bench.repository.address = "https://acme-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/shared/"
    use_index(bench.context())
    written = (bench.root / "pyproject.toml").read_text(encoding="utf-8")
    assert read_manifest(written).one_index().publish_url == bench.repository.address
    assert bench.said[-1].endswith(
        f"is the one index now; bring the lock up to date with `make lock`, or keep its versions with "
        f"`inhouse retarget --from {ENDPOINT}`"
    )
    use_index(bench.context())
    assert (bench.root / "pyproject.toml").read_text(encoding="utf-8") == written
    assert "is the one index already" in bench.said[-1]


def test_other_indexes_are_taken_out_and_named(bench: Bench) -> None:
    bench.write({"pyproject.toml": PYPROJECT + '\n[[tool.uv.index]]\nname = "other"\nurl = "https://other.example"\n'})
    use_index(bench.context())
    assert bench.said[0] == "removed: the index `other` (https://other.example)"
    assert bench.said[1].endswith("bring the lock up to date with `make lock`")
    bench.context().one_index()


def test_the_line_ends_of_windows_survive(bench: Bench) -> None:
    text = PYPROJECT.replace('url = "http', 'url = "https').replace("\n", "\r\n")
    (bench.root / "pyproject.toml").write_bytes(text.encode())
    use_index(bench.context())
    written = (bench.root / "pyproject.toml").read_bytes()
    assert written.count(b"\n") == written.count(b"\r\n")


def test_an_address_of_another_repository_is_not_written(bench: Bench) -> None:
    bench.repository.address = "https://somewhere.example/pypi/else/"
    before = (bench.root / "pyproject.toml").read_bytes()
    with pytest.raises(ManifestError):
        use_index(bench.context())
    assert (bench.root / "pyproject.toml").read_bytes() == before


def test_a_repository_that_refuses_changes_nothing(bench: Bench) -> None:
    bench.repository.error = NotFoundError("no", hint="h")
    before = (bench.root / "pyproject.toml").read_bytes()
    for activity in (use_index, write_lock, install, install_all):
        with pytest.raises(NotFoundError):
            activity(bench.context())
    assert (bench.root / "pyproject.toml").read_bytes() == before
    assert not bench.runner.commands("uv")


def test_the_lock_is_written_for_a_person_to_watch(bench: Bench) -> None:
    write_lock(bench.context())
    write_lock(bench.context(), upgrade=True)
    first, second = bench.runner.commands("uv lock")
    assert first.stream
    assert second.argv[-1] == "--upgrade"
    assert bench.said[0] == f"locking the dependencies of acme-core from {ENDPOINT}simple/"


def test_a_lock_with_packages_from_elsewhere_is_refused(bench: Bench) -> None:
    def squat(_: object) -> None:
        bench.write({"uv.lock": FOREIGN})

    bench.runner.on(Answer("uv lock", effect=squat))
    with pytest.raises(LockForeignError, match="left-pad"):
        write_lock(bench.context())
    with pytest.raises(LockForeignError):
        install(bench.context())


def test_without_a_lock_nothing_is_installed(bench: Bench) -> None:
    (bench.root / "uv.lock").unlink()
    with pytest.raises(LockMissingError) as caught:
        install(bench.context())
    assert "make lock" in caught.value.hint
    assert not bench.runner.calls


def test_the_project_alone_is_exact_and_a_group_is_added(bench: Bench) -> None:
    install(bench.context())
    install_group(bench.context(), "test")
    install_all(bench.context())
    assert [call.argv[1:] for call in bench.runner.commands("uv sync")] == [
        ("sync", "--locked", "--no-default-groups"),
        ("sync", "--locked", "--no-default-groups", "--group", "test", "--inexact"),
        ("sync", "--locked", "--no-default-groups", "--group", "doc", "--group", "test"),
    ]
    assert bench.said == [
        "installing acme-core as locked",
        "installing acme-core and the groups test as locked",
        "installing acme-core and the groups doc, test as locked",
    ]


def test_a_group_that_is_not_there_is_named_with_those_that_are(bench: Bench) -> None:
    with pytest.raises(ManifestError, match="no group `automation`") as caught:
        install_group(bench.context(), "automation")
    assert "doc, test" in caught.value.hint


def test_a_raised_version_brings_the_lock_along_and_says_so(bench: Bench) -> None:
    lock = '[[package]]\nname = "acme-core"\nversion = "{}"\nsource = {{ editable = "." }}\n'
    bench.write({"uv.lock": lock.format("1.1.9")})
    install(bench.context())
    assert (bench.root / "uv.lock").read_text(encoding="utf-8") == lock.format("1.2.0")
    said = "the project is at version 1.2.0 now, and so is uv.lock: commit them together"
    assert said in bench.said
    install(bench.context())
    assert bench.said.count(said) == 1


def test_a_stale_lock_is_told_by_us_alone(bench: Bench) -> None:
    stale = "error: The lockfile at `uv.lock` needs to be updated, but `--check` was provided."
    bench.runner.on(Answer("uv lock --check", exit_code=1, stderr=stale))
    with pytest.raises(LockStaleError) as caught:
        install(bench.context())
    assert "make lock" in caught.value.hint
    assert not any(call.stream for call in bench.runner.calls)
    assert not bench.runner.commands("uv sync")
