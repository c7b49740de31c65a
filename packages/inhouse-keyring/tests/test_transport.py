"""One request: proxies, certificates, and when it is worth asking again."""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch
from urllib import request as standard_library
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from inhouse_keyring.errors import UnreachableError
from inhouse_keyring.questions import surroundings_of
from inhouse_keyring.transport import Answer, Patience, pause, proxy_for, request


def get(url: str, method: str = "GET", certificates: str = "", **environment: str) -> Answer:
    surroundings = surroundings_of(environment)
    return request(method, url, surroundings, Patience(1, 2), headers={"x-test": "1"}, certificates=certificates)


def test_an_answer_has_status_headers_and_body(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a", query_string="b=c", headers={"x-test": "1"}).respond_with_data(
        "body", 404, {"X-Name": "value"}
    )
    answer = get(httpserver.url_for("/a?b=c"))
    assert (answer.status, answer.headers["x-name"], answer.body) == (404, "value", b"body")


@pytest.mark.parametrize(
    ("status", "body"), [(429, ""), (500, ""), (503, ""), (400, '{"__type": "ThrottlingException"}')]
)
def test_a_service_that_is_busy_is_asked_once_more(httpserver: HTTPServer, status: int, body: str) -> None:
    httpserver.expect_ordered_request("/").respond_with_data(body, status, {"Retry-After": "0"})
    httpserver.expect_ordered_request("/").respond_with_data("at last")
    assert get(httpserver.url_for("/")).body == b"at last"


