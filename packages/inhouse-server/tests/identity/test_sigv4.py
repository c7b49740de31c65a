import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import assume, given
from hypothesis import strategies as st

from inhouse_server.errors import (
    AuthenticationError,
    IncompleteSignatureError,
    MissingAuthenticationError,
    SignatureMismatchError,
    UnknownAccessKeyError,
)
from inhouse_server.identity.sigv4 import Authorization, SignedRequest, read_authorization, verify

KEY_ID = "AKIAMADEUPMADEUPMADE"
SECRET = "made/up+secret0123456789made/up+secret01"
HOST = "127.0.0.1:8765"


def sign(
    method: str = "GET",
    path: str = "/v1/domain",
    query: str = "",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    *,
    region: str = "us-east-1",
    service: str = "codeartifact",
    token: str | None = None,
) -> SignedRequest:
    """Sign with botocore, and return what arrives at a server."""
    url = f"http://{HOST}{path}" + (f"?{query}" if query else "")
    request = AWSRequest(method=method, url=url, data=body, headers=dict(headers or {}))
    SigV4Auth(Credentials(KEY_ID, SECRET, token), service, region).add_auth(request)
    parts = urlsplit(url)
    sent = (("host", HOST), *((name.lower(), str(value)) for name, value in request.headers.items()))
    return SignedRequest(method, parts.path, parts.query, sent, hashlib.sha256(body).hexdigest())


def check(request: SignedRequest, *, secret: str = SECRET, service: str = "codeartifact", later: float = 0) -> None:
    authorization = read_authorization(request)
    assert authorization.access_key_id == KEY_ID
    verify(request, authorization, secret, service=service, now=datetime.now(UTC) + timedelta(seconds=later))


def with_header(request: SignedRequest, name: str, value: str | None) -> SignedRequest:
    kept = tuple((key, old) for key, old in request.headers if key != name)
    return replace(request, headers=kept if value is None else (*kept, (name, value)))


