import pytest
from botocore.model import OperationModel, ServiceModel

from inhouse_server.control_plane.protocol import models
from inhouse_server.control_plane.protocol.decode import WireRequest, decode
from inhouse_server.errors import InvalidRequestError, ValidationReason


def operation(name: str) -> OperationModel:
    return models.load("codeartifact").operation_model(name)


def decoded(name: str, query: str = "", body: bytes = b"", **headers: str) -> dict[str, object]:
    return decode(operation(name), WireRequest(query, {k.replace("_", "-"): v for k, v in headers.items()}, body))


def refused(name: str, query: str = "", body: bytes = b"") -> InvalidRequestError:
    with pytest.raises(InvalidRequestError) as caught:
        decoded(name, query, body)
    return caught.value


def test_parameters_come_from_query_and_body() -> None:
    found = decoded(
        "CreateRepository",
        "domain=my-domain&domain-owner=111122223333&repository=lib&later=x",
        '{"description": "Grüße", "upstreams": [{"repositoryName": "store"}], "more": 1}'.encode(),
    )
    assert found == {
        "domain": "my-domain",
        "domainOwner": "111122223333",
        "repository": "lib",
        "description": "Grüße",
        "upstreams": [{"repositoryName": "store"}],
    }


def test_a_query_is_percent_decoded() -> None:
    assert decoded("DescribePackageGroup", "domain=dd&package-group=%2Fpypi%2F%2Facme%7E")["packageGroup"] == (
        "/pypi//acme~"
    )


def test_numbers_and_booleans_in_the_query() -> None:
    assert decoded("GetAuthorizationToken", "domain=dd&duration=900")["durationSeconds"] == 900
    assert decoded("ListAssociatedPackages", "domain=dd&package-group=/*&preview=true")["preview"] is True
    assert decoded("ListAssociatedPackages", "domain=dd&package-group=/*&preview=false")["preview"] is False


@pytest.mark.parametrize("text", ["12h", "", "1.5", "1e3", "+900", " 900", "٩٠٠", "9" * 30])
def test_what_is_no_number_is_told(text: str) -> None:
    error = refused("GetAuthorizationToken", f"domain=dd&duration={text}")
    assert error.reason is ValidationReason.FIELD_VALIDATION_FAILED
    assert "at 'durationSeconds' failed to satisfy constraint: Member must be of type number" in error.message


@pytest.mark.parametrize("text", ["True", "1", "yes", ""])
def test_what_is_no_boolean_is_told(text: str) -> None:
    error = refused("ListAssociatedPackages", f"domain=dd&package-group=/*&preview={text}")
    assert "at 'preview' failed to satisfy constraint: Member must be of type boolean" in error.message


@pytest.mark.parametrize("body", [b"", b"{}", b' {"maxResults": null} '])
def test_no_body_and_an_empty_one_are_the_same(body: bytes) -> None:
    assert decoded("ListDomains", body=body) == {}


def test_an_operation_without_members_in_the_body_does_not_look_at_it() -> None:
    assert decoded("DescribeDomain", "domain=dd", b"\xff not json") == {"domain": "dd"}


def test_every_breach_is_told_at_once() -> None:
    error = refused("CreateRepository", "domain=MY_BAD DOMAIN", b'{"description": 5}')
    assert error.message.startswith("3 validation errors detected: ")
    for text in ("'MY_BAD DOMAIN' at 'domain'", "null at 'repository'", "Value 5 at 'description'"):
        assert text in error.message
    assert refused("CreateDomain").message == (
        "1 validation error detected: Value null at 'domain' failed to satisfy constraint: Member must not be null"
    )


def test_a_parameter_may_be_given_once() -> None:
    assert (
        "'domain' failed to satisfy constraint: Member must be given once"
        in refused("DescribeDomain", "domain=aa&domain=bb").message
    )


@pytest.mark.parametrize("query", ["domain=%ff", "&".join(["a=b"] * 101)])
def test_a_query_that_cannot_be_parsed(query: str) -> None:
    assert refused("DescribeDomain", query).reason is ValidationReason.CANNOT_PARSE


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff",
        b'{"maxResults": NaN}',
        b'{"maxResults": Infinity}',
        b"[" * 100_000,
        b'{"maxResults": ' + b"9" * 5000 + b"}",
        '{"a": 1}'.encode("utf-16"),
    ],
)
def test_a_body_that_cannot_be_parsed(body: bytes) -> None:
    assert refused("ListDomains", body=body).reason is ValidationReason.CANNOT_PARSE


def test_half_a_surrogate_pair_is_no_text() -> None:
    assert "valid Unicode" in refused("CreateDomain", "domain=dd", b'{"encryptionKey": "\\ud800"}').message


def test_a_raw_body_and_a_header() -> None:
    digest = "0" * 64
    found = decoded(
        "PublishPackageVersion",
        "domain=dd&repository=rr&format=generic&package=p&version=1&asset=a.bin&namespace=n",
        b"\x00\xff",
        x_amz_content_sha256=digest,
    )
    assert found["assetContent"] == b"\x00\xff"
    assert found["assetSHA256"] == digest


def made_up(location: str) -> OperationModel:
    member = {"shape": "Text", "location": location, "locationName": "x"}
    model = ServiceModel(
        {
            "metadata": {"protocol": "rest-json"},
            "operations": {
                "Op": {"name": "Op", "http": {"method": "GET", "requestUri": "/"}, "input": {"shape": "In"}},
                "Bare": {"name": "Bare", "http": {"method": "GET", "requestUri": "/{x}"}},
            },
            "shapes": {"Text": {"type": "string"}, "In": {"type": "structure", "members": {"x": member}}},
        },
        "made-up",
    )
    return model.operation_model("Op" if location else "Bare")


def test_a_location_that_no_operation_uses_is_our_own_mistake() -> None:
    with pytest.raises(NotImplementedError, match="uri"):
        decode(made_up("uri"), WireRequest("", {}, b""))


def test_an_operation_without_input_takes_nothing() -> None:
    assert decode(made_up(""), WireRequest("a=b", {}, b"{}")) == {}


def test_no_more_than_ten_breaches_are_told() -> None:
    error = refused("CreateDomain", "domain=dd", b'{"tags": [' + b",".join([b"{}"] * 300_000) + b"]}")
    assert error.message.startswith("10 or more validation errors detected: ")
    assert len(error.message) < 3000
