"""What can be wrong with a request: each damage makes another request of one."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hypothesis import strategies as st
from valid_requests import Request

from inhouse_server.compat import MAXIMUM_REQUEST_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

NASTY_TEXTS = (
    "",
    " ",
    "\0",
    "a\0b",
    "\n",
    "../../etc/passwd",
    "%2e%2e%2f",
    "'; DROP TABLE domain; --",
    "*",
    "null",
    "true",
    "-1",
    "0",
    "1001",
    "9" * 30,
    "1e3",
    "NaN",
    "\ufeff",
    "\u202e",
    "\U0001f40d",
    "\u0130",
    "A" * 51,
    "a" * 256,
    "a" * 2001,
    "a" * 70_000,
    "arn:aws:codeartifact:us-east-1:111122223333:domain/dd",
    "arn:aws:codeartifact:us-east-1:111122223333:repository/dd/",
    "arn:aws:codeartifact:us-east-1:111122223333:package-group/dd/%ff",
    "/pypi//a~~",
    "/pypi/*/*",
    "/*",
    "W10=",
    "WyJMaXN0RG9tYWlucyIsICJ4IiwgWyJcdWQ4MDAiXV0=",
)
PLAUSIBLE_TEXTS = (
    *("dd", "another", "empty", "nowhere", "lib", "bare", "store", "acme", "kit", "tools", "1.0", "9.9"),
    *("pypi", "npm", "generic", "public:pypi", "public:npmjs", "Published", "Archived", "Disposed", "Deleted"),
    *("ALLOW", "BLOCK", "INHERIT", "ALLOW_SPECIFIC_REPOSITORIES", "PUBLISH", "EXTERNAL_UPSTREAM", "true", "false"),
    *("/*", "/pypi//acme~", "/pypi//acme$", "/npm/*", "111122223333", "444455556666", "kit.bin", "{}"),
)
"""What is right in its form, and leads further than what is not."""

NASTY_QUERIES = (
    "%",
    "%zz",
    "%00",
    "%ff",
    "%c3%28",
    "%ed%a0%80",
    "=",
    "&&",
    "a=b=c",
    "domain",
    ";",
    "+",
    "\xff",
    "[]=1",
)
NASTY_BODIES = (
    b"{",
    b"}",
    b"[]",
    b"null",
    b'"text"',
    b"1",
    b"{}{}",
    b"{'a': 1}",
    b'{"a": NaN}',
    b'{"a": -Infinity}',
    b'{"a": 1e999}',
    b"\xef\xbb\xbf{}",
    b"\xff\xfe{\0}\0",
    b'{"a": "\xff"}',
    b'{"a": "\\ud800"}',
    b'{"\\ud800": 1}',
    b'{"a": "\\u0000"}',
    b'{"a": "\0"}',
    b"domain=dd&repository=lib",
    b"<xml/>",
    b'{"maxResults": ' + b"9" * 5000 + b"}",
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"tags": [' + b"{}," * 50_000 + b"{}]}",
)
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "get", "TRACE", "X")
PATH_ENDS = ("/", "//", "/..", "/%2e%2e", "%00", "\0", "/v1", " ", "?", "#", ";a=b", "\xe9")

_LONGEST_BODY = 8 * MAXIMUM_REQUEST_BYTES

nasty_texts = st.sampled_from(NASTY_TEXTS) | st.text(max_size=20) | st.sampled_from(PLAUSIBLE_TEXTS)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([2**31, -(2**63), 10**400])
    | st.sampled_from(NASTY_TEXTS)
    | st.text(st.characters(exclude_categories=[]), max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@st.composite
def damaged(draw: st.DrawFn, request: Request) -> Request:
    """Return a request with one, two or three damages."""
    for damage in draw(st.lists(st.sampled_from(_DAMAGES), min_size=1, max_size=3)):
        request = damage(draw, request)
    return request


def _other_query_value(draw: st.DrawFn, request: Request) -> Request:
    if not request.query:
        return request
    place = draw(st.integers(0, len(request.query) - 1))
    value = quote(draw(nasty_texts), safe="")
    return replace(request, query=_with(request.query, place, ((request.query[place][0], value),)))


def _missing_query_value(draw: st.DrawFn, request: Request) -> Request:
    if not request.query:
        return request
    return replace(request, query=_with(request.query, draw(st.integers(0, len(request.query) - 1)), ()))


def _double_query_value(draw: st.DrawFn, request: Request) -> Request:
    if not request.query:
        return request
    name, value = draw(st.sampled_from(request.query))
    other = draw(st.sampled_from([value, None, "", "other"]))
    return replace(request, query=(*request.query, (name, other)))


def _broken_query(draw: st.DrawFn, request: Request) -> Request:
    nasty = draw(st.sampled_from(NASTY_QUERIES))
    name = draw(st.sampled_from([None, *(name for name, _ in request.query)]))
    return replace(request, query=(*request.query, (nasty, None) if name is None else (name, nasty)))


def _many_query_values(draw: st.DrawFn, request: Request) -> Request:
    count = draw(st.sampled_from([50, 101, 2000]))
    return replace(request, query=(*request.query, *((f"extra{number}", "1") for number in range(count))))


def _other_body_value(draw: st.DrawFn, request: Request) -> Request:
    """Put some value somewhere into the body, however deep."""
    body = _json_of(request)
    if not body:
        return _other_query_value(draw, request)
    place: Any = body
    while True:
        index = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[index], dict | list) or not place[index] or draw(st.booleans()):
            place[index] = draw(json_values | st.sampled_from(PLAUSIBLE_TEXTS))
            return replace(request, body=json.dumps(body).encode())
        place = place[index]


def _missing_body_value(draw: st.DrawFn, request: Request) -> Request:
    body = _json_of(request)
    if not body:
        return _missing_query_value(draw, request)
    del body[draw(st.sampled_from(sorted(body)))]
    return replace(request, body=json.dumps(body).encode())


def _extra_body_value(draw: st.DrawFn, request: Request) -> Request:
    name = draw(st.sampled_from(["tags", "maxResults", "nextToken", "versions", "__class__", "Message", "\ud800", ""]))
    body = {**(_json_of(request) or {}), name: draw(json_values)}
    return replace(request, body=json.dumps(body).encode())


def _repeated_body_value(draw: st.DrawFn, request: Request) -> Request:
    """Make one of the body's lists far too long."""
    body = _json_of(request) or {}
    lists = sorted(name for name, value in body.items() if isinstance(value, list))
    if not lists:
        return _extra_body_value(draw, request)
    times = draw(st.sampled_from([2, 101, 5000]))
    # Damages add up: long texts, or this one three times over, would take all memory before anything is sent.
    body[draw(st.sampled_from(lists))] *= min(times, max(1, _LONGEST_BODY // len(request.body)))
    return replace(request, body=json.dumps(body).encode())


def _broken_body(draw: st.DrawFn, request: Request) -> Request:
    if request.body and draw(st.booleans()):
        end = draw(st.integers(0, len(request.body) - 1))
        return replace(request, body=request.body[:end] + draw(st.sampled_from([b"", b"\xff", b"\0", b","])))
    return replace(request, body=draw(st.sampled_from(NASTY_BODIES) | st.binary(max_size=40)))


def _other_header(draw: st.DrawFn, request: Request) -> Request:
    name, value = draw(
        st.sampled_from(
            [
                ("Content-Type", "text/plain"),
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Content-Type", "application/json; charset=utf-16"),
                ("Content-Type", "\xff"),
                ("Content-Encoding", "gzip"),
                ("Content-Length", "-1"),
                ("Content-Length", "9" * 30),
                ("Accept", "text/html"),
                ("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD"),
                ("X-Amz-Content-SHA256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
                ("X-Amz-Content-SHA256", "0" * 64),
                ("X-Amz-Content-SHA256", "A" * 64),
                ("X-Amz-Target", "CodeArtifact.ListDomains"),
                ("X-HTTP-Method-Override", "DELETE"),
                ("X-Forwarded-Proto", "gopher"),
                ("X-Forwarded-Host", "example.com"),
                ("Host", "a b"),
                ("Host", ""),
                ("Transfer-Encoding", "chunked"),
            ]
        )
    )
    return replace(request, headers={**request.headers, name: value})


def _other_method(draw: st.DrawFn, request: Request) -> Request:
    return replace(request, method=draw(st.sampled_from(METHODS)))


def _other_path(draw: st.DrawFn, request: Request) -> Request:
    change: Callable[[str], str] = draw(
        st.sampled_from([str.upper, lambda path: path.replace("/", "//"), lambda path: path[:-1]])
        | st.sampled_from(PATH_ENDS).map(lambda end: lambda path: path + end)
    )
    return replace(request, path=change(request.path))


def _with(
    query: tuple[tuple[str, str | None], ...], place: int, instead: tuple[tuple[str, str | None], ...]
) -> tuple[tuple[str, str | None], ...]:
    return (*query[:place], *instead, *query[place + 1 :])


def _json_of(request: Request) -> dict[str, Any] | None:
    try:
        body = json.loads(request.body)
    except ValueError:
        return None
    except RecursionError:
        return None
    return body if isinstance(body, dict) else None


_DAMAGES = (
    _other_query_value,
    _other_query_value,
    _missing_query_value,
    _double_query_value,
    _broken_query,
    _many_query_values,
    _other_body_value,
    _other_body_value,
    _missing_body_value,
    _extra_body_value,
    _repeated_body_value,
    _broken_body,
    _other_header,
    _other_method,
    _other_path,
)


@st.composite
def badly_signed(draw: st.DrawFn, headers: dict[str, str]) -> dict[str, str]:
    """Return the headers of a signed request with something wrong about the signature."""
    found = {name: value for name, value in headers.items() if name.lower() != "authorization"}
    authorization = headers["Authorization"]
    old, new = draw(
        st.sampled_from(
            [
                (authorization, ""),
                (authorization, "Bearer x"),
                (authorization, "Basic YXdzOng="),
                (authorization, f"{authorization}, {authorization}"),
                (authorization, authorization[:-1]),
                (authorization[-4:], "zzzz"),
                (authorization[-4:], "0000"),
                ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"),
                ("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
                ("Credential=", "Credential=\xff"),
                ("Credential=A", "Credential=B"),
                ("/codeartifact/", "/sts/"),
                ("/us-east-1/", "/eu-west-1/"),
                ("/us-east-1/", "/"),
                ("aws4_request", "aws3_request"),
                ("host;", ""),
                ("SignedHeaders=", "SignedHeaders=nothing;"),
                ("Signature=", "Signatur="),
                (", ", " "),
            ]
        )
    )
    found["Authorization"] = authorization.replace(old, new)
    if draw(st.booleans()):
        date = draw(st.sampled_from(["20200101T000000Z", "20991231T235959Z", "now", "", "20260231T000000Z"]))
        found = {name: value for name, value in found.items() if name.lower() != "x-amz-date"} | {"X-Amz-Date": date}
    if draw(st.booleans()):
        found["X-Amz-Security-Token"] = draw(st.sampled_from(["", "x", "a.b.c", "e" * 5000]))
    return found
