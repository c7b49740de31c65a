"""Uploads over HTTP, well made and malformed."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_distributions import make_sdist, make_wheel, sdist_name, wheel_name
from small_world import DOMAIN, OWNER, SmallWorld
from starlette.testclient import TestClient

from inhouse_server import compat
from inhouse_server.data_plane import upload_form
from inhouse_server.model import Repository

ROOT = f"/pypi/d/{DOMAIN}-{OWNER}/team"
WHEEL = wheel_name()
NOTHING = {"package": 0, "package_version": 0, "asset": 0, "blob": 0}
BOUNDARY = "a-boundary"

Part = tuple[str, bytes]


def field(name: str, value: str | bytes) -> Part:
    return f'form-data; name="{name}"', value if isinstance(value, bytes) else value.encode()


def a_file(filename: str = WHEEL, content: bytes | None = None) -> Part:
    return f'form-data; name="content"; filename="{filename}"', make_wheel() if content is None else content


def form(parts: Iterable[Part]) -> bytes:
    lines = [
        b"".join((f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n".encode(), value, b"\r\n"))
        for disposition, value in parts
    ]
    return b"".join([*lines, f"--{BOUNDARY}--\r\n".encode()])


def usual(**changes: str) -> list[Part]:
    """What twine sends, shortened."""
    fields = {
        ":action": "file_upload",
        "protocol_version": "1",
        "name": "acme-core",
        "version": "1.0",
        "filetype": "bdist_wheel",
        "metadata_version": "2.5",
        "sha256_digest": hashlib.sha256(make_wheel()).hexdigest(),
        "blake2_256_digest": hashlib.blake2b(make_wheel(), digest_size=32).hexdigest(),
        "description": "Long.",
    } | changes
    parts = [field(name, value) for name, value in fields.items()]
    return [*parts, field("classifiers", "One"), field("classifiers", "Two"), a_file()]


Post = Callable[..., tuple[int, Mapping[str, str]]]


@pytest.fixture
def post(client: TestClient) -> Post:
    def send(
        body: bytes | Iterable[bytes],
        path: str = f"{ROOT}/",
        content_type: str | None = f"multipart/form-data; boundary={BOUNDARY}",
    ) -> tuple[int, Mapping[str, str]]:
        headers = {} if content_type is None else {"Content-Type": content_type}
        answer = client.post(path, content=body, headers=headers)
        plain = answer.headers["content-type"].startswith("text/plain")
        return answer.status_code, {"message": answer.text} if plain else answer.json()

    return send


@pytest.mark.parametrize("path", [ROOT, f"{ROOT}/"])
def test_an_upload_is_there_when_it_is_answered(client: TestClient, post: Post, path: str) -> None:
    assert post(form(usual()), path)[0] == 200
    assert client.get(f"{ROOT}/simple/acme-core/1.0/{WHEEL}").content == make_wheel()
    assert post(form(usual()), path)[0] == 200


def test_a_form_may_come_in_any_pieces(world: SmallWorld, post: Post) -> None:
    body = form(usual())
    assert post(body[start : start + 7] for start in range(0, len(body), 7))[0] == 200
    assert world.rows()["asset"] == 1


def test_a_long_file_is_written_while_it_arrives(
    world: SmallWorld, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inhouse_server.data_plane.uploading._FEED_BYTES", 100)
    body = form(usual())
    assert post(body[start : start + 50] for start in range(0, len(body), 50))[0] == 200
    assert world.rows()["asset"] == 1


def test_only_what_an_upload_needs_must_be_sent(world: SmallWorld, post: Post) -> None:
    """No digest, no file type: twine sends no md5 any more, others less."""
    parts = [field(":action", "file_upload"), field("name", "acme-core"), field("version", "1.0")]
    assert post(form([*parts, a_file()]))[0] == 200
    assert post(form([a_file(sdist_name(), make_sdist()), *parts, field("md5_digest", "")]))[0] == 200
    assert world.rows()["asset"] == 2


@pytest.mark.parametrize(
    "extra",
    [
        ('form-data; name="gpg_signature"; filename="x.asc"', b"a signature"),
        ('form-data; name="attestations"', b"[]"),
        ('form-data; name="ümläut"', b"\xff"),
    ],
)
def test_parts_that_mean_nothing_here_are_passed_over(post: Post, extra: Part) -> None:
    assert post(form([extra, *usual()]))[0] == 200


@pytest.mark.parametrize(
    ("parts", "complaint"),
    [
        ([], "lacks the field ':action'"),
        ([field(":action", "file_upload"), field("name", "acme-core"), a_file()], "lacks the field 'version'"),
        (usual(name=""), "lacks the field 'name'"),
        (usual()[:-1], "no file in its field 'content'"),
        (usual(**{":action": "submit"}), "'submit' is not offered"),
        ([*usual(), field("version", "2.0")], "'version' twice"),
        ([*usual(), a_file()], "more than one file"),
        ([*usual()[:-1], field("content", make_wheel())], "no file name"),
        ([("form-data", b"x"), *usual()], "has no name"),
        ([("attachment; name=x", b"x"), *usual()], "has no name"),
        ([*usual()[:-1], ('form-data; name="content"; filename="\xff.whl"', make_wheel())], "not the name of a wheel"),
        ([field("name", b"\xff\xfe"), *usual()[3:]], "not UTF-8"),
        (usual(name="x" * 2000), "more than 1024 bytes"),
        ([*usual()[:-1], a_file("../../etc/passwd")], "not the name of a wheel"),
        ([*usual()[:-1], a_file("")], "not the name of a wheel"),
        (usual(version="2.0"), "form says the version"),
        (usual(sha256_digest="0" * 64), "sha256_digest"),
        ([*usual(sha256_digest="", blake2_256_digest="")[:-1], a_file(content=b"hello")], "not a wheel"),
    ],
)
def test_what_is_no_upload_is_refused_and_leaves_nothing(
    world: SmallWorld, post: Post, parts: list[Part], complaint: str
) -> None:
    status, answer = post(form(parts))
    assert (status, complaint in answer["message"]) == (400, True), answer
    assert answer["hint"]
    assert world.rows() == NOTHING
    assert world.stored() == set()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", None),
        (b"name=acme", "application/x-www-form-urlencoded"),
        (form(usual()), "multipart/form-data"),
        (form(usual()), "multipart/form-data; boundary="),
        (form(usual()), "multipart/form-data; boundary=another"),
        (form(usual()), f"multipart/form-data; boundary={'b' * 5000}"),
        (form(usual()), f"multipart/mixed; boundary={BOUNDARY}"),
        (b"", f"multipart/form-data; boundary={BOUNDARY}"),
        (b"--a-boundary", f"multipart/form-data; boundary={BOUNDARY}"),
        (b"garbage", f"multipart/form-data; boundary={BOUNDARY}"),
        (form(usual())[:-6], f"multipart/form-data; boundary={BOUNDARY}"),
        (form(usual())[:300], f"multipart/form-data; boundary={BOUNDARY}"),
        (b"--a-boundary\r\nno colon\r\n\r\nx\r\n--a-boundary--\r\n", f"multipart/form-data; boundary={BOUNDARY}"),
        (b"--a-boundary\r\nA: " + b"x" * 100_000, f"multipart/form-data; boundary={BOUNDARY}"),
    ],
)
def test_a_body_that_is_no_form_is_refused_with_a_hint(
    world: SmallWorld, post: Post, body: bytes, content_type: str | None
) -> None:
    status, answer = post(body, content_type=content_type)
    assert status == 400
    assert answer["hint"]
    assert world.stored() == set()


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_damage_anywhere_in_a_form_is_never_a_fault_of_ours(world: SmallWorld, post: Post, data: st.DataObject) -> None:
    body = form(usual())
    start = data.draw(st.integers(0, len(body)))
    damage = data.draw(st.binary(max_size=6) | st.sampled_from([b"\r\n", b"--", f"--{BOUNDARY}".encode(), b'"']))
    status, answer = post(body[:start] + damage + body[start + len(damage) :])
    assert status in {200, 400, 409}, answer
    assert list((world.store.folder / "incoming").iterdir()) == []


def test_too_many_parts(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_form, "_MAXIMUM_PARTS", 5)
    status, answer = post(form(usual()))
    assert (status, "more than 5 parts" in answer["message"]) == (400, True)


def test_fields_that_are_too_long(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_form, "_MAXIMUM_OTHER_BYTES", 500)
    status, answer = post(form(usual(description="x" * 501)))
    assert (status, "more than 500 bytes together" in answer["message"]) == (400, True)


def test_a_file_that_is_too_long(world: SmallWorld, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compat, "MAXIMUM_ASSET_BYTES", len(make_wheel()) - 1)
    status, answer = post(chunk for chunk in [form(usual())])
    assert (status, "longer than" in answer["message"]) == (413, True)
    assert answer["hint"]
    assert world.stored() == set()


def test_an_upload_that_says_it_is_too_long_is_not_read(
    world: SmallWorld, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compat, "MAXIMUM_ASSET_BYTES", 1)
    assert post(form(usual()))[0] == 413
    assert world.stored() == set()


def test_other_bytes_are_a_409_in_the_words_that_uploaders_know(post: Post) -> None:
    post(form(usual()))
    changed = make_wheel(code="changed = True")
    status, answer = post(form([*usual(sha256_digest="", blake2_256_digest="")[:-1], a_file(content=changed)]))
    assert status == 409
    assert "File already exists" in answer["message"]
    assert hashlib.sha256(make_wheel()).hexdigest() in answer["message"]


def test_a_version_from_upstream_is_a_409_that_says_so(world: SmallWorld, post: Post) -> None:
    world.remote.add_wheel("acme-core", "1.0")
    status, answer = post(form(usual()))
    assert (status, "the upstream store" in answer["message"]) == (409, True)


def test_a_blocked_package_is_a_403_that_says_so(world: SmallWorld, team: Repository, post: Post) -> None:
    world.set_controls(team, "acme-core", publish="BLOCK", upstream="ALLOW")
    status, answer = post(form(usual()))
    assert (status, "BLOCK" in answer["message"]) == (403, True)
    assert "put-package-origin-configuration" in answer["hint"]


@pytest.mark.parametrize("path", [ROOT, f"{ROOT}/", f"{ROOT}/simple/", f"{ROOT}/simple"])
def test_without_a_token_nothing_is_taken(anonymous: TestClient, world: SmallWorld, path: str) -> None:
    answer = anonymous.post(path, content=form(usual()))
    assert answer.status_code == 401
    assert "aws codeartifact" in answer.json()["hint"]
    assert world.stored() == set()


def test_an_unknown_repository(post: Post) -> None:
    assert post(form(usual()), f"/pypi/d/{DOMAIN}-{OWNER}/unknown/")[0] == 404


@pytest.mark.parametrize("path", [f"{ROOT}/simple/", f"{ROOT}/simple", f"{ROOT}/simple/acme-core/"])
def test_an_upload_to_the_address_of_the_pages_is_told_the_right_one(post: Post, client: TestClient, path: str) -> None:
    status, answer = post(form(usual()), path)
    assert status == 405
    assert f"Upload to http://127.0.0.1:8765{ROOT}/ " in answer["hint"]
    assert client.post(path).headers["allow"] == "GET, HEAD"


def entries(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()]


def test_uploads_are_written_down_with_their_outcome(
    world: SmallWorld, team: Repository, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(form(usual()))
    post(form(usual(version="2.0")))
    monkeypatch.setattr(type(world.publish), "publish", lambda *_: 1 / 0)
    assert post(form(usual()))[0] == 500
    written = entries(tmp_path / "audit")
    assert [entry["outcome"] for entry in written] == ["Success", "InvalidRequestError", "InternalError"]
    assert {entry["resource"] for entry in written} == {
        f"arn:aws:codeartifact:us-east-1:{OWNER}:package/{DOMAIN}/{team.name}/pypi//acme-core"
    }
    assert {entry["principal"] for entry in written} == {world.principal.arn}


def test_a_form_says_that_it_uploads(world: SmallWorld, post: Post) -> None:
    status, answer = post(form([field("name", "acme-core"), field("version", "1.0"), a_file()]))
    assert (status, ":action" in answer["message"]) == (400, True)
    assert world.rows()["asset"] == 0


def test_the_address_for_uploads_is_right_whatever_the_repository_is_called(world: SmallWorld, post: Post) -> None:
    world.repository("simple-x")
    root = f"/pypi/d/{DOMAIN}-{OWNER}/simple-x"
    status, answer = post(form(usual()), f"{root}/simple/")
    assert status == 405
    assert f"Upload to http://127.0.0.1:8765{root}/ " in answer["hint"]
