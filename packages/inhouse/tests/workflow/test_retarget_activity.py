"""Moving a project, as an activity; what moves is tested in tests/project/test_retarget.py."""

from pathlib import Path

import pytest
from client_fakes import COORDINATES, ENDPOINT, OLD_POETRY_PYPROJECT, POETRY_PYPROJECT, PYPROJECT, Bench

from inhouse.errors import (
    ForeignAddressesError,
    InhouseError,
    ManagerError,
    ManifestError,
    NotFoundError,
    SettingError,
)
from inhouse.project.address import aws_endpoint
from inhouse.project.manifest import Coordinates, read_manifest
from inhouse.project.poetry_lock import digests
from inhouse.workflow.build import build
from inhouse.workflow.environment import create_environment
from inhouse.workflow.index import use_index
from inhouse.workflow.info import Fact, gather_info
from inhouse.workflow.install import install, install_all
from inhouse.workflow.integration import prepare_integration
from inhouse.workflow.lock import write_lock
from inhouse.workflow.packages import run_uv, run_uv_without_index
from inhouse.workflow.retarget import Asked, Target, Wish, agreement, find_target, move_project

AWS = aws_endpoint(COORDINATES)
LAPTOP = ENDPOINT.replace(":9/", ":8765/")
LOCK = f'version = 1\n[[package]]\nname = "idna"\nsource = {{ registry = "{ENDPOINT}simple/" }}\n'


def nobody(*_: object) -> str:
    raise NotFoundError("nobody was to be asked", hint="h")


NOBODY = Asked(laptop=nobody, service=nobody)


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def locked(bench: Bench) -> Bench:
    bench.write({"uv.lock": LOCK, "requirements/docs.txt": f"-i {ENDPOINT}simple/\n"})
    return bench


def test_everything_that_names_the_address_is_written_and_nothing_else(locked: Bench) -> None:
    before = files(locked.root)
    (locked.root / "uv.lock").chmod(0o640)
    moved = move_project(locked.context(), Target(AWS, COORDINATES))
    assert moved.endpoint == AWS
    assert set(moved.files) == {"pyproject.toml", "uv.lock", "requirements/docs.txt"}
    after = files(locked.root)
    assert {name for name in after if after[name] != before.get(name)} == set(moved.files)
    assert set(after) == set(before)
    assert (locked.root / "uv.lock").stat().st_mode & 0o777 == 0o640
    assert locked.said == [f"{ENDPOINT} -> {AWS}: pyproject.toml, requirements/docs.txt, uv.lock"]
    move_project(locked.context(), Target(ENDPOINT, COORDINATES))
    assert files(locked.root) == before
    move_project(locked.context(), Target(ENDPOINT, COORDINATES))
    assert "nothing to do" in locked.said[-1]


def test_a_dry_run_writes_nothing_and_shows_the_change(locked: Bench) -> None:
    locked.write({"uv.lock": LOCK.rstrip()})
    before = files(locked.root)
    moved = move_project(locked.context(), Target(AWS, COORDINATES), dry_run=True)
    assert files(locked.root) == before
    index = 'url = "{0}simple/"\n{1}publish-url = "{0}"\n'
    assert f"-{index.format(ENDPOINT, '-')}+{index.format(AWS, '+')}" in moved.diff
    assert "--- a/uv.lock\n+++ b/uv.lock\n" in moved.diff
    assert moved.diff.endswith('simple/" }\n\\ No newline at end of file\n')
    assert locked.said == []


