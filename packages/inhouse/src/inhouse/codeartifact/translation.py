"""From what botocore and the network raise to our errors, by code and never by message text."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from botocore import exceptions as aws

from inhouse.errors import (
    AccessDeniedError,
    CredentialsMissingError,
    CredentialsRefusedError,
    InhouseError,
    NotFoundError,
    RepositoryUnreachableError,
    ServiceError,
    SettingError,
)
from inhouse_keyring.errors import CREDENTIALS_HINT, REFUSED_CODES, UNREACHABLE_HINT


@contextmanager
def translated(url: str, *, missing: str) -> Iterator[None]:
    """Turn botocore's exceptions into ours within a block.

    Args:
        url: The address that is asked, for the case that nobody answers.
        missing: What does not exist when the answer is "not found", for example "the repository `shared`".
    """
    try:
        yield
    except InhouseError:
        raise
    except (aws.NoCredentialsError, aws.PartialCredentialsError) as error:
        raise CredentialsMissingError(f"no AWS credentials: {_said(error)}", hint=CREDENTIALS_HINT) from error
    except aws.ProfileNotFound as error:
        raise CredentialsMissingError(_said(error), hint=CREDENTIALS_HINT) from error
    except aws.ConfigParseError as error:
        hint = "mend it, or name another file with AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE"
        raise SettingError("AWS", str(error.kwargs["path"]), "the file is not one of profiles", hint=hint) from error
    except (aws.InvalidRegionError, aws.InvalidDefaultsMode, aws.InvalidSTSRegionalEndpointsConfigError) as error:
        hint = "look at `env | grep ^AWS_` and at the profile in the file of profiles (AWS_CONFIG_FILE)"
        raise SettingError("AWS", "AWS's variables or the profile", _said(error), hint=hint) from error
    except aws.ClientError as error:
        raise from_code(error, missing=missing) from error
    except (aws.ConnectionError, aws.HTTPClientError) as error:
        raise RepositoryUnreachableError(url, _said(error), hint=UNREACHABLE_HINT) from error
    except aws.BotoCoreError as error:
        # What is left concerns credentials that have to be fetched first: single sign-on, roles, processes.
        raise CredentialsMissingError(f"AWS cannot be asked: {_said(error)}", hint=CREDENTIALS_HINT) from error


def from_code(error: aws.ClientError, *, missing: str) -> InhouseError:
    """Return our error for an answer of the service, chosen by its code."""
    details = error.response.get("Error", {})
    code, said = details.get("Code", "Unknown"), details.get("Message", "").strip() or "it gives no reason"
    operation = error.operation_name
    if code in REFUSED_CODES:
        return CredentialsRefusedError(f"the AWS credentials are refused: {said}", hint=CREDENTIALS_HINT)
    makers: Mapping[str, Callable[[], InhouseError]] = {
        "AccessDeniedException": lambda: AccessDeniedError(
            f"{operation} is not allowed: {said}",
            hint=f"ask for the permission codeartifact:{operation} on {missing}, or choose another AWS profile",
            operation=operation,
        ),
        "ResourceNotFoundException": lambda: NotFoundError(
            f"{missing} does not exist: {said}",
            hint="compare [tool.inhouse] in pyproject.toml with `aws codeartifact list-repositories`; "
            "the embedded repository starts empty: make the domain and repository with the AWS CLI",
        ),
    }
    makers = {**makers, "AccessDenied": makers["AccessDeniedException"]}  # the spelling of STS
    if code in makers:
        return makers[code]()
    return ServiceError(
        code, operation, said, hint="try again; if it stays, the code is explained in AWS's API reference"
    )


def _said(error: aws.BotoCoreError) -> str:
    return str(error).rstrip(".")
