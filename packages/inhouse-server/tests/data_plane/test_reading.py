"""Pages, files and metadata over HTTP."""

import hashlib
import logging
from datetime import timedelta
from email.utils import format_datetime

import pytest
from fake_remote import UPLOADED
from made_distributions import make_sdist, make_wheel, metadata_text, sdist_name, wheel_name
from pypi_simple import ProjectPage
from small_world import DOMAIN, OWNER, SmallWorld
from starlette.testclient import TestClient

from inhouse_server.data_plane.file_bodies import CHUNK
from inhouse_server.model import Repository, VersionStatus

ROOT = f"/pypi/d/{DOMAIN}-{OWNER}/team"
PAGE = f"{ROOT}/simple/acme-core/"
WHEEL = wheel_name()
FILE = f"{PAGE}1.0/{WHEEL}"
SHA256 = hashlib.sha256(make_wheel()).hexdigest()
JSON = "application/vnd.pypi.simple.v1+json"


@pytest.fixture
def published(world: SmallWorld, team: Repository) -> None:
    world.upload_wheel(team, "acme-core", "1.0")


# --- who may come in -------------------------------------------------------------------------------------------------

ADDRESSES = [PAGE, PAGE.rstrip("/"), FILE, f"{FILE}.metadata"]


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_without_a_token_nothing_is_told(anonymous: TestClient, address: str, method: str) -> None:
    answer = anonymous.request(method, address)
    assert answer.status_code == 401
    assert answer.headers.get_list("www-authenticate") == ['Basic realm="CodeArtifact"', 'Bearer realm="CodeArtifact"']
    assert answer.headers["x-amzn-requestid"]
    if method == "GET":
        assert f"--domain {DOMAIN} --domain-owner {OWNER} --repository team" in answer.json()["hint"]


@pytest.mark.usefixtures("published")
def test_either_scheme_opens(anonymous: TestClient, world: SmallWorld) -> None:
    assert anonymous.get(PAGE, auth=("aws", world.token())).status_code == 200
    assert anonymous.get(PAGE, headers={"Authorization": f"Bearer {world.token()}"}).status_code == 200


@pytest.mark.parametrize("credentials", [("me", "TOKEN"), ("aws", "made-up"), ("aws", ""), ("", "TOKEN")])
def test_other_credentials_do_not(anonymous: TestClient, world: SmallWorld, credentials: tuple[str, str]) -> None:
    user, password = credentials
    assert anonymous.get(PAGE, auth=(user, password.replace("TOKEN", world.token()))).status_code == 401


def test_an_expired_token_says_when_it_did_and_how_to_get_another(anonymous: TestClient, world: SmallWorld) -> None:
    token = world.token(lasts=timedelta(hours=1))
    world.now += timedelta(hours=2)
    answer = anonymous.get(PAGE, auth=("aws", token))
    assert answer.status_code == 401
    assert "2026-03-01 13:00:00 UTC" in answer.json()["message"]
    assert "aws codeartifact get-authorization-token" in answer.json()["hint"]


def test_a_token_of_another_domain(anonymous: TestClient, world: SmallWorld) -> None:
    answer = anonymous.get(PAGE, auth=("aws", world.token(domain="other-domain")))
    assert answer.status_code == 403
    assert f"--domain {DOMAIN}" in answer.json()["hint"]


def test_a_domain_that_is_gone(anonymous: TestClient, world: SmallWorld) -> None:
    token = world.token(domain="gone-domain")
    answer = anonymous.get(f"/pypi/d/gone-domain-{OWNER}/team/simple/x/", auth=("aws", token))
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["simple/acme-core/", f"simple/acme-core/1.0/{WHEEL}"])
def test_an_unknown_repository(client: TestClient, path: str) -> None:
    answer = client.get(f"/pypi/d/{DOMAIN}-{OWNER}/unknown/{path}")
    assert answer.status_code == 404
    assert "list-repositories-in-domain" in answer.json()["hint"]


