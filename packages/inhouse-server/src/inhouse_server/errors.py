"""Everything that can go wrong in the repository, as one tree.

ServerError
├── RequestError                      the caller gets an answer with a status
│   ├── AuthenticationError           who are you?
│   │   ├── MissingAuthenticationError
│   │   ├── IncompleteSignatureError
│   │   ├── UnknownAccessKeyError
│   │   ├── SignatureMismatchError
│   │   └── ExpiredCredentialsError
│   ├── AccessDeniedError
│   │   └── PublishBlockedError       origin controls do not let this package be published here
│   ├── NotFoundError
│   ├── ConflictError
│   ├── QuotaExceededError
│   ├── InvalidRequestError
│   │   ├── InvalidDistributionError  bytes that are not the wheel or source distribution their name says
│   │   ├── MalformedPolicyError      a policy document that cannot be used
│   │   └── InvalidIdentityTokenError what an identity provider is said to have signed
│   │       ├── ExpiredIdentityTokenError
│   │       └── IdentityProviderUnavailableError
│   ├── NotAcceptableError            no representation that the client understands
│   ├── ThrottledError                too many requests
│   ├── InternalError                 something went wrong that is not the caller's doing
│   ├── UnavailableError              try again later
│   │   └── RemoteUnavailableError    a public source could not be reached
│   └── StorageError                  the disk is full, or cannot be written
└── StartError                        the server cannot start, or cannot go on
    ├── PortInUseError
    ├── DataFolderInUseError
    ├── DataFolderTooNewError
    ├── NetworkFileSystemError
    ├── DataFolderUnusableError
    ├── NotRunningError
    └── SettingError

An error carries data and says what to do next in `hint`. Nothing here knows of HTTP: each plane has one
table from error to status, and the command line has one place that prints.
"""

from enum import StrEnum


class ResourceType(StrEnum):
    """The kinds of resource that an error can speak of. Source: botocore's model, `ResourceType`."""

    DOMAIN = "domain"
    REPOSITORY = "repository"
    PACKAGE = "package"
    PACKAGE_VERSION = "package-version"
    ASSET = "asset"


class ValidationReason(StrEnum):
    """Why a request is not valid. Source: botocore's model, `ValidationExceptionReason`."""

    CANNOT_PARSE = "CANNOT_PARSE"
    ENCRYPTION_KEY_ERROR = "ENCRYPTION_KEY_ERROR"
    FIELD_VALIDATION_FAILED = "FIELD_VALIDATION_FAILED"
    UNKNOWN_OPERATION = "UNKNOWN_OPERATION"
    OTHER = "OTHER"


class ServerError(Exception):
    """The root: a message, and in `hint` what to do next (empty where the message says it all)."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class RequestError(ServerError):
    """A request that cannot be done; its caller is told why."""


class AuthenticationError(RequestError):
    """It is not known who is asking."""


class MissingAuthenticationError(AuthenticationError):
    """The request carries no credentials."""


class IncompleteSignatureError(AuthenticationError):
    """The request's signature lacks a part, or a part cannot be read."""


class UnknownAccessKeyError(AuthenticationError):
    """The access key, session token or authorization token is not one of ours."""


class SignatureMismatchError(AuthenticationError):
    """The signature is not the one that the secret key gives, or its time is too far from ours."""


class ExpiredCredentialsError(AuthenticationError):
    """The credentials were good once."""


class AccessDeniedError(RequestError):
    """The caller is known and may not do this."""


class PublishBlockedError(AccessDeniedError):
    """Origin controls do not let this package be published in this repository, whoever asks."""


class NotFoundError(RequestError):
    """A named resource does not exist."""

    def __init__(self, message: str, resource_type: ResourceType, resource_id: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.resource_type = resource_type
        self.resource_id = resource_id


class ConflictError(RequestError):
    """The request does not go with what is already there."""

    def __init__(self, message: str, resource_type: ResourceType, resource_id: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.resource_type = resource_type
        self.resource_id = resource_id


class QuotaExceededError(RequestError):
    """There would be more of something than AWS allows."""

    def __init__(self, message: str, resource_type: ResourceType, resource_id: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.resource_type = resource_type
        self.resource_id = resource_id


class InvalidRequestError(RequestError):
    """The request breaks a constraint of the protocol or of the thing it speaks of."""

    def __init__(
        self,
        message: str,
        reason: ValidationReason = ValidationReason.FIELD_VALIDATION_FAILED,
        *,
        hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class InvalidDistributionError(InvalidRequestError):
    """Bytes are not the wheel or the source distribution that their file name says."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message, ValidationReason.OTHER, hint=hint)


class MalformedPolicyError(InvalidRequestError):
    """A policy document is not one that can be weighed."""


class InvalidIdentityTokenError(InvalidRequestError):
    """An identity provider's token is not one that it signed for us."""


class ExpiredIdentityTokenError(InvalidIdentityTokenError):
    """An identity provider's token was good once."""


class IdentityProviderUnavailableError(InvalidIdentityTokenError):
    """An identity provider's keys cannot be had, so that its tokens cannot be checked."""


class NotAcceptableError(RequestError):
    """There is no representation that the client says it understands."""


class ThrottledError(RequestError):
    """The caller asks for too much; `retry_after` says how many seconds to wait."""

    def __init__(self, message: str, retry_after: int = 1, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class InternalError(RequestError):
    """Something went wrong that is not the caller's doing."""


class UnavailableError(RequestError):
    """It cannot be done now; `retry_after` says how many seconds to wait."""

    def __init__(self, message: str, retry_after: int = 2, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class RemoteUnavailableError(UnavailableError):
    """A public source did not answer, or not as its protocol says."""


class StorageError(RequestError):
    """The disk that the data folder lies on takes nothing more."""


class StartError(ServerError):
    """The server cannot start, or a command cannot find it."""


class PortInUseError(StartError):
    """Another program listens on the port."""


class DataFolderInUseError(StartError):
    """Another server works on the data folder."""


class DataFolderTooNewError(StartError):
    """The data folder was written by a newer version."""


class NetworkFileSystemError(StartError):
    """The data folder lies on a file system whose locks and syncs cannot be trusted."""


class DataFolderUnusableError(StartError):
    """The data folder cannot be made, read or written."""


class NotRunningError(StartError):
    """No server works on the data folder."""


class SettingError(StartError):
    """A setting has a value that cannot be used."""
