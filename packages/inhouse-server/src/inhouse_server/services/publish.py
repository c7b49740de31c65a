"""Publishes a file: checks what was sent, lets the rules decide, and makes it visible in one transaction."""

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from inhouse_server.archives import read_core_metadata
from inhouse_server.blobs import BlobStore, IncomingBlob
from inhouse_server.catalog import Database, blobs, packages
from inhouse_server.errors import InvalidRequestError, ValidationReason
from inhouse_server.model import (
    Clock,
    CoreMetadata,
    File,
    Origin,
    OriginType,
    PackageFormat,
    Repository,
    Sha256,
    VersionStatus,
)
from inhouse_server.quotas import Quotas
from inhouse_server.rules import core_metadata
from inhouse_server.rules.names import (
    FileKind,
    FileName,
    check_agreement,
    check_project_name,
    parse_filename,
    version_key,
)
from inhouse_server.rules.origin_controls import Arrival, defaults
from inhouse_server.rules.publishing import Outcome, check_file_count, decide
from inhouse_server.rules.revision import revision
from inhouse_server.services.access import Bearer
from inhouse_server.services.repository_access import RepositoryAccess
from inhouse_server.services.search import Found, Search


@dataclass(frozen=True, slots=True)
class Upload:
    """What a client says of the file that it sends.

    Attributes:
        filetype: `bdist_wheel` or `sdist`; None where the client does not say.
        digests: Those it sent, by the name of their form field: `md5_digest`, `sha256_digest`, `blake2_256_digest`.
    """

    name: str
    version: str
    filename: str
    filetype: str | None
    digests: Mapping[str, str]


class Publish:
    """Publishes files.

    Args:
        database: The catalog.
        store: Where bytes are kept.
        search: Finds what upstreams have.
        repository_access: Decides who may publish.
        clock: Gives the time now.
        quotas: How many files a version may have.
    """

    def __init__(  # noqa: PLR0917 - collaborators, each passed by its name's position as everywhere
        self,
        database: Database,
        store: BlobStore,
        search: Search,
        repository_access: RepositoryAccess,
        clock: Clock,
        quotas: Quotas,
    ) -> None:
        self._database = database
        self._store = store
        self._search = search
        self._repository_access = repository_access
        self._clock = clock
        self._quotas = quotas

    def publish(self, bearer: Bearer, repository: Repository, upload: Upload, blob: IncomingBlob) -> Outcome:
        """Publish what was written to `blob`; when this returns, it is on the disk and visible.

        On any error nothing becomes visible. A refusal leaves nothing behind, unless it comes of what another has
        published at the same moment: then the bytes stay in the store, and nothing refers to them.

        Raises:
            AccessDeniedError: The bearer may not publish the package.
            ConflictError: Other bytes are here, or the version comes from upstream.
            InvalidRequestError: What was sent does not agree with itself, or is not a distribution.
            PublishBlockedError: Origin controls do not let the package be published here.
            QuotaExceededError: The version has as many files as it may have.
        """
        project = check_project_name(upload.name)
        self._repository_access.require_publish(bearer, repository, project)
        filename = _check_form(upload, blob)
        blob.finish()
        content = read_core_metadata(blob.path, upload.filename, whole=True)
        metadata = core_metadata.parse(content, upload.filename)
        core_metadata.check_requires_python(metadata, upload.filename)
        check_agreement(filename, name=metadata.name, version=metadata.version, where="The metadata in the file")
        found = self._search.search(repository, project)
        file = self._file(filename, metadata, content, blob)
        decide(found.places, project, version_key(metadata.version), file)  # spares refused uploads the write lock
        with self._store.incoming() as metadata_blob:
            metadata_blob.write(content)
            kept = (blob, metadata_blob) if file.metadata_sha256 is not None else (blob,)
            # Before the lock, which others wait for: bytes that nothing refers to do no harm. Also where they are known
            # already, so that publishing a file again heals one that a disk has lost.
            for each in kept:
                self._store.keep(each)
            with self._database.write() as connection:
                return self._record(connection, found, file, metadata, kept)

    def _record(
        self,
        connection: sqlite3.Connection,
        earlier: Found,
        file: File,
        metadata: CoreMetadata,
        kept: tuple[IncomingBlob, ...],
    ) -> Outcome:
        repository, project = earlier.repositories[0], earlier.project
        found = self._search.with_offers_of(self._search.read_again(connection, earlier), earlier)
        outcome = decide(found.places, project, version_key(file.version), file)
        if outcome is Outcome.NEW_FILE:
            check_file_count(found.places[0].versions[version_key(file.version)], self._quotas.assets)
        now = self._clock()
        for blob in kept:
            blobs.insert_blob(connection, blob.digests, blob.size, now)
        if outcome is Outcome.ALREADY_HERE:
            return outcome
        package = packages.find_package(connection, repository.id, PackageFormat.PYPI, project)
        if package is None:
            package = packages.insert_package(
                connection,
                repository.id,
                PackageFormat.PYPI,
                name=project,
                controls=defaults(Arrival.PUBLISHED),
                created_at=now,
            )
        record = packages.find_version(connection, package, file.version)
        if record is None:
            packages.insert_version(
                connection,
                package,
                file.version,
                status=VersionStatus.PUBLISHED,
                origin=Origin(OriginType.INTERNAL, repository=repository.name),
                revision=revision((file,), metadata),
                published_at=now,
                metadata=metadata,
                files=(file,),
            )
        else:
            packages.insert_files(connection, record, (file,))
            described = record.metadata or metadata
            packages.set_version_content(connection, record, revision((*record.files, file), described), described)
        return outcome

    def _file(self, filename: FileName, metadata: CoreMetadata, content: bytes, blob: IncomingBlob) -> File:
        return File(
            filename=filename.text,
            version=metadata.version,
            digests=blob.digests,
            size=blob.size,
            requires_python=metadata.requires_python,
            upload_time=self._clock(),
            # Of wheels alone: what a source distribution's PKG-INFO says may change when it is built (PEP 643).
            metadata_sha256=Sha256(hashlib.sha256(content).hexdigest()) if filename.kind is FileKind.WHEEL else None,
        )


def _check_form(upload: Upload, blob: IncomingBlob) -> FileName:
    """Return what the file name says, once all that the form says agrees with it and with the bytes.

    The digests come first: of bytes that were damaged on the way, nothing else is worth saying.
    """
    actual = {
        "md5_digest": blob.digests.md5,
        "sha256_digest": blob.digests.sha256,
        "blake2_256_digest": blob.digests.blake2_256,
    }
    for field, sent in upload.digests.items():
        if sent.strip().lower() != actual[field]:
            raise InvalidRequestError(
                f"The bytes of {upload.filename} do not have the {field} that was sent: theirs is {actual[field]}, "
                f"the form says {sent}.",
                ValidationReason.OTHER,
                hint="The file was damaged on the way, or changed while it was read. Upload it again.",
            )
    filename = parse_filename(upload.filename)
    if upload.filetype is not None and upload.filetype != filename.kind:
        raise InvalidRequestError(
            f"The form says filetype {upload.filetype!r}, the file name {upload.filename!r} is that of a "
            f"{filename.kind}.",
            hint="Upload with a current twine, uv, poetry, pdm or hatch.",
        )
    check_agreement(filename, name=upload.name, version=upload.version, where="The form")
    return filename
