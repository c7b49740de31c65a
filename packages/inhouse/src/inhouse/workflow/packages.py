"""Runs uv on the project: with the one index, with a token for it, and with our errors for its failures."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from packaging.version import Version

from inhouse.codeartifact.interface import Token
from inhouse.errors import (
    AccessDeniedError,
    CredentialsRefusedError,
    InhouseError,
    InterpreterMissingError,
    LockForeignError,
    LockMissingError,
    LockStaleError,
    ProgramFailedError,
    RepositoryUnreachableError,
)
from inhouse.process import Completed
from inhouse.project.lock import foreign_packages, with_version
from inhouse.project.manifest import Index
from inhouse.tools.environment import with_index_credentials
from inhouse.tools.uv import Failure, Uv, bundled, check_lock_arguments, failure
from inhouse.tools.uv_configuration import configuration_text, personal_files, read_personal
from inhouse.workflow.context import Context


def run_uv(
    context: Context,
    arguments: Sequence[str],
    *,
    stream: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Completed:
    """Run uv with access to the one index.

    Args:
        context: The project.
        arguments: uv's arguments.
        stream: Show what it says while it runs.
        environment: Variables to add.

    Raises:
        ManagerError: The project is not uv's.
        ManifestError: The project's index is not as it must be.
        RepositoryError: There is no token, or the repository does not answer or refuses.
        ProjectError: The lock or the interpreter is not as it must be.
        ProgramError: uv fails for another reason.
    """
    context.check_manager()
    index = context.one_index()
    token = context.repository().token()
    variables = with_index_credentials(context.environment(), index.name, token.value)
    try:
        return _uv(context, variables, token).run(arguments, stream=stream, environment=environment)
    except ProgramFailedError as error:
        raise _explained(context, error, index) from error


def run_uv_without_index(context: Context, arguments: Sequence[str]) -> Completed:
    """Run uv for something that needs no packages.

    Raises:
        ManagerError: The project is not uv's.
        InterpreterMissingError: No Python fits.
        ProgramError: uv fails for another reason.
    """
    context.check_manager()
    try:
        return _uv(context, context.environment(), None).run(arguments)
    except ProgramFailedError as error:
        raise _explained(context, error, None) from error


def check_lock(context: Context) -> None:
    """Check that there is a lock, and that all in it comes from the one index.

    Raises:
        ManagerError: The project is not uv's.
        LockMissingError: There is none.
        LockForeignError: It holds packages of another index.
        ManifestError: It cannot be read, or the project's index is not as it must be.
    """
    context.check_manager()
    index = context.one_index()
    lock = context.layout.lock
    if not lock.is_file():
        raise LockMissingError(lock)
    foreign = foreign_packages(lock.read_text(encoding="utf-8"), index.url)
    if foreign:
        raise LockForeignError(lock, foreign, index.url)


def ensure_lock_is_current(context: Context) -> None:
    """Check that the lock goes with the `pyproject.toml`; one that only has an older version of the project follows it.

    uv is asked out of sight: what it would say to a stale lock, `uv lock`, is not how it is done here.

    Raises:
        LockStaleError: It does not.
        InhouseError: uv cannot tell.
    """
    version = str(Version(context.manifest.version))
    text = context.layout.lock.read_bytes().decode("utf-8")
    followed = with_version(text, context.manifest.normalized_name, version)
    if followed != text:
        context.layout.lock.write_bytes(followed.encode("utf-8"))
        context.say(f"the project is at version {version} now, and so is uv.lock: commit them together")
    run_uv(context, check_lock_arguments())


def _uv(context: Context, environment: Mapping[str, str], token: Token | None) -> Uv:
    personal = personal_files(context.settings.environment, windows=context.windows)
    return Uv(
        context.runner,
        context.settings.uv or bundled(),
        context.layout.root,
        environment,
        configuration=configuration_text(context.manifest.uv_settings, read_personal(personal)),
        secrets=[token.value] if token else [],
    )


def _explained(context: Context, error: ProgramFailedError, index: Index | None) -> InhouseError:
    """Return our error for a failure of uv; its own words stay visible, above or in the message."""
    where = index.url if index else "the index"
    match failure(error.output):
        case Failure.LOCK_STALE:
            return LockStaleError(context.layout.lock)
        case Failure.INTERPRETER_MISSING:
            return InterpreterMissingError(context.settings.python or context.manifest.requires_python)
        case Failure.CREDENTIALS_REFUSED:
            hint = "`unset CODEARTIFACT_AUTH_TOKEN` or export a new token: one works for at most 12 hours"
            return CredentialsRefusedError(f"{where} refuses the authorization token\n{error.message}", hint=hint)
        case Failure.ACCESS_DENIED:
            hint = "ask for the permission codeartifact:ReadFromRepository on the repository"
            return AccessDeniedError(f"{where} does not let you read\n{error.message}", hint=hint)
        case Failure.UNREACHABLE:
            hint = "if it is the embedded repository, start it with `inhouse server start`; else look at the network"
            return RepositoryUnreachableError(where, f"uv could not get through\n{error.message}", hint=hint)
        case Failure.OTHER:
            return error
        case never:
            assert_never(never)
