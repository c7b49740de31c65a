"""Project pages: which files of a project the repository lists."""

from typing import Final

import requests
from packaging.utils import canonicalize_name
from pypi_simple import NoSuchProjectError, PyPISimple

from inhouse.codeartifact.interface import PublishedFile, Token
from inhouse.errors import (
    AccessDeniedError,
    CredentialsRefusedError,
    RepositoryUnreachableError,
    ServiceError,
)
from inhouse_keyring.errors import UNREACHABLE_HINT

EXPIRED_HINT: Final = (
    "tokens work for at most 12 hours: `unset CODEARTIFACT_AUTH_TOKEN`, or export a new one; "
    "if none was exported, your user is not known to the repository any more"
)


def published_files(url: str, project: str, token: Token, timeout: tuple[float, float]) -> tuple[PublishedFile, ...]:
    """Return the files that an index lists of a project; none when it does not know the project.

    Args:
        url: The index, ending in `simple/`.
        project: The project's name.
        token: What to show.
        timeout: Seconds to wait for a connection and for an answer.

    Raises:
        RepositoryError: The index does not answer, or refuses.
    """
    try:
        with PyPISimple(url, auth=("aws", token.value)) as index:
            page = index.get_project_page(canonicalize_name(project), timeout=timeout)
    except NoSuchProjectError:
        return ()
    except requests.RequestException as error:
        if error.response is not None:
            raise _refusal(error.response.status_code, project) from error
        raise RepositoryUnreachableError(url, _reason(error), hint=UNREACHABLE_HINT) from error
    return tuple(
        PublishedFile(
            filename=package.filename,
            version=package.version or "",
            sha256=package.digests.get("sha256", ""),
            is_yanked=package.is_yanked,
            requires_python=package.requires_python or "",
        )
        for package in page.packages
    )


def _refusal(status: int, project: str) -> CredentialsRefusedError | AccessDeniedError | ServiceError:
    if status == 401:
        return CredentialsRefusedError(
            "the authorization token is refused: it is unknown or has expired", hint=EXPIRED_HINT
        )
    if status == 403:
        hint = "ask for the permission codeartifact:ReadFromRepository on the repository"
        return AccessDeniedError(f"reading the page of `{project}` is not allowed", hint=hint)
    return ServiceError(f"HTTP {status}", f"GET simple/{project}/", "no project page", hint="try again later")


def _reason(error: requests.RequestException) -> str:
    """Return the innermost reason; the outer ones repeat the address and the names of classes."""
    cause: BaseException = error
    while isinstance(inner := cause.__cause__ or cause.__context__, BaseException):
        cause = inner
    return str(cause)
