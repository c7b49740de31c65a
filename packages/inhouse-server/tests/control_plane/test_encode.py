import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from botocore.parsers import RestJSONParser

from inhouse_server.control_plane.protocol import models
from inhouse_server.control_plane.protocol.encode import WireAnswer, encode
from inhouse_server.model import GroupMode, GroupRestriction, PackageFormat


def encoded(operation: str, result: dict[str, object]) -> WireAnswer:
    return encode(models.load("codeartifact").operation_model(operation), result)


def parsed(operation: str, answer: WireAnswer) -> dict[str, object]:
    """What botocore makes of an answer."""
    shape = models.load("codeartifact").operation_model(operation).output_shape
    assert shape is not None
    response = {"status_code": answer.status, "headers": answer.headers, "body": answer.body}
    values = dict(RestJSONParser().parse(response, shape))
    del values["ResponseMetadata"]
    return values


def test_times_are_seconds_with_a_fraction() -> None:
    time = datetime(2020, 3, 1, 14, 26, 33, 861_999, tzinfo=UTC)
    body = encoded("GetAuthorizationToken", {"authorizationToken": "t", "expiration": time}).body
    assert json.loads(body) == {"authorizationToken": "t", "expiration": 1583072793.862}
    elsewhere = time.astimezone(timezone(timedelta(hours=5)))
    assert encoded("GetAuthorizationToken", {"expiration": elsewhere}).body == b'{"expiration":1583072793.862}'


def test_members_that_are_not_set_are_left_out() -> None:
    result: dict[str, object] = {"domain": {"name": "dd", "s3BucketArn": None, "repositoryCount": 0}}
    assert encoded("CreateDomain", result).body == b'{"domain":{"name":"dd","repositoryCount":0}}'
    assert encoded("ListDomains", {"domains": [], "nextToken": None}).body == b'{"domains":[]}'


def test_enumerations_maps_and_lists() -> None:
    result: dict[str, object] = {
        "packageGroup": {
            "originConfiguration": {
                "restrictions": {GroupRestriction.PUBLISH: {"mode": GroupMode.ALLOW, "effectiveMode": "ALLOW"}}
            }
        }
    }
    assert parsed("DescribePackageGroup", encoded("DescribePackageGroup", result)) == result
    listed: dict[str, object] = {"packages": ({"format": PackageFormat.PYPI, "package": "a"},)}
    assert encoded("ListPackages", listed).body == b'{"packages":[{"format":"pypi","package":"a"}]}'


def test_bytes_are_sent_raw_and_their_members_as_headers() -> None:
    answer = encoded("GetPackageVersionAsset", {"asset": b"\x00\xff", "assetName": "a.whl", "packageVersion": "1.0"})
    assert answer.body == b"\x00\xff"
    assert answer.content_type == "application/octet-stream"
    assert answer.headers == {"X-AssetName": "a.whl", "X-PackageVersion": "1.0"}


@pytest.mark.parametrize(
    ("operation", "result"),
    [
        ("CreateDomain", {"domian": {}}),
        ("CreateDomain", {"domain": {"nmae": "x"}}),
        ("CreateDomain", {"domain": []}),
        ("CreateDomain", {"domain": {"name": 1}}),
        ("CreateDomain", {"domain": {"repositoryCount": "1"}}),
        ("CreateDomain", {"domain": {"repositoryCount": True}}),
        ("CreateDomain", {"domain": {"createdTime": 1.5}}),
        ("ListDomains", {"domains": {}}),
        ("ListDomains", {"domains": [None]}),
        ("GetPackageVersionAsset", {"asset": "text"}),
    ],
)
def test_a_result_that_does_not_fit_its_shape_is_our_own_mistake(operation: str, result: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        encoded(operation, result)
