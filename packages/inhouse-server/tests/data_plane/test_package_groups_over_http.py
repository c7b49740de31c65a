"""What clients of the data plane see of package groups."""

import hashlib

from made_distributions import make_wheel, wheel_name
from small_world import SmallWorld
from starlette.testclient import TestClient

TEAM = "/pypi/d/my-domain-111122223333/team/"


def upload(client: TestClient, name: str, version: str = "1.0") -> tuple[int, dict[str, str]]:
    content = make_wheel(name, version)
    answer = client.post(
        TEAM,
        data={
            ":action": "file_upload",
            "protocol_version": "1",
            "name": name,
            "version": version,
            "filetype": "bdist_wheel",
            "sha256_digest": hashlib.sha256(content).hexdigest(),
        },
        files={"content": (wheel_name(name, version), content)},
    )
    return answer.status_code, answer.json() if answer.status_code != 200 else {}


def test_an_upload_that_a_group_blocks_is_answered_403_with_a_hint(client: TestClient, world: SmallWorld) -> None:
    world.group("/pypi//acme~", PUBLISH="BLOCK")
    status, body = upload(client, "acme-core")
    assert status == 403
    assert "package group /pypi//acme~ has PUBLISH=BLOCK" in body["message"]
    assert (
        "`aws codeartifact update-package-group-origin-configuration --region us-east-1 --domain my-domain "
        "--domain-owner 111122223333 --package-group '/pypi//acme~' --restrictions PUBLISH=ALLOW`" in body["hint"]
    )
    assert upload(client, "other") == (200, {})


def test_a_reserved_project_is_404_whatever_the_public_source_has(client: TestClient, world: SmallWorld) -> None:
    world.remote.add_wheel("acme-core", "9.0")
    world.group("/pypi//acme~", EXTERNAL_UPSTREAM="BLOCK")
    for path in ("simple/acme-core/", "simple/Acme.Core/", f"simple/acme-core/9.0/{wheel_name('acme-core', '9.0')}"):
        assert client.get(TEAM + path).status_code == 404
    assert upload(client, "acme-core")[0] == 200
    page = client.get(f"{TEAM}simple/acme-core/").text
    assert wheel_name("acme-core", "1.0") in page
    assert wheel_name("acme-core", "9.0") not in page
    assert world.remote.asked == []
