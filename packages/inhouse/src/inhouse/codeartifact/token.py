"""Authorization tokens, as the credential core of inhouse-keyring keeps and renews them, for whoever has settings."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from inhouse.codeartifact.interface import Token
from inhouse.errors import (
    AccessDeniedError,
    CredentialsMissingError,
    CredentialsRefusedError,
    InhouseError,
    NotFoundError,
    RepositoryError,
    RepositoryUnreachableError,
    SettingError,
)
from inhouse.project.manifest import Coordinates
from inhouse.settings import Settings
from inhouse_keyring import errors as core
from inhouse_keyring.aws_files import read_files
from inhouse_keyring.questions import PROGRAMS_FOR_INHOUSE, Manner, Surroundings, question_for
from inhouse_keyring.tokens import obtain


def authorization_token(coordinates: Coordinates, settings: Settings, *, refresh: bool = False) -> Token:
    """Return a token: the kept one while it is good for some time yet, else a new one, which is kept.

    Args:
        coordinates: The repository; a token is good for all repositories of the domain.
        settings: Whose token, how long it shall work, and how long to wait.
        refresh: Whether a new one is wanted in any case.

    Raises:
        RepositoryError: It is not given.
        SettingError: AWS's own configuration, or an address, cannot be used.
    """
    url = ""
    try:
        environment = settings.environment
        surroundings = Surroundings(settings.for_tokens, read_files(environment), environment)
        wanted = question_for(coordinates.domain, coordinates.owner, coordinates.region, surroundings)
        url = wanted.endpoint
        token = obtain(wanted, surroundings, Manner(refresh=refresh, programs=PROGRAMS_FOR_INHOUSE))
    except core.TokenError as error:
        raise translated_error(error, url) from error
    return Token(token.value, datetime.fromtimestamp(token.expires_at, UTC))


def translated_error(error: core.TokenError, url: str) -> InhouseError:
    """Return our error for one of the credential core's; message and hint stay.

    Args:
        error: The core's.
        url: The address that was asked.
    """
    if isinstance(error, core.UnreachableError):
        return RepositoryUnreachableError(url, error.message.partition(" cannot be reached: ")[2], hint=error.hint)
    if isinstance(error, core.ConfigurationError):
        return SettingError(error.name, error.origin, error.problem, hint=error.hint)
    if isinstance(error, core.AccessDeniedError):
        return AccessDeniedError(
            error.message, hint=error.hint, operation="GetAuthorizationToken", permission=error.permission
        )
    return _KINDS.get(type(error), RepositoryError)(error.message, hint=error.hint)


_KINDS: Final[Mapping[type[core.TokenError], type[RepositoryError]]] = {
    core.CredentialsMissingError: CredentialsMissingError,
    core.CredentialsRefusedError: CredentialsRefusedError,
    core.NotFoundError: NotFoundError,
}
