"""AWS's Signature Version 4; pure.

Source: AWS General Reference, "Create a signed AWS API request".
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from time import struct_time

    from inhouse_keyring.credentials import Keys

_ALGORITHM = "AWS4-HMAC-SHA256"


def query_string(parameters: Mapping[str, str]) -> str:
    """Return a query as it is signed: sorted, and quoted by the rules of RFC 3986."""
    quoted = sorted((quote(name, safe=""), quote(value, safe="")) for name, value in parameters.items())
    return "&".join(f"{name}={value}" for name, value in quoted)


class Scope:
    """What a signature is good for.

    Attributes:
        region: The region of the service.
        service: The service, as scopes name it.
        now: The time, in UTC.
    """

    __slots__ = ("now", "region", "service")

    def __init__(self, region: str, service: str, now: struct_time) -> None:
        self.region = region
        self.service = service
        self.now = now


def signed_headers(
    method: str, target: tuple[str, str, str], scope: Scope, keys: Keys, *, body: bytes = b""
) -> dict[str, str]:
    """Return the headers of a signed request.

    Args:
        method: The method.
        target: The host as the header `Host` will have it, the path as it is sent, and the query from `query_string`.
        scope: What the signature is good for.
        keys: What to sign with.
        body: What is sent.
    """
    host, path, query = target
    now = scope.now
    date = f"{now.tm_year:04}{now.tm_mon:02}{now.tm_mday:02}"
    stamp = f"{date}T{now.tm_hour:02}{now.tm_min:02}{now.tm_sec:02}Z"
    headers = {"host": host, "x-amz-date": stamp}
    if keys.session_token:
        headers["x-amz-security-token"] = keys.session_token
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    # The path is quoted once more than it is sent, for every service but S3.
    canonical = "\n".join([method, quote(path, safe="/~"), query, lines, names, hashlib.sha256(body).hexdigest()])
    scoped = f"{date}/{scope.region}/{scope.service}/aws4_request"
    to_sign = "\n".join([_ALGORITHM, stamp, scoped, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{keys.secret}".encode()
    for part in (date, scope.region, scope.service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    authorization = f"{_ALGORITHM} Credential={keys.access_key}/{scoped}, SignedHeaders={names}, Signature={signature}"
    return {**headers, "authorization": authorization}
