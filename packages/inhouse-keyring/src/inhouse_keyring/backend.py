"""The backend for the library keyring: answers for our repositories, from the cache or by asking for a token.

It is silent for every address that is not surely one of our repositories, and it never raises where something is looked
up: a backend that does breaks `pip` and `poetry` for all their other indexes too.
"""

import os
import sys
from typing import ClassVar, Optional

from keyring.backend import KeyringBackend
from keyring.credentials import Credential, SimpleCredential

from inhouse_keyring.answers import USERNAME, password_for
from inhouse_keyring.errors import TokenError

__all__ = ["Backend"]


class Backend(KeyringBackend):
    """Gives a CodeArtifact token for CodeArtifact addresses, and nothing for anything else."""

    priority: ClassVar[float] = 9.5

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # keyring has no annotation here

    def get_password(self, service: str, username: str) -> Optional[str]:
        """Return the token if `service` is one of our repositories and `username` is the one they take."""
        return _answer(service, username)

    def get_credential(self, service: str, username: Optional[str]) -> Optional[Credential]:
        """Return user name and token if `service` is one of our repositories."""
        token = _answer(service, username)
        return SimpleCredential(USERNAME, token) if token else None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Decline: tokens are short-lived, and other passwords are none of our business.

        Raises:
            NotImplementedError: Always; it is what makes keyring try the next backend, where PasswordSetError would end
                the whole attempt. Where there is no other, as on a machine without a desktop, Poetry shows the text.
        """
        del username, password
        raise NotImplementedError(
            f"inhouse keeps no password for {service}: tokens for CodeArtifact are found without one; "
            "for another repository, install a backend that keeps passwords, or `poetry config keyring.enabled false`"
        )

    def delete_password(self, service: str, username: str) -> None:
        """Decline, for the same reasons.

        Raises:
            NotImplementedError: Always.
        """
        del username
        raise NotImplementedError(f"inhouse keeps no password for {service}")


def _answer(service: str, username: Optional[str]) -> Optional[str]:
    try:
        return password_for(service, username, os.environ)
    except TokenError as error:
        _say(f"inhouse: no token for {service}: {error.message}\nhint: {error.hint}\n")
    except Exception as error:  # noqa: BLE001 - whatever it is, the tool has other indexes to go on with
        _say(f"inhouse: no token for {service}: {type(error).__name__}: {error}\n")
    return None


def _say(text: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(text)
