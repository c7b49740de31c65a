"""The query protocol's forms and answers."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inhouse_server.control_plane.protocol import models, query
from inhouse_server.errors import InvalidRequestError

ASSUME = models.load("sts").operation_model("AssumeRole")
GOOD = {"RoleArn": "arn:aws:iam::111122223333:role/ci", "RoleSessionName": "ss"}


def test_forms_are_read_by_the_model() -> None:
    form = {
        **GOOD,
        "DurationSeconds": "900",
        "Tags.member.1.Key": "a",
        "Tags.member.1.Value": "b",
        "Tags.member.2.Key": "c",
        "Tags.member.2.Value": "",
        "TransitiveTagKeys.member.1": "a",
        "Unknown": "x",
    }
    assert query.decode(ASSUME, form) == {
        **GOOD,
        "DurationSeconds": 900,
        "Tags": [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": ""}],
        "TransitiveTagKeys": ["a"],
    }


def test_an_operation_without_parameters() -> None:
    identity = models.load("sts").operation_model("GetCallerIdentity")
    assert query.decode(identity, {"RoleArn": "x"}) == {}


@pytest.mark.parametrize(
    ("changes", "wording"),
    [
        ({"DurationSeconds": "x"}, "number"),
        ({"DurationSeconds": "9" * 30}, "number"),
        ({"DurationSeconds": "-1"}, "greater than or equal to 900"),
        ({"Tags.member.1.Key": "a"}, "'Tags.1.member.Value'"),
        ({f"Tags.member.{number}.Key": "a" for number in range(1, 60)}, "Tags"),
        ({"RoleArn": ""}, "RoleArn"),
    ],
)
def test_every_breach_is_told(changes: dict[str, str], wording: str) -> None:
    with pytest.raises(InvalidRequestError, match=wording):
        query.decode(ASSUME, {**GOOD, **changes})


def test_all_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(InvalidRequestError, match=r"^2 validation errors detected: .*RoleArn.*; .*RoleSessionName"):
        query.decode(ASSUME, {})


@given(
    st.dictionaries(
        st.sampled_from([*GOOD, "DurationSeconds", "Policy", "Tags.member.1.Key", "PolicyArns.member.1.arn"]), st.text()
    )
)
def test_whatever_comes_is_read_or_refused(form: dict[str, str]) -> None:
    try:
        found = query.decode(ASSUME, form)
    except InvalidRequestError:
        return
    assert found["RoleArn"] == form["RoleArn"]


def test_answers_are_written_by_the_model() -> None:
    result = {
        "Credentials": {"AccessKeyId": "<&>", "Expiration": datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)},
        "PackedPolicySize": 7,
        "SourceIdentity": None,
    }
    body = query.encode(ASSUME, result, namespace="urn:x", request_id="request-1")
    assert body.partition(b"\n")[2] == (
        b'<AssumeRoleResponse xmlns="urn:x"><AssumeRoleResult><Credentials><AccessKeyId>&lt;&amp;&gt;</AccessKeyId>'
        b"<Expiration>2026-03-01T12:00:00Z</Expiration></Credentials><PackedPolicySize>7</PackedPolicySize>"
        b"</AssumeRoleResult><ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata></AssumeRoleResponse>"
    )


@pytest.mark.parametrize("result", [{"Unknown": 1}, {"Credentials": {"Unknown": 1}}, {"SourceIdentity": b"x"}])
def test_answers_that_the_model_does_not_know(result: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        query.encode(ASSUME, result, namespace="urn:x", request_id="request-1")