def test_a_file_that_cannot_be_written_leaves_all_as_it_was(locked: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(locked.root)
    monkeypatch.setattr("tempfile.mkstemp", _second_time(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        move_project(locked.context(), Target(AWS, COORDINATES))
    assert files(locked.root) == before


def _second_time(error: OSError) -> object:
    import tempfile

    real, calls = tempfile.mkstemp, []

    def mkstemp(**arguments: object) -> tuple[int, str]:
        calls.append(arguments)
        if len(calls) == 2:
            raise error
        return real(dir=str(arguments["dir"]), prefix=str(arguments["prefix"]))

    return mkstemp


def test_a_link_stays_a_link(locked: Bench, tmp_path: Path) -> None:
    elsewhere = tmp_path / "shared.lock"
    (locked.root / "uv.lock").rename(elsewhere)
    (locked.root / "uv.lock").symlink_to(elsewhere)
    move_project(locked.context(), Target(AWS, COORDINATES))
    assert (locked.root / "uv.lock").is_symlink()
    assert AWS in elsewhere.read_text(encoding="utf-8")


def test_what_comes_from_elsewhere_stops_it_unless_it_is_named(locked: Bench) -> None:
    locked.write({"uv.lock": LOCK.replace(ENDPOINT, LAPTOP)})
    before = files(locked.root)
    with pytest.raises(ForeignAddressesError, match=":8765/"):
        move_project(locked.context(), Target(AWS, COORDINATES))
    with pytest.raises(SettingError, match="`--from` cannot be used"):
        move_project(locked.context(), Target(AWS, COORDINATES), ("nowhere",))
    assert files(locked.root) == before
    move_project(locked.context(), Target(AWS, COORDINATES), (f"{LAPTOP}simple/",))
    assert agreement(locked.context(), AWS) == {}


def test_nothing_is_written_that_would_be_refused(locked: Bench) -> None:
    before = files(locked.root)
    with pytest.raises(ManifestError, match="is not that of the repository"):
        move_project(locked.context(), Target("https://index.example/pypi/", COORDINATES))
    locked.write({"pyproject.toml": PYPROJECT.replace(f'"{ENDPOINT}simple', '"\\u0068' + ENDPOINT[1:] + "simple")})
    with pytest.raises(ManifestError, match="publish-url"):
        move_project(locked.context(), Target(AWS, COORDINATES))
    escaped = PYPROJECT.replace(f'"{ENDPOINT}', '"\\u0068' + ENDPOINT[1:])
    locked.write({"pyproject.toml": escaped, "uv.lock": "version = 1\n"})
    with pytest.raises(ManifestError, match="cannot be exchanged"):
        move_project(locked.context(), Target(AWS, COORDINATES))
    assert files(locked.root)["requirements/docs.txt"] == before["requirements/docs.txt"]


def test_a_lock_that_is_no_text_is_named(locked: Bench) -> None:
    locked.write({"uv.lock": b"\xff"})
    with pytest.raises(ManifestError, match="cannot be read"):
        move_project(locked.context(), Target(AWS, COORDINATES))


def test_agreement_is_looked_for_on_what_the_project_says_or_on_what_is_wanted(locked: Bench) -> None:
    assert agreement(locked.context()) == {}
    assert agreement(locked.context(), AWS) == {"pyproject.toml": (f"its index is {ENDPOINT}, not {AWS}",)}
    locked.write({"uv.lock": LOCK.replace(ENDPOINT, AWS)})
    assert agreement(locked.context()) == {"uv.lock": (f"it takes idna from {AWS}",)}


OTHER = Coordinates("acme", "444455556666", "eu-central-1", "shared")


def test_the_target_is_asked_for_put_together_or_given(bench: Bench) -> None:
    context = bench.context()
    bench.repository.address = LAPTOP
    assert find_target(context, Wish(), NOBODY) == Target(LAPTOP, COORDINATES)
    assert find_target(context, Wish(to="aws"), NOBODY) == Target(AWS, COORDINATES)
    wish = Wish(to="aws", coordinates={"owner": "444455556666", "region": "eu-central-1"}, dualstack=True)
    assert find_target(context, wish, NOBODY) == Target(aws_endpoint(OTHER, dualstack=True), OTHER)
    asked = Asked(laptop=lambda wanted: f"laptop {wanted.owner}", service=lambda url, wanted: f"{url} {wanted.owner}")
    for name in ("laptop", "embedded"):
        assert find_target(context, Wish(to=name), asked).endpoint == "laptop 111122223333"
    assert find_target(context, Wish(service="http://h"), asked).endpoint == "http://h 111122223333"


def test_an_address_brings_its_own_coordinates(bench: Bench) -> None:
    context = bench.context()
    for url in (aws_endpoint(OTHER), f"{aws_endpoint(OTHER)}simple"):
        assert find_target(context, Wish(to=url), NOBODY) == Target(aws_endpoint(OTHER), OTHER)
    assert find_target(context, Wish(to=LAPTOP), NOBODY) == Target(LAPTOP, COORDINATES)
    wish = Wish(to=LAPTOP, coordinates={"region": "eu-west-1"})
    assert find_target(context, wish, NOBODY).coordinates.region == "eu-west-1"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(to="moon"), "is not an address"),
        (Wish(to="https://index.example/simple"), "does not name a domain"),
        (Wish(to=LAPTOP, coordinates={"repository": "other"}), "is not the address of other"),
        (Wish(to="aws", coordinates={"region": "cn-north-1"}, dualstack=True), "no dual-stack address"),
    ],
)
def test_what_is_no_target_says_why(bench: Bench, wish: Wish, words: str) -> None:
    with pytest.raises(SettingError, match=words) as caught:
        find_target(bench.context(), wish, NOBODY)
    assert caught.value.hint


@pytest.mark.parametrize("text", [POETRY_PYPROJECT, OLD_POETRY_PYPROJECT])
def test_a_project_of_poetry_gets_its_source_is_moved_and_is_shown(bench: Bench, text: str) -> None:
    (bench.root / "uv.lock").unlink()
    bench.write({"pyproject.toml": text.replace('"primary"', '"supplemental"'), "uv.toml": ""})
    use_index(bench.context())
    assert (bench.root / "pyproject.toml").read_text(encoding="utf-8") == text
    assert "bring the lock up to date with `poetry lock`" in bench.said[-1]
    use_index(bench.context())
    assert "is the one index already" in bench.said[-1]
    lock = f'[metadata]\ncontent-hash = "{digests(text)[0]}"\n'
    bench.write({"poetry.lock": lock})
    assert agreement(bench.context()) == {}
    move_project(bench.context(), Target(AWS, COORDINATES))
    assert read_manifest((bench.root / "pyproject.toml").read_text(encoding="utf-8")).one_index().publish_url == AWS
    assert agreement(bench.context()) == {}
    info = gather_info(bench.context())
    assert info.trouble is None
    assert info.sections["project"]["manager"] == Fact("poetry")
    assert info.sections["paths"]["lock"] == Fact(str(bench.root / "poetry.lock"))
    assert info.sections["repository"]["endpoint"] == Fact(AWS)


def test_what_only_uv_can_do_says_so_and_does_nothing(bench: Bench) -> None:
    (bench.root / "uv.lock").unlink()
    bench.write({"pyproject.toml": POETRY_PYPROJECT, "dist/old.whl": ""})
    context = bench.context()
    activities = (write_lock, install, install_all, build, create_environment, prepare_integration)
    for activity in activities:
        with pytest.raises(ManagerError, match="managed by Poetry") as caught:
            activity(context)
        assert 'manager = "uv"' in caught.value.hint
    for run in (run_uv, run_uv_without_index):
        with pytest.raises(InhouseError, match="managed by Poetry"):
            run(context, ["lock"])
    assert bench.runner.calls == []
    assert (bench.root / "dist" / "old.whl").exists()
