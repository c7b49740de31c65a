"""Everything that can go wrong on the way to a token, as one tree.

TokenError                    a message, and in `hint` what to do next
├── ConfigurationError        a file or a variable cannot be used
├── CredentialsMissingError   nothing says who you are
├── CredentialsRefusedError   what you showed is not accepted, or no longer
├── AccessDeniedError         you are known and may not do this
├── NotFoundError             the domain does not exist
├── UnreachableError          nobody answers at the address
└── ServiceError              any other refusal
"""

CREDENTIALS_HINT = (
    "for AWS: `aws sso login`, or choose a profile with AWS_PROFILE; "
    "for the embedded repository: `inhouse server profile`, then AWS_PROFILE=inhouse-local"
)
UNREACHABLE_HINT = (
    "if it is the embedded repository, start it with `inhouse server start`; "
    "else look at the network, the proxy and AWS_ENDPOINT_URL_CODEARTIFACT"
)
REFUSED_CODES = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "IDPRejectedClaim",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidIdentityToken",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
"""AWS's codes for credentials that are not accepted, or no longer; those of an identity provider are among them."""


class TokenError(Exception):
    """The root: a message, and in `hint` what to do next (empty where the message says it all)."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigurationError(TokenError):
    """A file or a variable cannot be used.

    Args:
        name: The setting, or `AWS` for what AWS's tools share.
        origin: Where the value came from, for example "the variable INHOUSE_PROFILE".
        problem: What is wrong with it.
        hint: What to do next.
    """

    def __init__(self, name: str, origin: str, problem: str, *, hint: str) -> None:
        super().__init__(f"the setting `{name}` cannot be used: {problem} (it comes from {origin})", hint=hint)
        self.name = name
        self.origin = origin
        self.problem = problem


class CredentialsMissingError(TokenError):
    """Nothing says who the user is."""


class CredentialsRefusedError(TokenError):
    """The credentials are not accepted, or no longer."""


class AccessDeniedError(TokenError):
    """The user is known and may not do this."""

    @property
    def permission(self) -> str:
        """The permission that is missing, as the service's words name it; empty where they name none."""
        return named_permission(self.message)


class NotFoundError(TokenError):
    """The domain does not exist."""


class UnreachableError(TokenError):
    """Nobody answers at the address."""


class ServiceError(TokenError):
    """The service refused for a reason that has no class of its own."""


KINDS = {
    kind.__name__: kind
    for kind in (
        CredentialsMissingError,
        CredentialsRefusedError,
        AccessDeniedError,
        NotFoundError,
        UnreachableError,
        ServiceError,
    )
}
"""The service's answers by name: a process that waited for another one's question raises what that one met."""


def named_permission(said: str) -> str:
    """Return the permission that AWS's words for a refusal name: `…is not authorized to perform: <it> on resource…`.

    Nothing is decided by it but what to ask for: AWS may change its words. Empty where there is none.
    """
    return said.partition("is not authorized to perform: ")[2].partition(" ")[0]
