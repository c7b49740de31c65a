"""Requests are signed as botocore signs them."""

import string
import time
from datetime import UTC, datetime
from unittest.mock import patch
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given, settings
from hypothesis import strategies as st

from inhouse_keyring.credentials import Keys
from inhouse_keyring.signing import Scope, query_string, signed_headers

words = st.text(alphabet=string.ascii_letters + string.digits + "-_.~ /+=%&é", min_size=1, max_size=12)
paths = st.lists(st.text(alphabet=string.ascii_letters + "-_~", min_size=1, max_size=4), max_size=3).map("/".join)


@settings(deadline=None)
@given(st.tuples(words, words, st.one_of(st.just(""), words)), words, paths, st.integers(0, 4_000_000_000), st.binary())
def test_a_signature_is_the_one_that_botocore_makes(
    shown: tuple[str, str, str], domain: str, path: str, now: int, body: bytes
) -> None:
    access_key, secret, token = shown
    token = token.strip().encode("ascii", "ignore").decode()
    query = query_string({"domain": domain, "domain-owner": "111122223333", "duration": "3600"})
    url = f"http://127.0.0.1:8765/v1/{path}?{query}"
    parts = urlsplit(url)
    request = AWSRequest(method="POST", url=url, data=body)
    moment = datetime.fromtimestamp(now, UTC)
    signer = SigV4Auth(Credentials(access_key, secret, token or None), "codeartifact", "us-east-1")
    with patch("botocore.auth.get_current_datetime", return_value=moment, create=True):
        signer.add_auth(request)
    keys = Keys(access_key, secret, token)
    scope = Scope("us-east-1", "codeartifact", time.gmtime(now))
    made = signed_headers("POST", (parts.netloc, parts.path, parts.query), scope, keys, body=body)
    theirs = {name.lower(): value for name, value in request.headers.items()}
    assert made["x-amz-date"] == theirs["x-amz-date"]
    assert made["authorization"] == theirs["authorization"]
    assert made.get("x-amz-security-token") == theirs.get("x-amz-security-token")


def test_a_query_is_sorted_and_quoted() -> None:
    assert query_string({"b": "x y/z", "a": "~"}) == "a=~&b=x%20y%2Fz"
