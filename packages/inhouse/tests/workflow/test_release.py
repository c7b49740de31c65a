"""Building and publishing, as activities."""

import hashlib
from pathlib import Path

import pytest
from client_fakes import ENDPOINT, PYPROJECT, TOKEN, Answer, Bench, Call, sdist_bytes, wheel_bytes, write_tree
from inline_snapshot import snapshot

from inhouse.codeartifact.interface import PublishedFile, VersionOrigin
from inhouse.errors import (
    AccessDeniedError,
    CredentialsRefusedError,
    DamagedArchiveError,
    LocalPublishClosedError,
    ManifestError,
    NothingBuiltError,
    ProgramFailedError,
    VersionExistsError,
    VersionForeignError,
)
from inhouse.workflow.build import build
from inhouse.workflow.publish import Upload, publish

WHEEL = "acme_core-1.2.0-py3-none-any.whl"
SDIST = "acme_core-1.2.0.tar.gz"


WHEEL_SHA256 = hashlib.sha256(wheel_bytes()).hexdigest()
SDIST_SHA256 = hashlib.sha256(sdist_bytes()).hexdigest()


@pytest.fixture
def built(bench: Bench) -> Bench:
    """A project that is built."""
    bench.write({f"dist/{WHEEL}": wheel_bytes(), f"dist/{SDIST}": sdist_bytes()})
    return bench


def make() -> Answer:
    return Answer("uv build", effect=lambda call: write_tree(Path(call.argv[-1]), {WHEEL: "new", SDIST: "new"}))


def test_the_folder_is_emptied_and_the_times_are_the_commits(bench: Bench) -> None:
    bench.write({"dist/acme_core-1.1.0.tar.gz": "", "dist/folder/file": "", "keep/file": ""})
    (bench.root / "dist" / "link").symlink_to(bench.root / "keep")
    bench.runner.on(make(), Answer("git log", stdout="1767323045\n"))
    assert build(bench.context()) == (bench.root / "dist" / WHEEL, bench.root / "dist" / SDIST)
    assert sorted(path.name for path in (bench.root / "dist").iterdir()) == [WHEEL, SDIST]
    assert (bench.root / "keep" / "file").exists()
    (call,) = bench.runner.commands("uv build")
    assert call.env["SOURCE_DATE_EPOCH"] == "1767323045"
    assert call.env["UV_INDEX_SHARED_PASSWORD"] == TOKEN


def test_without_a_commit_it_is_said_that_the_times_are_of_now(bench: Bench) -> None:
    bench.runner.on(make(), Answer("git log", exit_code=128))
    build(bench.context())
    assert "SOURCE_DATE_EPOCH" not in bench.runner.commands("uv build")[0].env
    assert "there is no commit, so the build carries the times of now" in bench.said


def test_a_time_that_somebody_chose_stays(bench: Bench) -> None:
    bench.environment["SOURCE_DATE_EPOCH"] = "7"
    bench.runner.on(make(), Answer("git log", stdout="1767323045\n"))
    build(bench.context())
    assert bench.runner.commands("uv build")[0].env["SOURCE_DATE_EPOCH"] == "7"


def test_a_project_with_two_indexes_loses_nothing(built: Bench) -> None:
    built.write({"pyproject.toml": PYPROJECT + '\n[[tool.uv.index]]\nurl = "https://other.example"\n'})
    with pytest.raises(ManifestError):
        build(built.context())
    assert (built.root / "dist" / WHEEL).exists()


def test_an_interrupted_build_leaves_nothing_to_publish(built: Bench) -> None:
    def interrupted(call: Call) -> None:
        write_tree(Path(call.argv[-1]), {SDIST: sdist_bytes()})
        raise KeyboardInterrupt

    built.runner.on(Answer("uv build", effect=interrupted))
    with pytest.raises(KeyboardInterrupt):
        build(built.context())
    assert not list((built.root / "dist").iterdir())
    assert not list((built.root / "build").iterdir())


def test_a_build_that_made_something_else_is_an_error(bench: Bench) -> None:
    with pytest.raises(NothingBuiltError, match="it is empty"):
        build(bench.context())


def test_it_is_checked_and_then_uploaded_wheel_first(built: Bench) -> None:
    assert publish(built.context()) == Upload(ENDPOINT, (WHEEL, SDIST), ())
    check, upload = built.runner.commands("twine")
    assert "check --strict" in check.words
    assert [part.rsplit("/", 1)[-1] for part in upload.argv[-2:]] == [WHEEL, SDIST]
    assert ENDPOINT in upload.argv
    assert upload.env["TWINE_PASSWORD"] == TOKEN
    assert "(there is no pipeline yet)" in built.said[-1]


def test_a_dry_run_uploads_nothing(built: Bench) -> None:
    assert publish(built.context(), dry_run=True) == Upload(ENDPOINT, (WHEEL, SDIST), ())
    assert not built.runner.commands("twine --no-color upload")
    assert built.runner.commands("twine", "check")


def test_the_same_bytes_are_left_out_and_said_so(built: Bench) -> None:
    built.repository.files = [PublishedFile(WHEEL, "1.2.0", WHEEL_SHA256), PublishedFile("other.whl", "1", "x")]
    assert publish(built.context()) == Upload(ENDPOINT, (SDIST,), (WHEEL,))
    (upload,) = built.runner.commands("twine --no-color upload")
    assert WHEEL not in upload.words
    assert f"{WHEEL} is published already, with the same bytes" in built.said
    built.repository.files.append(PublishedFile(SDIST, "1.2.0", SDIST_SHA256))
    assert publish(built.context()) == Upload(ENDPOINT, (), (WHEEL, SDIST))
    assert len(built.runner.commands("twine --no-color upload")) == 1


