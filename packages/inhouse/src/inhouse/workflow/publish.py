"""Uploads what was built to the repository: checked, once, and never over something else."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from inhouse.codeartifact.interface import PublishedFile
from inhouse.errors import (
    AccessDeniedError,
    CredentialsRefusedError,
    LocalPublishClosedError,
    ProgramFailedError,
    VersionExistsError,
)
from inhouse.process import Completed
from inhouse.project.dist import belongs_to_version
from inhouse.project.manifest import Index
from inhouse.tools.twine import refusal_status
from inhouse.workflow.build import built_files
from inhouse.workflow.context import Context
from inhouse.workflow.origin import ensure_own_version


@dataclass(frozen=True)
class Upload:
    """What publishing did, or would do.

    Attributes:
        url: The repository's endpoint.
        uploaded: The names of the files that were uploaded; those that would be, in a dry run.
        identical: The names of those that the repository held already, with the same bytes.
    """

    url: str
    uploaded: tuple[str, ...]
    identical: tuple[str, ...]


def publish(context: Context, *, dry_run: bool = False) -> Upload:
    """Upload `dist`.

    Nothing is uploaded unless everything can be: it is looked first at what the repository holds. Files that it holds
    with the same bytes are left out, so that an interrupted run can be repeated.

    Args:
        context: The project.
        dry_run: Do all but the upload itself.

    Raises:
        LocalPublishClosedError: The project does not allow uploads from here.
        NothingBuiltError: `dist` does not hold exactly the files of the project's version.
        ProgramFailedError: twine finds something wrong with them.
        VersionForeignError: The version is in the repository already, and not the project's own.
        VersionExistsError: The version is published with other bytes.
        RepositoryError: The repository refuses or does not answer.
    """
    manifest = context.manifest
    table = manifest.table()
    if not table.local_publish:
        raise LocalPublishClosedError(table.coordinates.repository)
    index = context.one_index()
    files = {name: context.layout.dist / name for name in built_files(context).names}
    context.say(f"checking {', '.join(files)}")
    context.twine().check(list(files.values()), context.layout.root)
    digests = {name: _sha256(path) for name, path in files.items()}
    held = _held(context, index)
    _refuse_foreign_version(context, digests, held)
    _refuse_other_bytes(context, digests, held)
    identical = tuple(name for name in files if name in held)
    missing = tuple(name for name in files if name not in held)
    for name in identical:
        context.say(f"{name} is published already, with the same bytes")
    if missing and not dry_run:
        context.say(f"uploading {', '.join(missing)} to {index.publish_url} ({table.local_publish})")
        token = context.repository().token().value
        paths = [files[name] for name in missing]
        completed = context.twine().upload(paths, index.publish_url, token, context.layout.root)
        if completed.exit_code != 0:
            # Somebody was faster between our look and our upload, or the repository has a reason of its own.
            _explain(context, completed, digests, index)
    return Upload(index.publish_url, missing, identical)


def _held(context: Context, index: Index) -> dict[str, PublishedFile]:
    listed = context.repository().published(index.url, context.manifest.normalized_name)
    return {file.filename: file for file in listed}


def _refuse_foreign_version(context: Context, digests: Mapping[str, str], held: Mapping[str, PublishedFile]) -> None:
    """Refuse to add to a stranger's version; one of our own files in it proves that it is none."""
    version = context.manifest.version
    is_listed = any(belongs_to_version(file.filename, file.version, version) for file in held.values())
    if not is_listed or any(name in held and held[name].sha256 == digest for name, digest in digests.items()):
        return
    # Whoever may publish need not be allowed to ask; the repository then has the last word on the upload.
    with suppress(AccessDeniedError):
        ensure_own_version(context)


def _refuse_other_bytes(context: Context, digests: Mapping[str, str], held: Mapping[str, PublishedFile]) -> None:
    differing = [name for name in digests if name in held and held[name].sha256 != digests[name]]
    if differing:
        raise _exists(context, differing, digests, held)


def _exists(
    context: Context, names: Sequence[str], digests: Mapping[str, str], held: Mapping[str, PublishedFile]
) -> VersionExistsError:
    version = context.manifest.version
    lines = [
        f"  {name}: published with sha256 {(held[name].sha256 if name in held else '') or 'unknown'}, "
        f"yours is {digests[name]}"
        for name in names
    ]
    return VersionExistsError(
        "\n".join([f"{context.manifest.name} {version} is published already, with other bytes:", *lines]),
        hint="a published version never changes: raise `version` in pyproject.toml, "
        "then `make lock`, `make build` and `make publish`",
    )


def _explain(context: Context, completed: Completed, digests: Mapping[str, str], index: Index) -> None:
    said = "\n".join(part.strip() for part in (completed.stdout, completed.stderr) if part.strip())
    failed = ProgramFailedError(completed.argv, completed.exit_code, said)
    where = index.publish_url
    match refusal_status(said):
        case 409:
            held = _held(context, index)
            _refuse_foreign_version(context, digests, held)
            names = [name for name in digests if name not in held or held[name].sha256 != digests[name]]
            raise _exists(context, names, digests, held) from failed
        case 401:
            hint = "`unset CODEARTIFACT_AUTH_TOKEN` or export a new token: one works for at most 12 hours"
            raise CredentialsRefusedError(f"{where} refuses the authorization token", hint=hint) from failed
        case 403:
            hint = (
                "ask for the permission codeartifact:PublishPackageVersion on the package; if you have it, the "
                "package's origin controls do not allow publishing"
            )
            raise AccessDeniedError(f"{where} does not let you publish\n{failed.message}", hint=hint) from failed
        case _:
            raise failed


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
