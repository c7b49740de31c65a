"""From an error to why something was not told, as `inhouse.diagnosis` knows it."""

from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from inhouse.diagnosis.reach import Trouble, TroubleKind
from inhouse.errors import (
    AccessDeniedError,
    CredentialsMissingError,
    CredentialsRefusedError,
    InhouseError,
    NotFoundError,
    RepositoryUnreachableError,
)

__all__ = ["attempt", "trouble_of"]

T = TypeVar("T")

_KINDS: Final = (
    (AccessDeniedError, TroubleKind.DENIED),
    (CredentialsMissingError, TroubleKind.MISSING),
    (CredentialsRefusedError, TroubleKind.REFUSED),
    (NotFoundError, TroubleKind.NOT_FOUND),
    (RepositoryUnreachableError, TroubleKind.UNREACHABLE),
)

_SIGNS: Final = (
    # Names of exceptions of botocore, requests and urllib3; the order matters: a proxy's error holds others.
    ("Proxy", TroubleKind.PROXY),
    ("SSLError", TroubleKind.TLS),
    ("SSLCertVerificationError", TroubleKind.TLS),
    ("SSO", TroubleKind.SSO),
    ("TokenRetrievalError", TroubleKind.SSO),
)


def attempt(ask: Callable[[], T]) -> T | Trouble:
    """Ask; return the answer, or why there is none."""
    try:
        return ask()
    except InhouseError as error:
        return trouble_of(error)


def trouble_of(error: InhouseError) -> Trouble:
    """Return why something was not told."""
    kind = next((kind for type_, kind in _KINDS if isinstance(error, type_)), TroubleKind.OTHER)
    if kind in {TroubleKind.UNREACHABLE, TroubleKind.MISSING, TroubleKind.OTHER}:
        names = [type(each).__name__ for each in _chain(error)]
        said = [kind for sign, kind in _SIGNS if any(sign in name for name in names)]
        if not said and kind is TroubleKind.MISSING and "sso" in error.message.lower():
            said = [TroubleKind.SSO]
        if not said and kind is TroubleKind.UNREACHABLE and "CERTIFICATE_VERIFY_FAILED" in error.message:
            said = [TroubleKind.TLS]
        kind = said[0] if said else kind
    return Trouble(kind, error.message, error.hint)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield what an error came from, and what libraries keep in their arguments in place of that."""
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        each = pending.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        others = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
        pending += [other for other in others if isinstance(other, BaseException)]