def test_other_bytes_are_refused_before_anything_is_uploaded(built: Bench) -> None:
    built.repository.files = [PublishedFile(SDIST, "1.2.0", "ab" * 32)]
    with pytest.raises(VersionExistsError) as caught:
        publish(built.context())
    assert caught.value.message == snapshot(
        f"""\
acme-core 1.2.0 is published already, with other bytes:
  acme_core-1.2.0.tar.gz: published with sha256 {"ab" * 32}, yours is {SDIST_SHA256}"""
    )
    assert caught.value.hint == snapshot(
        "a published version never changes: raise `version` in pyproject.toml, "
        "then `make lock`, `make build` and `make publish`"
    )
    assert not built.runner.commands("twine --no-color upload")


@pytest.mark.parametrize("held", [WHEEL, "acme_core-1.2-cp311-cp311-win32.whl"])
def test_a_strangers_version_is_not_called_ours_nor_added_to(built: Bench, held: str) -> None:
    built.repository.files = [PublishedFile(held, "1.2.0", "ab" * 32)]
    built.repository.came = VersionOrigin(is_internal=False, source="public:pypi")
    with pytest.raises(VersionForeignError, match="comes from public:pypi, it was not published by you"):
        publish(built.context())
    assert not built.runner.commands("twine --no-color upload")


def test_whoever_may_publish_and_not_ask_still_publishes(built: Bench) -> None:
    built.repository.files = [PublishedFile("acme_core-1.2.0-cp311-cp311-win32.whl", "1.2.0", "ab" * 32)]
    built.repository.origin_error = AccessDeniedError("not allowed", hint="ask")
    assert publish(built.context()).uploaded == (WHEEL, SDIST)


def test_our_own_bytes_need_no_question(built: Bench) -> None:
    built.repository.files = [PublishedFile(WHEEL, "1.2.0", WHEEL_SHA256)]
    built.repository.came = None
    assert publish(built.context()).uploaded == (SDIST,)


def test_a_file_whose_digest_nobody_knows_is_not_taken_for_the_same(built: Bench) -> None:
    built.repository.files = [PublishedFile(WHEEL, "1.2.0", "")]
    with pytest.raises(VersionExistsError, match="sha256 unknown"):
        publish(built.context())


def test_whoever_is_faster_is_named_after_a_conflict(built: Bench) -> None:
    def race(_: Call) -> None:
        built.repository.files = [PublishedFile(WHEEL, "1.2.0", "cd" * 32)]

    built.runner.on(Answer("twine --no-color upload", exit_code=1, stdout="HTTPError: 409 Conflict", effect=race))
    with pytest.raises(VersionExistsError, match="cd" * 32):
        publish(built.context())


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("HTTPError: 401 Unauthorized from x", CredentialsRefusedError),
        ("HTTPError: 403 Forbidden from x", AccessDeniedError),
        ("HTTPError: 500 Internal Server Error from x", ProgramFailedError),
        ("ConnectionError: it broke", ProgramFailedError),
    ],
)
def test_a_refused_upload_is_explained(built: Bench, said: str, kind: type[Exception]) -> None:
    built.runner.on(Answer("twine --no-color upload", exit_code=1, stderr=f"{said} {TOKEN}"))
    with pytest.raises(kind) as caught:
        publish(built.context())
    assert TOKEN not in str(caught.value)


def test_a_project_that_is_not_open_is_not_published(built: Bench) -> None:
    built.write({"pyproject.toml": PYPROJECT.replace("local-publish", "# local-publish")})
    with pytest.raises(LocalPublishClosedError) as caught:
        publish(built.context())
    assert "local-publish" in caught.value.hint
    assert not built.runner.calls


@pytest.mark.parametrize("stray", ["acme_core-1.1.0.tar.gz", "notes.txt"])
def test_anything_else_in_the_folder_stops_it(built: Bench, stray: str) -> None:
    built.write({f"dist/{stray}": ""})
    with pytest.raises(NothingBuiltError, match=stray) as caught:
        publish(built.context())
    assert caught.value.hint == "run `make build`"


def test_nothing_built_is_nothing_to_publish(bench: Bench) -> None:
    with pytest.raises(NothingBuiltError, match="there is no such folder"):
        publish(bench.context())
    (bench.root / "dist").mkdir()
    with pytest.raises(NothingBuiltError, match="it is empty"):
        publish(bench.context())


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        (WHEEL, b"", "a wheel"),
        (WHEEL, wheel_bytes()[:-30], "a wheel"),
        (WHEEL, sdist_bytes(), "a wheel"),
        (SDIST, sdist_bytes()[:-30], "a source distribution"),
        (SDIST, b"no archive", "a source distribution"),
    ],
)
def test_a_damaged_file_is_named_before_twine_sees_it(built: Bench, name: str, content: bytes, kind: str) -> None:
    built.write({f"dist/{name}": content})
    with pytest.raises(DamagedArchiveError) as caught:
        publish(built.context())
    assert caught.value.message == f"`{built.root / 'dist' / name}` is not {kind}, or damaged"
    assert caught.value.hint == "run `make build`"
    assert not built.runner.calls


def test_bad_metadata_is_not_uploaded(built: Bench) -> None:
    built.runner.on(Answer("check --strict", exit_code=1, stdout="FAILED"))
    with pytest.raises(ProgramFailedError, match="FAILED"):
        publish(built.context())
    assert not built.runner.commands("twine --no-color upload")
