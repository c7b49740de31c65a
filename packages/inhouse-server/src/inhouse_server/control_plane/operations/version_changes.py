"""Operations that change versions, several at once."""

from collections.abc import Mapping, Sequence

from inhouse_server.control_plane.registry import Context, Result, operation
from inhouse_server.rules.bulk import Expectations, Outcome
from inhouse_server.rules.copying import wanted_versions
from inhouse_server.services.copying import CopyRequest
from inhouse_server.services.inventory import PackageName


@operation("UpdatePackageVersionsStatus")
def update_package_versions_status(
    context: Context,
    *,
    package: PackageName,
    versions: Sequence[str],
    target_status: str,
    version_revisions: Mapping[str, str] | None = None,
    expected_status: str | None = None,
) -> Result:
    """Give versions a status: all of them, or none."""
    expected = Expectations(expected_status, version_revisions)
    return _outcome(
        context.services.version_changes.set_status(context.caller, package, versions, expected, target_status)
    )


@operation("DisposePackageVersions")
def dispose_package_versions(
    context: Context,
    *,
    package: PackageName,
    versions: Sequence[str],
    version_revisions: Mapping[str, str] | None = None,
    expected_status: str | None = None,
) -> Result:
    """Delete the assets of versions, and keep what tells that they were there: all of them, or none."""
    expected = Expectations(expected_status, version_revisions)
    return _outcome(context.services.version_changes.dispose(context.caller, package, versions, expected))


@operation("DeletePackageVersions")
def delete_package_versions(
    context: Context, *, package: PackageName, versions: Sequence[str], expected_status: str | None = None
) -> Result:
    """Delete versions: all of them, or none."""
    expected = Expectations(expected_status)
    return _outcome(context.services.version_changes.delete(context.caller, package, versions, expected))


@operation("CopyPackageVersions")
def copy_package_versions(
    context: Context,
    *,
    package: PackageName,
    destination_repository: str,
    versions: Sequence[str] | None = None,
    version_revisions: Mapping[str, str] | None = None,
    allow_overwrite: bool = False,
    include_from_upstream: bool = False,
) -> Result:
    """Copy versions into another repository of the domain: all of them, or none."""
    request = CopyRequest(
        package,
        destination_repository,
        wanted_versions(versions, version_revisions),
        allow_overwrite=allow_overwrite,
        include_from_upstream=include_from_upstream,
    )
    return _outcome(context.services.copying.copy(context.caller, request))


def _outcome(outcome: Outcome) -> Result:
    return {
        "successfulVersions": {
            version: {"revision": done.revision, "status": done.status} for version, done in outcome.done.items()
        },
        "failedVersions": {
            version: {"errorCode": failure.code, "errorMessage": failure.message}
            for version, failure in outcome.failed.items()
        },
    }
