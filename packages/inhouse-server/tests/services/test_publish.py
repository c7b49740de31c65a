import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from made_distributions import make_sdist, make_wheel, make_zip, metadata_text, sdist_name, wheel_name
from small_world import DOMAIN, NOW, OWNER, REGION, SmallWorld

from inhouse_server.blobs import IncomingBlob
from inhouse_server.errors import (
    AccessDeniedError,
    ConflictError,
    InvalidDistributionError,
    InvalidRequestError,
    NotFoundError,
    PublishBlockedError,
)
from inhouse_server.model import (
    CoreMetadata,
    OriginControls,
    OriginType,
    Principal,
    Repository,
    Restriction,
    Sha256,
    VersionStatus,
)
from inhouse_server.rules.publishing import Outcome
from inhouse_server.services.access import Bearer
from inhouse_server.services.publish import Upload

NOTHING = {"package": 0, "package_version": 0, "asset": 0, "blob": 0}


@pytest.fixture
def team(world: SmallWorld) -> Repository:
    return world.repository("team")


def test_a_published_wheel_is_there_with_all_that_is_known_of_it(world: SmallWorld, team: Repository) -> None:
    metadata = metadata_text("Acme.Core", "1.0", requires_dist=("six>=1", "idna; extra == 'x'"), description="Long.")
    content = make_wheel("Acme.Core", "1.0", metadata=metadata)
    filename = wheel_name("Acme.Core", "1.0")
    assert world.upload(team, filename, content, name="ACME-core", version="1.0.0") is Outcome.NEW_VERSION
    held = world.held(team, "acme-core", "1")
    assert held is not None
    assert (held.version, held.status, held.published_at) == ("1.0", VersionStatus.PUBLISHED, NOW)
    assert (held.origin.type, held.origin.repository) == (OriginType.INTERNAL, "team")
    assert held.metadata == CoreMetadata(
        "Acme.Core",
        "1.0",
        summary="Made for a test",
        requires_python=">=3.11",
        requires_dist=("six>=1", "idna; extra == 'x'"),
        description="Long.",
    )
    (file,) = held.files
    assert file.digests.sha256 == hashlib.sha256(content).hexdigest()
    assert file.digests.blake2_256 == hashlib.blake2b(content, digest_size=32).hexdigest()
    assert (file.filename, file.size, file.requires_python, file.upload_time) == (filename, len(content), ">=3.11", NOW)
    assert file.metadata_sha256 == hashlib.sha256(metadata).hexdigest()
    assert world.get(team, "acme-core", "1.0", filename) == content
    assert world.controls(team, "acme-core") == OriginControls(Restriction.ALLOW, Restriction.BLOCK)
    assert world.stored() == {file.digests.sha256, file.metadata_sha256}


def test_a_source_distribution_offers_no_separate_metadata(world: SmallWorld, team: Repository) -> None:
    world.upload(team, sdist_name(), make_sdist(), name="acme-core", version="1.0")
    held = world.held(team, "acme-core", "1.0")
    assert held is not None
    assert held.files[0].metadata_sha256 is None
    assert held.metadata is not None
    assert world.rows()["blob"] == 1


def test_one_more_file_changes_the_revision_and_not_the_time(world: SmallWorld, team: Repository) -> None:
    world.upload(team, sdist_name(), make_sdist(), name="acme-core", version="1.0")
    before = world.held(team, "acme-core", "1.0")
    world.now += timedelta(hours=1)
    assert world.upload_wheel(team, "acme-core", "1.0") is Outcome.NEW_FILE
    after = world.held(team, "acme-core", "1.0")
    assert before is not None
    assert after is not None
    assert after.revision != before.revision
    assert after.published_at == before.published_at
    assert {file.upload_time for file in after.files} == {NOW, NOW + timedelta(hours=1)}


def test_the_same_bytes_again_change_nothing(world: SmallWorld, team: Repository) -> None:
    world.upload_wheel(team, "acme-core", "1.0")
    before, rows, stored = world.held(team, "acme-core", "1.0"), world.rows(), world.stored()
    world.now += timedelta(hours=1)
    assert world.upload_wheel(team, "acme-core", "1.0") is Outcome.ALREADY_HERE
    assert (world.held(team, "acme-core", "1.0"), world.rows(), world.stored()) == (before, rows, stored)


