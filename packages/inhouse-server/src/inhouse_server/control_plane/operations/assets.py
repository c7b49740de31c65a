"""Operations on the bytes and texts of one version."""

from inhouse_server.blobs import IncomingBlob
from inhouse_server.control_plane.operations._versions import asset_summary, coordinates
from inhouse_server.control_plane.protocol.encode import Stream
from inhouse_server.control_plane.registry import Context, Result, operation
from inhouse_server.services.generic_publishing import GenericAsset
from inhouse_server.services.inventory import PackageName


@operation("GetPackageVersionAsset")
def get_package_version_asset(
    context: Context,
    *,
    package: PackageName,
    package_version: str,
    asset: str,
    package_version_revision: str | None = None,
) -> Result:
    """Give the bytes of an asset."""
    found = context.services.assets.open(context.caller, package, package_version, asset, package_version_revision)
    return {
        "asset": Stream(found.body, found.size),
        "assetName": found.file.filename,
        "packageVersion": found.version.version,
        "packageVersionRevision": found.version.revision,
    }


@operation("GetPackageVersionReadme")
def get_package_version_readme(context: Context, *, package: PackageName, package_version: str) -> Result:
    """Give the long description of a version."""
    found, text = context.services.assets.readme(context.caller, package, package_version)
    return {**coordinates(found), "readme": text}


@operation("PublishPackageVersion")
def publish_package_version(
    context: Context,
    *,
    package: PackageName,
    package_version: str,
    asset_content: IncomingBlob,
    asset_name: str,
    asset_sha256: str,
    unfinished: bool = False,
) -> Result:
    """Publish an asset of a generic package."""
    asset = GenericAsset(package, package_version, asset_name, asset_sha256, unfinished)
    version, file = context.services.generic_publishing.publish(context.caller, asset, asset_content)
    return {**coordinates(version), "status": version.status, "asset": asset_summary(file)}
