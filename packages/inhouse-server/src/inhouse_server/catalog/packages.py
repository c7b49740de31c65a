"""Packages, their versions and their files, in the catalog.

A version is found by its PEP 440 identity (`1.0` is `1.0.0`), yet keeps the text it came with.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime

from packaging.utils import NormalizedName

from inhouse_server.catalog import instants, statements
from inhouse_server.catalog.blobs import domain_asset_bytes
from inhouse_server.model import (
    CoreMetadata,
    Digests,
    File,
    Origin,
    OriginControls,
    OriginType,
    Package,
    PackageFormat,
    PackageVersion,
    Restriction,
    Sha256,
    VersionStatus,
)
from inhouse_server.versions import canonical_text

__all__ = [
    "canonical_version",
    "delete_files",
    "delete_package",
    "delete_version",
    "domain_asset_bytes",
    "find_package",
    "find_version",
    "insert_files",
    "insert_package",
    "insert_version",
    "list_names",
    "list_packages",
    "list_versions",
    "set_controls",
    "set_status",
    "set_version_content",
]

_SQL = statements.load("packages")


def find_package(
    connection: sqlite3.Connection,
    repository_id: int,
    package_format: PackageFormat,
    name: str,
    *,
    namespace: str | None = None,
) -> Package | None:
    """Return the package, or None where the repository has no record of it; `name` must be normalised."""
    row = connection.execute(
        _SQL["find_package"],
        {"repository_id": repository_id, "format": package_format, "namespace": namespace or "", "name": name},
    ).fetchone()
    return None if row is None else _package(row)


def list_packages(
    connection: sqlite3.Connection,
    repository_id: int,
    *,
    format: PackageFormat | None = None,  # noqa: A002 - AWS's own name for it
    namespace: str = "",
    prefix: str = "",
    publish: Restriction | None = None,
    upstream: Restriction | None = None,
    after: tuple[str, str, str] | None = None,
    limit: int,
) -> list[Package]:
    """Return at most `limit` packages of a repository, ordered by format, namespace and name.

    Those without versions are among them.

    Args:
        format: Only of this format.
        namespace: Only those whose namespace begins so.
        prefix: Only those whose name begins so.
        publish: Only those with this setting.
        upstream: Only those with this setting.
        after: (format, namespace, name) of the last package of the page before.
    """
    after_format, after_namespace, after_name = after or (None, None, None)
    rows = connection.execute(
        _SQL["list_packages"],
        {
            "repository_id": repository_id,
            "format": format,
            "namespace": namespace,
            "prefix": prefix,
            "publish": publish,
            "upstream": upstream,
            "after_format": after_format,
            "after_namespace": after_namespace,
            "after_name": after_name,
            "limit": limit,
        },
    )
    return [_package(row) for row in rows]


def list_names(
    connection: sqlite3.Connection, repository_ids: Iterable[int], package_format: PackageFormat, after: str
) -> list[NormalizedName]:
    """Return the names of the packages without namespace that any of the repositories has, behind `after`, in order."""
    values = {"repositories": json.dumps(list(repository_ids)), "format": package_format, "after": after}
    return [NormalizedName(row["name"]) for row in connection.execute(_SQL["list_names"], values)]


def insert_package(
    connection: sqlite3.Connection,
    repository_id: int,
    package_format: PackageFormat,
    *,
    name: NormalizedName,
    controls: OriginControls,
    created_at: datetime,
    namespace: str | None = None,
) -> Package:
    """Make a package's record and return it."""
    cursor = connection.execute(
        _SQL["insert_package"],
        {
            "repository_id": repository_id,
            "format": package_format,
            "namespace": namespace or "",
            "name": name,
            "publish": controls.publish,
            "upstream": controls.upstream,
            "beside_public": controls.beside_public,
            "created_at": instants.to_text(created_at),
        },
    )
    return Package(_new_id(cursor), repository_id, package_format, name, controls, namespace)


def set_controls(connection: sqlite3.Connection, package: Package, controls: OriginControls) -> None:
    """Replace a package's origin controls."""
    connection.execute(
        _SQL["set_controls"],
        {
            "id": package.id,
            "publish": controls.publish,
            "upstream": controls.upstream,
            "beside_public": controls.beside_public,
        },
    )


def delete_package(connection: sqlite3.Connection, package: Package) -> None:
    """Delete a package with all its versions; bytes stay for whoever shares them."""
    connection.execute(_SQL["delete_package"], {"id": package.id})


def find_version(
    connection: sqlite3.Connection, package: Package, version: str, *, with_metadata: bool = True
) -> PackageVersion | None:
    """Return a package's version and its files, or None; `1.0` finds `1.0.0`.

    Args:
        with_metadata: False leaves `metadata` None, for downloads: they do not need it, and descriptions can be long.
    """
    row = connection.execute(
        _SQL["find_version"],
        {
            "package_id": package.id,
            "canonical_version": canonical_version(package.format, version),
            "metadata": with_metadata,
        },
    ).fetchone()
    if row is None:
        return None
    files = connection.execute(_SQL["list_version_files"], {"version_id": row["id"]}).fetchall()
    return _version(package, row, files)


def list_versions(
    connection: sqlite3.Connection, package: Package, *, with_metadata: bool = True
) -> list[PackageVersion]:
    """Return a package's versions and their files, the latest published first.

    Args:
        with_metadata: False leaves every `metadata` None, for project pages: they do not show it, and descriptions
            can be long.
    """
    by_version: defaultdict[int, list[sqlite3.Row]] = defaultdict(list)
    for row in connection.execute(_SQL["list_package_files"], {"package_id": package.id}):
        by_version[row["version_id"]].append(row)
    rows = connection.execute(_SQL["list_versions"], {"package_id": package.id, "metadata": with_metadata})
    return [_version(package, row, by_version[row["id"]]) for row in rows]