@pytest.mark.parametrize("where", [f"{DOMAIN}-123", "my-domain", f"-{OWNER}", f"{DOMAIN}{OWNER}"])
def test_an_address_without_a_domain(client: TestClient, where: str) -> None:
    answer = client.get(f"/pypi/d/{where}/team/simple/acme-core/")
    assert answer.status_code == 404
    assert "twelve digits" in answer.json()["hint"]


# --- pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("spelling", ["acme-core", "Acme.Core", "ACME__core", "acme%2Dcore"])
@pytest.mark.parametrize("slash", ["/", ""])
@pytest.mark.parametrize("accept", [JSON, "text/html"])
def test_every_spelling_is_answered_and_its_links_lead_to_the_file(
    client: TestClient, spelling: str, slash: str, accept: str
) -> None:
    address = f"{ROOT}/simple/{spelling}{slash}"
    answer = client.get(address, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(accept)
    base = f"http://127.0.0.1:8765{address}"
    page = (
        ProjectPage.from_json_data(answer.json(), base)
        if accept == JSON
        else ProjectPage.from_html("acme-core", answer.content, base)
    )
    (package,) = page.packages
    assert client.get(package.url).content == make_wheel()


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("accept", "status", "content_type"),
    [
        (JSON, 200, JSON),
        ("application/vnd.pypi.simple.v1+html", 200, "application/vnd.pypi.simple.v1+html"),
        ("*/*", 200, "text/html; charset=utf-8"),
        ("application/xml", 406, "application/json"),
    ],
)
def test_the_representation_is_negotiated(client: TestClient, accept: str, status: int, content_type: str) -> None:
    answer = client.get(PAGE, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (status, content_type)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("accept", [JSON, "text/html"])
def test_a_page_that_has_not_changed_is_not_sent_again(
    client: TestClient, world: SmallWorld, team: Repository, accept: str
) -> None:
    first = client.get(PAGE, headers={"Accept": accept})
    etag = first.headers["etag"]
    assert etag.startswith('"')
    assert (first.headers["vary"], first.headers["cache-control"]) == ("Accept", "private, no-cache")
    again = client.get(PAGE, headers={"Accept": accept, "If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    world.upload_wheel(team, "acme-core", "1.1")
    assert client.get(PAGE, headers={"Accept": accept, "If-None-Match": etag}).status_code == 200


@pytest.mark.usefixtures("published")
def test_representations_have_tags_of_their_own(client: TestClient) -> None:
    tags = {client.get(PAGE, headers={"Accept": accept}).headers["etag"] for accept in (JSON, "text/html")}
    assert len(tags) == 2


@pytest.mark.parametrize("name", ["unknown", "not%20a%20name", "%2E%2E", "a%3Fb", "x" * 300])
def test_an_unknown_project(client: TestClient, world: SmallWorld, name: str) -> None:
    for address in (f"{ROOT}/simple/{name}/", f"{ROOT}/simple/{name}/1.0/x-1.0.tar.gz"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert answer.json()["message"]
    assert set(world.remote.asked) <= {"unknown"}


def test_a_source_that_is_down_is_a_503_that_may_be_tried_again(client: TestClient, world: SmallWorld) -> None:
    world.remote.down = True
    answer = client.get(f"{ROOT}/simple/six/")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("published")
def test_a_file(client: TestClient, world: SmallWorld) -> None:
    answer = client.get(FILE)
    assert (answer.status_code, answer.content) == (200, make_wheel())
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-length"] == str(len(make_wheel()))
    assert answer.headers["etag"] == f'"{SHA256}"'
    assert answer.headers["last-modified"] == format_datetime(world.now, usegmt=True)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("address", ADDRESSES)
def test_head_tells_what_get_would(client: TestClient, address: str) -> None:
    get, head = client.get(address), client.head(address)
    assert (head.status_code, head.content) == (get.status_code, b"")
    ignored = {"x-amzn-requestid", "content-type"}
    assert {n: v for n, v in head.headers.items() if n not in ignored} == {
        n: v for n, v in get.headers.items() if n not in ignored
    }


def test_head_of_a_public_file_fetches_nothing(client: TestClient, world: SmallWorld) -> None:
    world.remote.add_wheel("six", "1.0")
    answer = client.head(f"{ROOT}/simple/six/1.0/{wheel_name('six')}")
    assert answer.headers["content-length"] == str(len(make_wheel("six")))
    assert answer.headers["last-modified"] == format_datetime(UPLOADED, usegmt=True)
    assert world.remote.opened == []


def test_head_of_a_public_file_of_unknown_length_fetches_it(client: TestClient, world: SmallWorld) -> None:
    file = world.remote.add_wheel("six", "1.0")
    unknown = type(file)(
        **{name: getattr(file, name) for name in file.__slots__ if name not in {"size", "upload_time"}}
    )
    world.remote.files["six"][file.filename] = unknown
    answer = client.head(f"{ROOT}/simple/six/1.0/{file.filename}")
    assert answer.headers["content-length"] == str(len(make_wheel("six")))
    assert "last-modified" not in answer.headers
    assert answer.content == b""


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [("bytes=0-9", 0, 10), ("bytes=-10", -10, None), ("bytes=5-", 5, None), ("bytes=0-99999", 0, None)],
)
def test_a_range(client: TestClient, wanted: str, start: int, stop: int | None) -> None:
    whole = make_wheel()
    answer = client.get(FILE, headers={"Range": wanted})
    assert (answer.status_code, answer.content) == (206, whole[start:stop])
    first = start % len(whole) if start < 0 else start
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(whole)}"
    assert answer.headers["content-length"] == str(len(answer.content))


@pytest.mark.usefixtures("published")
def test_a_range_behind_the_end(client: TestClient) -> None:
    answer = client.get(FILE, headers={"Range": "bytes=999999-"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(make_wheel())}")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("condition", [f'"{SHA256}"', "Sun, 01 Mar 2026 12:00:00 GMT"])
def test_a_range_of_the_file_the_client_knows(client: TestClient, condition: str) -> None:
    assert client.get(FILE, headers={"Range": "bytes=0-1", "If-Range": condition}).status_code == 206


@pytest.mark.usefixtures("published")
def test_a_range_of_another_file_gets_the_whole(client: TestClient) -> None:
    assert client.get(FILE, headers={"Range": "bytes=0-1", "If-Range": '"other"'}).content == make_wheel()


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("address", [FILE, f"{FILE}.metadata"])
def test_a_file_that_the_client_has(client: TestClient, method: str, address: str) -> None:
    etag = client.get(address).headers["etag"]
    answer = client.request(method, address, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert client.request(method, address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_large_file_comes_in_chunks_and_ranges_of_it_too(client: TestClient, world: SmallWorld) -> None:
    content = bytes(range(256)) * (CHUNK // 256 * 2) + b"the end"
    world.remote.add("big", "big-1.0.tar.gz", content)
    address = f"{ROOT}/simple/big/1.0/big-1.0.tar.gz"
    whole = client.get(address)
    assert whole.content == content
    assert whole.headers["content-length"] == str(len(content))
    part = client.get(address, headers={"Range": f"bytes=3-{CHUNK + 9}"})
    assert (part.status_code, part.content) == (206, content[3 : CHUNK + 10])


@pytest.mark.parametrize("length", [10, CHUNK * 2])
def test_a_file_that_the_disk_has_cut_short_breaks_off(
    client: TestClient, world: SmallWorld, team: Repository, length: int
) -> None:
    """Better a connection that breaks than bytes that are not the file."""
    file = world.remote.add("big", "big-1.0.tar.gz", bytes(length))
    world.get(team, "big", "1.0", "big-1.0.tar.gz")
    with world.store.path(file.digests.sha256).open("r+b") as blob:
        blob.truncate(length - 1)
    address = f"{ROOT}/simple/big/1.0/big-1.0.tar.gz"
    if length > CHUNK:
        with pytest.raises(EOFError, match="1 bytes are missing"):
            client.get(address)
    else:
        assert client.get(address).status_code == 500


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("path", ["1.0/other-1.0.tar.gz", f"2.0/{WHEEL}", f"x/{WHEEL}", f"1.0/{WHEEL}/more", "1.0/"])
def test_an_unknown_file(client: TestClient, path: str) -> None:
    assert client.get(PAGE + path).status_code == 404


@pytest.mark.usefixtures("published")
def test_equal_versions_are_one_address(client: TestClient) -> None:
    assert client.get(f"{PAGE}1/{WHEEL}").content == make_wheel()


def test_a_local_version_and_its_plus(client: TestClient, world: SmallWorld, team: Repository) -> None:
    world.upload_wheel(team, "acme-core", "1.0+local.1")
    (package,) = ProjectPage.from_json_data(
        client.get(PAGE, headers={"Accept": JSON}).json(), f"http://127.0.0.1:8765{PAGE}"
    ).packages
    assert "%2B" in package.url
    assert client.get(package.url).content == make_wheel(version="1.0+local.1")
    assert client.get(package.url.replace("%2B", "+")).status_code == 200


@pytest.mark.usefixtures("published")
def test_an_archived_file(client: TestClient, world: SmallWorld, team: Repository) -> None:
    world.set_status(team, "acme-core", "1.0", VersionStatus.ARCHIVED)
    assert client.get(FILE).status_code == client.get(PAGE).status_code == 404


# --- metadata --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("published")
def test_metadata_is_what_the_page_advertises(client: TestClient) -> None:
    answer = client.get(f"{FILE}.metadata")
    assert answer.content == metadata_text()
    assert answer.headers["content-length"] == str(len(metadata_text()))
    advertised = client.get(PAGE, headers={"Accept": JSON}).json()["files"][0]["core-metadata"]
    assert advertised == {"sha256": hashlib.sha256(answer.content).hexdigest()}


def test_what_is_not_advertised_is_not_there(client: TestClient, world: SmallWorld, team: Repository) -> None:
    world.upload(team, sdist_name(), make_sdist(), name="acme-core", version="1.0")
    assert "core-metadata" not in client.get(PAGE, headers={"Accept": JSON}).json()["files"][0]
    assert client.get(f"{PAGE}1.0/{sdist_name()}.metadata").status_code == 404


# --- what is not there -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{ROOT}/simple/"),
        ("GET", f"{ROOT}/simple"),
        ("GET", f"{ROOT}/"),
        ("GET", ROOT),
        ("GET", f"{ROOT}/%2Bsimple/acme-core/"),
        ("GET", f"{ROOT}/pypi/acme-core/json"),
        ("GET", "/pypi/"),
        ("GET", "/pypi"),
        ("DELETE", f"{ROOT}/simple/"),
        ("POST", f"{ROOT}/elsewhere"),
    ],
)
def test_nothing_else_is_there_and_nothing_is_redirected(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 404
    assert "simple/<project>/" in answer.json()["hint"]


def test_a_fault_of_ours_tells_no_internals(
    client: TestClient, world: SmallWorld, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(type(world.pages), "project_page", fail)
    with caplog.at_level(logging.ERROR):
        answer = client.get(PAGE)
    assert answer.status_code == 500
    assert "inside" not in answer.text
    assert answer.headers["x-amzn-requestid"] in answer.json()["hint"]
    assert answer.headers["x-amzn-requestid"] in caplog.text


@pytest.mark.parametrize("suffix", ["", ".metadata"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_version_of_thousands_of_digits_is_not_there(client: TestClient, method: str, suffix: str) -> None:
    assert client.request(method, f"{ROOT}/simple/x/{'9' * 5000}/x.whl{suffix}").status_code == 404
    assert client.request(method, f"{ROOT}/simple/x/1.0/{'9' * 5000}.whl{suffix}").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (ROOT, "POST"),
        (f"{ROOT}/", "POST"),
        (f"{ROOT}/simple/six", "GET, HEAD"),
        (f"{ROOT}/simple/six/", "GET, HEAD"),
        (f"{ROOT}/simple/six/1.0/six-1.0.tar.gz", "GET, HEAD"),
    ],
)
def test_methods_that_an_address_does_not_have(client: TestClient, method: str, path: str, allowed: str) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert answer.json()["hint"]