def with_part(request: SignedRequest, old: str, new: str) -> SignedRequest:
    """Change a part of the Authorization header."""
    header = request.header("authorization") or ""
    assert old in header
    return with_header(request, "authorization", header.replace(old, new))


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12)
values = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
queries = st.lists(st.tuples(names, values), max_size=5).map(
    lambda pairs: "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)
)
paths = st.lists(st.one_of(st.sampled_from(["v1", "", ".", "..", "a b", "~x", "%"]), names), max_size=5).map(
    lambda segments: "/" + "/".join(quote(segment, safe="~") for segment in segments)
)
header_values = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=20)
extra_headers = st.dictionaries(
    st.sampled_from(["X-Amz-Meta", "X-Amzn-Thing", "Content-Type", "Accept"]), header_values, max_size=3
)


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    path=paths,
    query=queries,
    headers=extra_headers,
    body=st.binary(max_size=60),
)
def test_what_botocore_signs_is_accepted(
    method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    check(sign(method, path, query, headers, body))


@given(path=paths, query=queries, body=st.binary(max_size=30), data=st.data())
def test_whatever_is_changed_on_the_way_is_refused(path: str, query: str, body: bytes, data: st.DataObject) -> None:
    request = sign("POST", path, query, {"X-Amz-Meta": "a"}, body)
    mutations = {
        "method": replace(request, method="PUT"),
        "path": replace(request, path=request.path.rstrip("/") + "/more"),
        "query": replace(request, query=f"{request.query}&more=1"),
        "body": replace(request, body_sha256=hashlib.sha256(body + b"x").hexdigest()),
        "host": with_header(request, "host", "elsewhere.example"),
        "signed header": with_header(request, "x-amz-meta", "b"),
        "signed header gone": with_header(request, "x-amz-meta", None),
        "signed header twice": replace(request, headers=(*request.headers, ("x-amz-meta", "a"))),
        "header slipped in": with_header(request, "x-amz-other", "1"),
        "time": with_header(
            request, "x-amz-date", (datetime.now(UTC) + timedelta(seconds=90)).strftime("%Y%m%dT%H%M%SZ")
        ),
        "region": with_part(request, "/us-east-1/", "/eu-west-1/"),
        "signature": with_part(request, "Signature=", "Signature=" + "0" * 64 + ",X="),
    }
    name = data.draw(st.sampled_from(sorted(mutations)))
    with pytest.raises(AuthenticationError):
        check(mutations[name])


@given(position=st.integers(0, 63), digit=st.sampled_from("0123456789abcdef"))
def test_a_signature_with_one_other_digit_is_refused(position: int, digit: str) -> None:
    request = sign()
    old = read_authorization(request).signature
    new = old[:position] + digit + old[position + 1 :]
    assume(new != old)
    with pytest.raises(SignatureMismatchError, match="does not match"):
        check(with_part(request, old, new))


def test_another_secret_is_refused() -> None:
    with pytest.raises(SignatureMismatchError):
        check(sign(), secret=SECRET[::-1])


def test_a_query_means_the_same_however_it_is_escaped() -> None:
    """Clients escape differently and write a space as + or %20; AWS takes both, since the meaning is signed."""
    request = sign(query="a=x%20y&b=%2B")
    check(replace(request, query="b=%2b&a=x+y"))
    with pytest.raises(SignatureMismatchError):
        check(replace(request, query="a=x%2By&b=%2B"))


def test_parameters_without_a_value_and_empty_ones_are_signed_alike() -> None:
    check(replace(sign(query="a=&b=1"), query="b=1&a&"))


def test_botocores_own_encoding_of_parameters_is_accepted() -> None:
    """Parameters that are not yet in the URL are sent with + for a space, and signed with %20."""
    request = AWSRequest(method="GET", url=f"http://{HOST}/v1/x", params={"b": "1 2+3", "a": "é/~"})
    SigV4Auth(Credentials(KEY_ID, SECRET), "codeartifact", "us-east-1").add_auth(request)
    parts = urlsplit(str(request.prepare().url))
    sent = (("host", HOST), *((name.lower(), str(value)) for name, value in request.headers.items()))
    check(SignedRequest("GET", parts.path, parts.query, sent, hashlib.sha256(b"").hexdigest()))


@pytest.mark.parametrize("spaces", ["a  b", "  a b", "a\tb "])
def test_spaces_in_header_values_are_folded(spaces: str) -> None:
    check(with_header(sign(headers={"X-Amz-Meta": "a b"}), "x-amz-meta", spaces))


def test_the_digest_that_the_client_names_must_be_that_of_the_body() -> None:
    body = b"some bytes"
    named = sign("POST", body=body, headers={"X-Amz-Content-SHA256": hashlib.sha256(body).hexdigest()})
    check(named)
    other = sign("POST", body=body, headers={"X-Amz-Content-SHA256": hashlib.sha256(b"others").hexdigest()})
    with pytest.raises(SignatureMismatchError, match="x-amz-content-sha256"):
        check(other)


def test_a_payload_that_is_not_signed_is_refused() -> None:
    with pytest.raises(SignatureMismatchError, match="x-amz-content-sha256"):
        check(sign("POST", body=b"{}", headers={"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}))


@pytest.mark.parametrize("seconds", [-299, 299])
def test_clocks_may_differ_by_five_minutes(seconds: int) -> None:
    check(sign(), later=seconds)


@pytest.mark.parametrize(("seconds", "text"), [(302, "Signature expired"), (-302, "not yet current")])
def test_clocks_may_not_differ_by_more(seconds: int, text: str) -> None:
    with pytest.raises(SignatureMismatchError, match=text) as caught:
        check(sign(), later=seconds)
    assert "clock" in caught.value.hint


def test_the_scope_must_name_this_service() -> None:
    with pytest.raises(SignatureMismatchError, match="correct service: 'codeartifact'"):
        check(sign(service="sts"))
    check(sign(service="sts"), service="sts")


@pytest.mark.parametrize("region", ["us-east-1", "us-gov-west-1", "ap-southeast-2", "us-iso-east-1", "mx-central-1"])
def test_regions_are_well_formed(region: str) -> None:
    check(sign(region=region))


@pytest.mark.parametrize("region", ["", "useast1", "US-EAST-1", "us-east-", "a" * 80, "us-east-1\u0661"])
def test_a_region_that_is_none_is_refused(region: str) -> None:
    with pytest.raises(AuthenticationError):
        check(sign(region=region))


def test_the_scope_is_of_the_day_of_signing() -> None:
    request = sign()
    today = (request.header("x-amz-date") or "")[:8]
    with pytest.raises(SignatureMismatchError, match="does not match YYYYMMDD"):
        check(with_part(request, f"/{today}/", "/20200101/"))


def test_a_long_term_key_has_no_session_token() -> None:
    with pytest.raises(UnknownAccessKeyError):
        check(sign(token="session-token"))


@pytest.mark.parametrize("value", [None, ""])
def test_without_authorization(value: str | None) -> None:
    with pytest.raises(MissingAuthenticationError):
        read_authorization(with_header(sign(), "authorization", value))


CREDENTIAL = f"Credential={KEY_ID}/20260301/us-east-1/codeartifact/aws4_request"
SIGNATURE = f"Signature={'0' * 64}"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer token",
        "Basic YXdzOng=",
        "AWS4-HMAC-SHA256",
        f"AWS4-ECDSA-P256-SHA256 {CREDENTIAL}, SignedHeaders=host, {SIGNATURE}",
        f"AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=host",
        f"AWS4-HMAC-SHA256 {CREDENTIAL}, {SIGNATURE}",
        f"AWS4-HMAC-SHA256 SignedHeaders=host, {SIGNATURE}",
        f"AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=, {SIGNATURE}",
        f"AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=host, {SIGNATURE}, {SIGNATURE}",
        f"AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=host, {SIGNATURE}, Other=1",
        f"AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=host, {SIGNATURE},",
        f"AWS4-HMAC-SHA256 Credential={KEY_ID}, SignedHeaders=host, {SIGNATURE}",
        f"AWS4-HMAC-SHA256 Credential=/20260301/us-east-1/codeartifact/aws4_request, SignedHeaders=host, {SIGNATURE}",
        f"AWS4-HMAC-SHA256 Credential=A/2026/us-east-1/codeartifact/aws4_request, SignedHeaders=host, {SIGNATURE}",
        f"AWS4-HMAC-SHA256 Credential={KEY_ID}/20260301/us-east-1/codeartifact/aws3, SignedHeaders=host, {SIGNATURE}",
        f"AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=host, Signature={'A' * 64}",
        f"AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=host, Signature=0",
    ],
)
def test_an_authorization_that_cannot_be_read(header: str) -> None:
    with pytest.raises(IncompleteSignatureError):
        read_authorization(with_header(sign(), "authorization", header))


def test_parts_may_come_in_any_order() -> None:
    header = f"AWS4-HMAC-SHA256 {SIGNATURE},SignedHeaders=host;x-amz-date,{CREDENTIAL}"
    parsed = read_authorization(with_header(sign(), "authorization", header))
    assert isinstance(parsed, Authorization)
    assert (parsed.access_key_id, parsed.signed_headers) == (KEY_ID, ("host", "x-amz-date"))
    assert str(parsed.scope) == "20260301/us-east-1/codeartifact/aws4_request"


@pytest.mark.parametrize("name", ["host", "x-amz-date"])
def test_host_and_date_must_be_there(name: str) -> None:
    with pytest.raises(IncompleteSignatureError, match=name):
        check(with_header(sign(), name, None))


@pytest.mark.parametrize("signed", ["x-amz-date", "host"])
def test_host_and_date_must_be_signed(signed: str) -> None:
    with pytest.raises(SignatureMismatchError, match="must be a 'SignedHeader'"):
        check(with_part(sign(), "SignedHeaders=host;x-amz-date", f"SignedHeaders={signed}"))


@pytest.mark.parametrize(
    "names", ["x-amz-date;host", "host;host;x-amz-date", "host;missing;x-amz-date", "host;;x-amz-date"]
)
def test_signed_headers_are_sorted_once_each_and_there(names: str) -> None:
    with pytest.raises(AuthenticationError):
        check(with_part(sign(), "SignedHeaders=host;x-amz-date", f"SignedHeaders={names}"))


@pytest.mark.parametrize("time", ["20261301T000000Z", "20260230T000000Z", "2026-03-01T00:00:00Z", "now"])
def test_a_date_that_is_none(time: str) -> None:
    request = with_header(sign(), "x-amz-date", time)
    scope_date = (sign().header("x-amz-date") or "")[:8]
    if time[:8].isdigit():
        request = with_part(request, f"/{scope_date}/", f"/{time[:8]}/")
    with pytest.raises(IncompleteSignatureError, match="x-amz-date"):
        check(request)
