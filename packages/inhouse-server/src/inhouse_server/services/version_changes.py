"""Versions that a repository holds: set their status, dispose of them, delete them."""

import sqlite3
from collections.abc import Callable, Sequence

from inhouse_server.catalog import Database, packages
from inhouse_server.model import PackageVersion, VersionStatus
from inhouse_server.rules import bulk
from inhouse_server.rules.bulk import Done, Expectations, Outcome, Refusal
from inhouse_server.services.access import Access, Caller
from inhouse_server.services.inventory import PackageName, find_package, package_arn

_Change = Callable[[sqlite3.Connection, PackageVersion], Done]


class VersionChanges:
    """Changes several versions of a package at once: all of them, or none.

    Args:
        database: The catalog.
        access: Decides what callers may do.
    """

    def __init__(self, database: Database, access: Access) -> None:
        self._database = database
        self._access = access

    def set_status(
        self, caller: Caller, name: PackageName, versions: Sequence[str], expected: Expectations, target: str
    ) -> Outcome:
        """Give versions a status.

        Raises:
            AccessDeniedError: The caller may not.
            InvalidRequestError: The status cannot be set, or revisions are given for other versions.
            NotFoundError: The domain, the repository or the package does not exist.
        """
        self._require(caller, "UpdatePackageVersionsStatus", name)
        status = bulk.check_target_status(target)

        def change(connection: sqlite3.Connection, record: PackageVersion) -> Done:
            packages.set_status(connection, record, status)
            return Done(record.revision, status)

        return self._change(caller, name, versions, expected, bulk.refuse_status(status), change)

    def dispose(self, caller: Caller, name: PackageName, versions: Sequence[str], expected: Expectations) -> Outcome:
        """Take the files of versions away for good; what remains tells that the versions were there.

        Raises:
            AccessDeniedError: The caller may not.
            InvalidRequestError: Revisions are given for other versions.
            NotFoundError: The domain, the repository or the package does not exist.
        """
        self._require(caller, "DisposePackageVersions", name)

        def change(connection: sqlite3.Connection, record: PackageVersion) -> Done:
            packages.delete_files(connection, record)
            packages.set_status(connection, record, VersionStatus.DISPOSED)
            return Done(record.revision, VersionStatus.DISPOSED)

        return self._change(caller, name, versions, expected, bulk.refuse_disposal, change)

    def delete(self, caller: Caller, name: PackageName, versions: Sequence[str], expected: Expectations) -> Outcome:
        """Delete versions; each may be published again, with any bytes.

        Raises:
            AccessDeniedError: The caller may not.
            NotFoundError: The domain, the repository or the package does not exist.
        """
        self._require(caller, "DeletePackageVersions", name)

        def change(connection: sqlite3.Connection, record: PackageVersion) -> Done:
            packages.delete_version(connection, record)
            return Done(record.revision, bulk.DELETED)

        return self._change(caller, name, versions, expected, bulk.refuse_nothing, change)

    def _change(  # noqa: PLR0917 - what is asked for, then how it is done
        self,
        caller: Caller,
        name: PackageName,
        versions: Sequence[str],
        expected: Expectations,
        refuse: Refusal,
        change: _Change,
    ) -> Outcome:
        bulk.check_revisions(versions, expected.revisions)
        with self._database.write() as connection:
            package = find_package(connection, caller, name)
            found = {version: packages.find_version(connection, package, version) for version in versions}
            records = {version: record for version, record in found.items() if record is not None}
            failed = bulk.failures(versions, records, expected, refuse)
            if failed:
                return Outcome(failed=failed)
            # Twice the same version, perhaps in two spellings, is changed twice alike: the second time is nothing.
            return Outcome({version: change(connection, record) for version, record in records.items()})

    def _require(self, caller: Caller, operation: str, name: PackageName) -> None:
        self._access.require(caller.principal, f"codeartifact:{operation}", package_arn(caller.region, name))
