"""Operations on package versions."""

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from inhouse_server.control_plane.operations._versions import asset_summary, coordinates
from inhouse_server.control_plane.registry import Context, Result, operation
from inhouse_server.model import CoreMetadata, Origin, PackageVersion
from inhouse_server.services.inventory import PackageName


@operation("DescribePackageVersion")
def describe_package_version(context: Context, *, package: PackageName, package_version: str) -> Result:
    """Describe a version that a repository itself holds."""
    found = context.services.inventory.version(context.caller, package, package_version, context.operation)
    metadata = found.metadata or CoreMetadata(name=found.package.name, version=found.version)
    return {
        "packageVersion": {
            "format": found.package.format,
            "namespace": found.package.namespace,
            "packageName": found.package.name,
            "displayName": metadata.name,
            "version": found.version,
            "summary": metadata.summary,
            "homePage": metadata.home_page,
            "sourceCodeRepository": metadata.source_code,
            "publishedTime": found.published_at,
            "licenses": [{"name": metadata.license}] if metadata.license else [],
            "revision": found.revision,
            "status": found.status,
            "origin": _origin(found.origin),
        }
    }


@operation("ListPackageVersions")
def list_package_versions(
    context: Context,
    *,
    package: PackageName,
    status: str | None = None,
    sort_by: str | None = None,  # noqa: ARG001 - the newest come first in any case; AWS leaves the other order open
    origin_type: str | None = None,
) -> Result:
    """List the versions that a repository itself holds, in every status unless one is asked for."""
    page = context.page(key_length=2)
    held, versions = context.services.inventory.versions(context.caller, package)
    wanted = [
        version
        for version in versions
        if status in (None, version.status)
        and origin_type in (None, version.origin.type)
        # Keys fall from page to page: what has come since the first page is not shown, what has gone is not missed.
        and (page.after is None or _place(version) < page.after)
    ]
    shown, token = page.cut(sorted(wanted, key=_place, reverse=True), _place)
    newest = max(versions, key=_place, default=None)
    summaries = [
        {
            "version": version.version,
            "revision": version.revision,
            "status": version.status,
            "origin": _origin(version.origin),
        }
        for version in shown
    ]
    return {
        "defaultDisplayVersion": None if newest is None else newest.version,
        "format": held.format,
        "namespace": held.namespace,
        "package": held.name,
        "versions": summaries,
        "nextToken": token,
    }


@operation("ListPackageVersionAssets")
def list_package_version_assets(context: Context, *, package: PackageName, package_version: str) -> Result:
    """List the files of a version."""
    page = context.page()
    found = context.services.inventory.version(context.caller, package, package_version, context.operation)
    after = page.after[0] if page.after else ""
    files = sorted((file for file in found.files if file.filename > after), key=lambda file: file.filename)
    shown, token = page.cut(files, lambda file: (file.filename,))
    return {**coordinates(found), "assets": [asset_summary(file) for file in shown], "nextToken": token}


@operation("ListPackageVersionDependencies")
def list_package_version_dependencies(context: Context, *, package: PackageName, package_version: str) -> Result:
    """List what a version requires, one entry for each `Requires-Dist`."""
    page = context.page()
    found = context.services.inventory.version(context.caller, package, package_version, context.operation)
    required = found.metadata.requires_dist if found.metadata else ()
    # The place in the metadata is the key, since two entries may be equal in all else.
    numbered = [(f"{number:09d}", text) for number, text in enumerate(required)]
    rest = [entry for entry in numbered if page.after is None or entry[0] > page.after[0]]
    shown, token = page.cut(rest, lambda entry: (entry[0],))
    return {**coordinates(found), "dependencies": [_dependency(text) for _, text in shown], "nextToken": token}


def _place(version: PackageVersion) -> tuple[str, str]:
    return version.published_at.isoformat(timespec="microseconds"), version.version


def _origin(origin: Origin) -> dict[str, object]:
    return {
        "domainEntryPoint": {"repositoryName": origin.repository, "externalConnectionName": origin.external_connection},
        "originType": origin.type,
    }


def _dependency(text: str) -> dict[str, object]:
    """Return one `Requires-Dist` as answers have it; what cannot be parsed is shown as it is."""
    try:
        return _parsed_dependency(text)
    except (InvalidRequirement, RecursionError):  # the second where its marker is nested too deep
        return {"package": text, "dependencyType": "Requires-Dist"}


def _parsed_dependency(text: str) -> dict[str, object]:
    requirement = Requirement(text)
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    address = f" @ {requirement.url}" if requirement.url else ""
    marker = f"; {requirement.marker}" if requirement.marker else ""
    return {
        "package": canonicalize_name(requirement.name),
        "dependencyType": "Requires-Dist",
        "versionRequirement": f"{extras}{requirement.specifier}{address}{marker}".strip() or None,
    }