def test_a_service_that_stays_busy_is_not_asked_for_ever(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("", 503, {"Retry-After": "0"})
    assert get(httpserver.url_for("/")).status == 503
    assert len(httpserver.log) == 2


def test_a_refusal_is_not_asked_again(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data("", 403)
    get(httpserver.url_for("/"))
    assert len(httpserver.log) == 1


@pytest.mark.parametrize(
    ("said", "seconds"), [("1", 1.0), ("3600", 5.0), ("-1", 0.0), ("", 0.3), ("Thu, 26 Nov 2026 01:00:00 GMT", 0.3)]
)
def test_the_pause_is_what_the_service_says_within_reason(said: str, seconds: float) -> None:
    assert pause(said) == seconds


def test_a_connection_that_is_refused_is_tried_twice_and_told() -> None:
    with patch(
        "http.client.HTTPConnection.connect", side_effect=ConnectionRefusedError(111, "Connection refused")
    ) as tried:
        with pytest.raises(UnreachableError, match=r"http://127\.0\.0\.1:9 cannot be reached: Connection refused"):
            get("http://127.0.0.1:9/")
        assert tried.call_count == 2


def test_an_answer_that_does_not_come_is_not_waited_for(httpserver: HTTPServer) -> None:
    def slow(_: Request) -> Response:
        time.sleep(1)
        return Response("late")

    httpserver.expect_request("/").respond_with_handler(slow)
    with pytest.raises(UnreachableError, match="timed out"):
        request("GET", httpserver.url_for("/"), surroundings_of({}), Patience(1, 0.1), headers={})


def test_an_answer_that_drips_is_not_waited_for_either(httpserver: HTTPServer) -> None:
    """Each byte begins a socket's own time anew."""

    def drip() -> Iterator[bytes]:
        for _ in range(100):
            time.sleep(0.05)
            yield b"x"

    httpserver.expect_request("/").respond_with_handler(lambda _: Response(drip()))
    start = time.monotonic()
    with pytest.raises(UnreachableError, match="timed out"):
        request("GET", httpserver.url_for("/"), surroundings_of({}), Patience(1, 0.3), headers={})
    assert time.monotonic() - start < 3


def test_a_proxy_for_plain_http_is_asked_for_the_whole_address(httpserver: HTTPServer) -> None:
    seen = []

    def proxy(request: Request) -> Response:
        seen.append((request.environ["REQUEST_URI"], request.headers["Host"]))
        return Response("through")

    httpserver.expect_request("/v1/x").respond_with_handler(proxy)
    proxied = httpserver.url_for("").rstrip("/")
    assert get("http://elsewhere.example/v1/x?y=z", http_proxy=proxied).body == b"through"
    assert seen == [("http://elsewhere.example/v1/x?y=z", "elsewhere.example")]


def test_a_proxy_for_https_makes_a_tunnel_with_its_login(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/", method="CONNECT").respond_with_data("", 407)
    proxied = f"http://alice:p%40ss@127.0.0.1:{httpserver.port}"
    with patch("http.client.HTTPSConnection.set_tunnel") as tunnel, pytest.raises(UnreachableError):
        get("https://elsewhere.example/v1/x", HTTPS_PROXY=proxied)
    (host, port), options = tunnel.call_args
    assert (host, port) == ("elsewhere.example", 443)
    assert options["headers"] == {"Proxy-Authorization": "Basic YWxpY2U6cEBzcw=="}


def test_a_proxy_of_another_kind_is_told() -> None:
    with pytest.raises(UnreachableError, match="the proxy socks5://proxy is not one that is spoken to with http"):
        get("https://elsewhere.example/", ALL_PROXY="socks5://proxy:1")


def test_a_proxy_may_be_named_without_a_scheme() -> None:
    assert proxy_for(urlsplit("https://a.example"), {"https_proxy": "proxy:1"}) == "proxy:1"
    with patch("http.client.HTTPConnection.connect", side_effect=OSError("no")), pytest.raises(UnreachableError):
        get("http://elsewhere.example/", http_proxy="proxy:1")


def test_what_must_not_go_through_a_proxy_does_not() -> None:
    asked = surroundings_of({"http_proxy": "http://proxy.example:1"})
    with patch("http.client.HTTPConnection", side_effect=OSError("no")) as made:
        for through, host in ((True, "proxy.example"), (False, "169.254.170.2")):
            with pytest.raises(UnreachableError):
                request("GET", "http://169.254.170.2/x", asked, Patience(1, 1), headers={}, through_proxy=through)
            assert made.call_args.args[0] == host


def test_small_letters_win_and_this_machine_is_asked_directly() -> None:
    variables = {"https_proxy": "http://small", "HTTPS_PROXY": "http://big", "http_proxy": "http://plain"}
    assert proxy_for(urlsplit("https://a.example"), variables) == "http://small"
    assert proxy_for(urlsplit("http://a.example"), variables) == "http://plain"
    assert proxy_for(urlsplit("http://127.0.0.1:1"), variables) == ""
    assert proxy_for(urlsplit("https://a.example"), {}) == ""


def test_a_header_of_a_web_request_is_no_proxy() -> None:
    variables = {"HTTP_PROXY": "http://evil", "REQUEST_METHOD": "GET"}
    assert proxy_for(urlsplit("http://a.example"), variables) == ""
    assert proxy_for(urlsplit("http://a.example"), {"HTTP_PROXY": "http://fine"}) == "http://fine"


_hosts = st.sampled_from(["a.example", "b.a.example", "ba.example", "a.example.org", "10.0.0.1"])
_entries = st.sampled_from(["a.example", ".a.example", "*.a.example", "example", "10.0.0.1", "a.example:443", "*", ""])


@given(_hosts, st.lists(_entries, max_size=3))
def test_hosts_are_exempt_as_with_the_standard_library(host: str, entries: list[str]) -> None:
    if "*" in entries and len(entries) > 1:
        return  # there it counts only by itself
    exempt = ", ".join(entries)
    bypass = standard_library.proxy_bypass_environment  # type: ignore[attr-defined] # it has no documentation
    ours = proxy_for(urlsplit(f"https://{host}:443"), {"https_proxy": "http://proxy", "NO_PROXY": exempt}) == ""
    theirs = bool(bypass(f"{host}:443", {"no": exempt.replace("*.", ".")}))
    assert ours == theirs


def test_the_certificates_are_those_that_aws_takes(tmp_path: Path) -> None:
    with patch("ssl.create_default_context", side_effect=ssl.SSLError("made up")) as made:
        for environment, named, used in (
            ({"AWS_CA_BUNDLE": "/a", "REQUESTS_CA_BUNDLE": "/b"}, "/c", "/a"),
            ({"REQUESTS_CA_BUNDLE": "/b"}, "/c", "/c"),
            ({"REQUESTS_CA_BUNDLE": "/b"}, "", "/b"),
        ):
            with pytest.raises(UnreachableError):
                get("https://a.example/", certificates=named, **environment)
            assert made.call_args.kwargs == {"cafile": used}
    with pytest.raises(UnreachableError, match="No such file"):
        get("https://127.0.0.1:9/", AWS_CA_BUNDLE=str(tmp_path / "missing"))


def test_a_python_without_certificates_takes_those_of_certifi() -> None:
    empty = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with patch("ssl.create_default_context", return_value=empty), pytest.raises(UnreachableError):
        get("https://127.0.0.1:9/")
    assert empty.cert_store_stats()["x509_ca"] > 0
    empty = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with (
        patch("ssl.create_default_context", return_value=empty),
        patch.dict("sys.modules", {"certifi": None}),
        pytest.raises(UnreachableError),
    ):
        get("https://127.0.0.1:9/")