def test_other_bytes_under_the_same_name_are_refused_and_leave_nothing(world: SmallWorld, team: Repository) -> None:
    world.upload_wheel(team, "acme-core", "1.0")
    rows, stored = world.rows(), world.stored()
    with pytest.raises(ConflictError, match="File already exists"):
        world.upload_wheel(team, "acme-core", "1.0", code="changed = True")
    assert (world.rows(), world.stored()) == (rows, stored)
    assert world.get(team, "acme-core", "1.0") == make_wheel()


def test_the_same_bytes_in_two_repositories_are_kept_once(world: SmallWorld, team: Repository) -> None:
    other = world.repository("other")
    world.upload_wheel(team, "acme-core", "1.0")
    stored = world.stored()
    world.upload_wheel(other, "acme-core", "1.0")
    assert world.stored() == stored
    assert world.rows()["asset"] == 2


WHEEL = wheel_name()
BAD = [
    ({"content": make_wheel() + b"!"}, {"digests": {"sha256_digest": "0" * 64}}, "do not have the sha256_digest"),
    ({}, {"digests": {"md5_digest": "0" * 32}}, "do not have the md5_digest"),
    ({}, {"digests": {"blake2_256_digest": "00"}}, "do not have the blake2_256_digest"),
    ({"name": "other"}, {}, "form says the project is 'other'"),
    ({"version": "2.0"}, {}, "form says the version is '2.0'"),
    ({"version": "one"}, {}, "PEP 440"),
    ({"name": "a/b"}, {}, "not a valid project name"),
    ({}, {"filetype": "sdist"}, "filetype 'sdist'"),
    ({"filename": "acme.exe"}, {}, "not the name of a wheel"),
    ({"filename": wheel_name("other")}, {}, "form says the project"),
    ({"content": b"PK\x03\x04 not really"}, {}, "not a wheel"),
    ({"content": make_wheel("other")}, {}, "another project or version"),
    ({"content": make_wheel(metadata=metadata_text("other"))}, {}, "metadata in the file says the project is 'other'"),
    ({"content": make_wheel(metadata=metadata_text(version="1.1"))}, {}, "metadata in the file says the version"),
    ({"content": make_wheel(metadata=metadata_text(version="9" * 5000))}, {}, "PEP 440"),
    ({"version": "9" * 5000}, {}, "form says the version is '99"),
    ({"content": make_wheel(metadata=metadata_text(requires_python="banana"))}, {}, "Requires-Python"),
    ({"content": make_wheel(metadata=metadata_text(requires_python=">=" + "9" * 5000))}, {}, "Requires-Python"),
    ({"content": make_wheel(metadata=b"")}, {}, "exactly one name"),
    ({"filename": sdist_name(), "content": make_zip({})}, {}, "not a source distribution"),
]


@pytest.mark.parametrize(("sent", "changes", "complaint"), BAD, ids=[complaint for _, _, complaint in BAD])
def test_what_does_not_agree_is_refused_with_a_hint_and_leaves_nothing(
    world: SmallWorld, team: Repository, sent: dict[str, str | bytes], changes: dict[str, object], complaint: str
) -> None:
    values = {"filename": WHEEL, "content": make_wheel(), "name": "acme-core", "version": "1.0", **sent}
    with pytest.raises(InvalidRequestError, match=complaint) as caught:
        world.upload(team, values.pop("filename"), values.pop("content"), **values, **changes)  # type: ignore[arg-type]  # mixed on purpose
    assert caught.value.hint
    assert world.rows() == NOTHING
    assert world.stored() == set()


def test_a_fold_in_the_metadata_is_not_kept(world: SmallWorld, team: Repository) -> None:
    metadata = b"Metadata-Version: 2.1\nName: acme-core\n \nVersion: 1.0\n \t\n\n"
    world.upload(team, WHEEL, make_wheel(metadata=metadata), name="acme-core", version="1.0")
    held = world.held(team, "acme-core", "1.0")
    assert held is not None
    assert held.metadata is not None
    assert (held.version, held.metadata.name, held.metadata.version) == ("1.0", "acme-core", "1.0")
    assert world.held(team, "acme-core", "9" * 5000) is None


