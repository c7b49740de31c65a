"""The keyring backend that answers with the token in `CODEARTIFACT_AUTH_TOKEN`.

It is silent for every address that is not surely one of our repositories, and it never raises: a backend that does
breaks `pip` and `poetry` for all their other indexes too.
"""

import os
from typing import ClassVar

from keyring.backend import KeyringBackend
from keyring.credentials import Credential, SimpleCredential
from keyring.errors import PasswordSetError

from inhouse_keyring.endpoints import is_repository

USERNAME = "aws"
_TOKEN_VARIABLE = "CODEARTIFACT_AUTH_TOKEN"  # noqa: S105 - the name of a variable, not a token
_ENDPOINT_VARIABLES = ("AWS_ENDPOINT_URL_CODEARTIFACT", "AWS_ENDPOINT_URL")


class Backend(KeyringBackend):
    """Gives the exported CodeArtifact token for CodeArtifact addresses, and nothing for anything else."""

    priority: ClassVar[float] = 9.5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # keyring has no annotation here

    def get_password(self, service: str, username: str) -> str | None:
        """Return the token if `service` is one of our repositories and `username` is the one they take."""
        if username not in {USERNAME, ""}:
            return None
        return _token_for(service)

    def get_credential(self, service: str, username: str | None) -> Credential | None:
        """Return user name and token if `service` is one of our repositories."""
        token = self.get_password(service, username or "")
        return SimpleCredential(USERNAME, token) if token else None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Decline: tokens are short-lived and are not kept here, so that the next backend is asked."""
        del username, password
        raise PasswordSetError(f"inhouse keeps no password for {service}")


def _token_for(service: str) -> str | None:
    token = os.environ.get(_TOKEN_VARIABLE)
    if not token:
        return None
    endpoints = [os.environ[name] for name in _ENDPOINT_VARIABLES if os.environ.get(name)]
    return token if is_repository(service, endpoints) else None