def insert_version(
    connection: sqlite3.Connection,
    package: Package,
    version: str,
    *,
    status: VersionStatus,
    origin: Origin,
    revision: str,
    published_at: datetime,
    metadata: CoreMetadata | None,
    files: tuple[File, ...],
) -> PackageVersion:
    """Make a version together with its files and return it.

    Raises:
        sqlite3.IntegrityError: The package has the version.
    """
    cursor = connection.execute(
        _SQL["insert_version"],
        {
            "package_id": package.id,
            "version": version,
            "canonical_version": canonical_version(package.format, version),
            "status": status,
            "origin_type": origin.type,
            "origin_repository": origin.repository,
            "origin_connection": origin.external_connection,
            "revision": revision,
            "published_at": instants.to_text(published_at),
            "metadata": _metadata_text(metadata),
        },
    )
    made = PackageVersion(
        id=_new_id(cursor),
        package=package,
        version=version,
        status=status,
        origin=origin,
        revision=revision,
        published_at=published_at,
        metadata=metadata,
    )
    insert_files(connection, made, files)
    return replace(made, files=files)


def insert_files(connection: sqlite3.Connection, version: PackageVersion, files: Iterable[File]) -> None:
    """Add files to a version.

    Raises:
        sqlite3.IntegrityError: The version has a file of that name.
    """
    connection.executemany(_SQL["insert_file"], [_file_values(version.id, file) for file in files])


def set_version_content(
    connection: sqlite3.Connection, version: PackageVersion, revision: str, metadata: CoreMetadata | None
) -> None:
    """Write a version's revision, and the metadata that it is computed from."""
    connection.execute(
        _SQL["set_version_content"],
        {"id": version.id, "revision": revision, "metadata": _metadata_text(metadata)},
    )


def set_status(connection: sqlite3.Connection, version: PackageVersion, status: VersionStatus) -> None:
    """Write a version's status."""
    connection.execute(_SQL["set_status"], {"id": version.id, "status": status})


def delete_version(connection: sqlite3.Connection, version: PackageVersion) -> None:
    """Delete a version with its files; bytes stay for whoever shares them."""
    connection.execute(_SQL["delete_version"], {"id": version.id})


def delete_files(connection: sqlite3.Connection, version: PackageVersion) -> None:
    """Take a version's files away from it; bytes stay for whoever shares them."""
    connection.execute(_SQL["delete_version_files"], {"version_id": version.id})


def canonical_version(package_format: PackageFormat, version: str) -> str:
    """Return what is the same text for equal versions: by PEP 440 for `pypi`, the version itself elsewhere."""
    return canonical_text(version) if package_format is PackageFormat.PYPI else version


def _new_id(cursor: sqlite3.Cursor) -> int:
    if cursor.lastrowid is None:  # pragma: no cover - an INSERT that did not raise always sets it
        raise AssertionError
    return cursor.lastrowid


def _package(row: sqlite3.Row) -> Package:
    return Package(
        id=row["id"],
        repository_id=row["repository_id"],
        format=PackageFormat(row["format"]),
        name=NormalizedName(row["name"]),
        controls=OriginControls(
            Restriction(row["publish"]), Restriction(row["upstream"]), beside_public=bool(row["beside_public"])
        ),
        namespace=row["namespace"] or None,
    )


def _version(package: Package, row: sqlite3.Row, files: Iterable[sqlite3.Row]) -> PackageVersion:
    return PackageVersion(
        id=row["id"],
        package=package,
        version=row["version"],
        status=VersionStatus(row["status"]),
        origin=Origin(OriginType(row["origin_type"]), row["origin_repository"], row["origin_connection"]),
        revision=row["revision"],
        published_at=instants.from_text(row["published_at"]),
        metadata=_metadata(row["metadata"]),
        files=tuple(_file(row["version"], file) for file in files),
    )


def _file(version: str, row: sqlite3.Row) -> File:
    return File(
        filename=row["filename"],
        version=version,
        digests=Digests(Sha256(row["sha256"]), row["md5"], row["sha1"], row["sha512"], row["blake2_256"]),
        size=row["size"],
        requires_python=row["requires_python"],
        upload_time=None if row["upload_time"] is None else instants.from_text(row["upload_time"]),
        yanked=row["yanked_reason"] or bool(row["yanked"]),
        metadata_sha256=None if row["metadata_sha256"] is None else Sha256(row["metadata_sha256"]),
        url=row["url"],
    )


def _file_values(version_id: int, file: File) -> dict[str, str | int | None]:
    return {
        "version_id": version_id,
        "filename": file.filename,
        "sha256": file.digests.sha256,
        "md5": file.digests.md5,
        "size": file.size,
        "requires_python": file.requires_python,
        "upload_time": None if file.upload_time is None else instants.to_text(file.upload_time),
        "yanked": int(bool(file.yanked)),
        "yanked_reason": file.yanked if isinstance(file.yanked, str) else None,
        "metadata_sha256": file.metadata_sha256,
        "url": file.url,
    }


def _metadata_text(metadata: CoreMetadata | None) -> str | None:
    return None if metadata is None else json.dumps(asdict(metadata), ensure_ascii=False)


def _metadata(text: str | None) -> CoreMetadata | None:
    if text is None:
        return None
    values = json.loads(text)
    return CoreMetadata(**{**values, "requires_dist": tuple(values["requires_dist"])})