def test_digests_may_be_in_capitals(world: SmallWorld, team: Repository) -> None:
    digests = {"md5_digest": f" {hashlib.md5(make_wheel()).hexdigest().upper()} "}
    world.upload(team, WHEEL, make_wheel(), name="acme-core", version="1.0", digests=digests)
    assert world.held(team, "acme-core", "1.0") is not None


def test_who_may_not_publish_leaves_nothing(world: SmallWorld, team: Repository) -> None:
    stranger = Principal("999999999999", "arn:aws:iam::999999999999:user/stranger", "AIDASTRANGER")
    world.bearer = Bearer(stranger, REGION, OWNER, DOMAIN)
    with pytest.raises(
        AccessDeniedError, match="codeartifact:PublishPackageVersion on resource: arn:aws:codeartifact"
    ) as caught:
        world.upload_wheel(team, "acme-core", "1.0")
    assert f":package/{DOMAIN}/team/pypi//acme-core" in caught.value.message
    assert world.rows() == NOTHING
    assert world.stored() == set()


def test_a_package_that_came_from_outside_cannot_be_published(world: SmallWorld) -> None:
    store = world.repository("store", connected=True)
    world.remote.add_wheel("six", "1.0")
    world.get(store, "six", "1.0")
    with pytest.raises(PublishBlockedError):
        world.upload_wheel(store, "six", "99.0")


def test_a_version_that_comes_from_upstream_cannot_be_published_until_upstream_is_blocked(world: SmallWorld) -> None:
    team = world.repository("team", world.repository("store", connected=True))
    world.remote.add_wheel("acme-core", "1.0")
    with pytest.raises(ConflictError, match="the upstream store"):
        world.upload_wheel(team, "acme-core", "1.0", code="ours")
    assert world.rows() == NOTHING
    world.set_controls(team, "acme-core", publish="ALLOW", upstream="BLOCK")
    assert world.upload_wheel(team, "acme-core", "1.0", code="ours") is Outcome.NEW_VERSION


def test_bytes_for_a_repository_that_is_gone_go_nowhere_else(world: SmallWorld) -> None:
    """Its id is not given to the next one."""
    slow = world.repository("slow")
    content = make_wheel("acme-core", "1.0")
    upload = Upload("acme-core", "1.0", wheel_name("acme-core", "1.0"), None, {})
    keep = world.store.keep

    def replace_meanwhile(blob: IncomingBlob) -> Sha256:
        world.store.keep = keep  # type: ignore[method-assign]  # once
        with world.database.write() as connection:
            connection.execute("DELETE FROM repository WHERE id = ?", [slow.id])
        world.repository("slow")
        world.repository("victim")
        return keep(blob)

    world.store.keep = replace_meanwhile  # type: ignore[method-assign]  # the moment in between
    with world.store.incoming() as blob:
        blob.write(content)
        with pytest.raises(NotFoundError, match="has been deleted"):
            world.publish.publish(world.bearer, slow, upload, blob)
    assert world.rows()["package"] == 0


@pytest.mark.parametrize("second", ["spell-1.0.0-py3-none-any.whl", "Spell-1.0-py3-none-any.whl"])
def test_a_wheel_for_the_same_installations_is_refused_in_another_spelling(world: SmallWorld, second: str) -> None:
    team = world.repository("team")
    world.upload_wheel(team, "spell", "1.0")
    content = make_wheel("spell", "1.0", code="another")
    with pytest.raises(ConflictError, match="a wheel with the same tags"):
        world.upload(team, second, content, name="spell", version="1.0")
    other = "spell-1.0-py2-none-any.whl"
    assert world.upload(team, other, make_wheel("spell", "1.0"), name="spell", version="1.0") is Outcome.NEW_FILE
    build = "spell-1.0-1-py3-none-any.whl"
    assert world.upload(team, build, make_wheel("spell", "1.0"), name="spell", version="1.0") is Outcome.NEW_FILE


