"""An issuer of OpenID Connect tokens on this machine: discovery and keys over HTTP, and tokens."""

import json
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pytest_httpserver import HTTPServer

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def jwk(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, key_id: str) -> dict[str, Any]:
    algorithm = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    made = json.loads(algorithm.to_jwk(key.public_key()))  # type: ignore[arg-type]  # each takes its own kind
    return {**made, "kid": key_id, "use": "sig"}


class TokenIssuer:
    """Answers below `/ci` of an HTTP server."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.url = server.url_for("/ci")
        self.place = self.url.partition("://")[2]
        self.keys = [jwk(RSA_KEY, "r"), jwk(EC_KEY, "e"), {"kty": "oct", "k": "c2VjcmV0", "kid": "o"}, {"kty": "new"}]
        self.discovery: dict[str, Any] = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        self.serve()

    def serve(self) -> None:
        self.server.clear()
        self.server.expect_request("/ci/.well-known/openid-configuration").respond_with_json(self.discovery)
        self.server.expect_request("/ci/keys").respond_with_json({"keys": self.keys})

    def token(
        self,
        *,
        algorithm: str = "RS256",
        key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | str | None = None,
        kid: str | None = "",
        **changes: object,
    ) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": "repo:acme/lib:ref:refs/heads/main",
            "aud": "sts.amazonaws.com",
            "iat": now,
            "nbf": now,
            "exp": now + 300,
            **changes,
        }
        headers = {} if kid is None else {"kid": kid or ("e" if algorithm == "ES256" else "r")}
        chosen = key or (EC_KEY if algorithm == "ES256" else RSA_KEY)
        present = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(present, chosen, algorithm=algorithm, headers=headers)