def test_publishing_does_not_depend_on_the_public_source(world: SmallWorld) -> None:
    team = world.repository("team", world.repository("store", connected=True))
    app = world.repository("app", team)
    world.remote.down = True
    assert world.upload_wheel(team, "acme-core", "1.0") is Outcome.NEW_VERSION
    assert world.upload_wheel(team, "acme-core", "1.0") is Outcome.ALREADY_HERE
    assert world.upload_wheel(team, "acme-core", "1.1") is Outcome.NEW_VERSION
    assert world.upload_wheel(app, "acme-core", "1.2") is Outcome.NEW_VERSION


def test_an_own_package_is_never_asked_for_outside(world: SmallWorld) -> None:
    team = world.repository("team", world.repository("store", connected=True))
    world.upload_wheel(team, "acme-core", "1.0")
    world.remote.asked.clear()
    world.upload_wheel(team, "acme-core", "1.1")
    world.page(team, "acme-core")
    world.get(team, "acme-core", "1.1")
    assert world.remote.asked == []


@pytest.mark.parametrize("status", [VersionStatus.ARCHIVED, VersionStatus.DISPOSED])
def test_a_version_that_was_put_away_takes_no_files(world: SmallWorld, team: Repository, status: VersionStatus) -> None:
    world.upload_wheel(team, "acme-core", "1.0")
    world.set_status(team, "acme-core", "1.0", status)
    with pytest.raises(ConflictError, match=status):
        world.upload(team, sdist_name(), make_sdist(), name="acme-core", version="1.0")


def test_of_two_who_publish_different_bytes_at_once_one_wins(world: SmallWorld, team: Repository) -> None:
    """Both pass the first look; the second look, under the write lock, is the one that decides."""
    both_looked = threading.Barrier(2, timeout=10)
    search = world.search.search

    def search_together(*args: object) -> object:
        found = search(*args)  # type: ignore[arg-type]  # passed on
        both_looked.wait()
        return found

    world.search.search = search_together  # type: ignore[method-assign, assignment]  # the moment between two looks
    with ThreadPoolExecutor(2) as pool:
        uploads = [pool.submit(world.upload_wheel, team, "acme-core", "1.0", code=f"x = {n}") for n in range(2)]
        errors = [upload.exception() for upload in uploads]
    assert sorted(type(error).__name__ for error in errors) == ["ConflictError", "NoneType"]
    winner = errors.index(None)
    assert world.get(team, "acme-core", "1.0") == make_wheel(code=f"x = {winner}")
    assert world.rows() == {"package": 1, "package_version": 1, "asset": 1, "blob": 2}


def test_a_disk_that_fails_leaves_no_rows(world: SmallWorld, team: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(world.store, "keep", fail)
    with pytest.raises(OSError, match="no space"):
        world.upload_wheel(team, "acme-core", "1.0")
    assert world.rows() == NOTHING
    assert world.stored() == set()


def test_bytes_named_whl_that_are_no_wheel_are_told_as_such(world: SmallWorld, team: Repository) -> None:
    with pytest.raises(InvalidDistributionError, match="not a wheel"):
        world.upload(team, WHEEL, b"hello", name="acme-core", version="1.0")


def test_the_same_bytes_again_heal_what_a_disk_has_lost(world: SmallWorld, team: Repository) -> None:
    world.upload_wheel(team, "acme-core", "1.0")
    stored = world.stored()
    for sha256 in stored:
        (world.store.folder / sha256[:2] / sha256).unlink()
    assert world.upload_wheel(team, "acme-core", "1.0") is Outcome.ALREADY_HERE
    assert world.stored() == stored
    assert world.get(team, "acme-core", "1.0") == make_wheel()


def test_bytes_are_kept_before_others_have_to_wait(
    world: SmallWorld, team: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, waiting = world.store.keep, list[bool]()

    def watch(blob: IncomingBlob) -> str:
        waiting.append(world.database._writers._taken)
        return keep(blob)

    monkeypatch.setattr(world.store, "keep", watch)
    world.upload_wheel(team, "acme-core", "1.0")
    assert waiting == [False, False]
