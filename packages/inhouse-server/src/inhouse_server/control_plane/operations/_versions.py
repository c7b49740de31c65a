"""Versions and their assets as answers have them."""

from inhouse_server.model import File, PackageVersion

_HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-512": "sha512"}


def coordinates(version: PackageVersion) -> dict[str, object]:
    """Return which version an answer speaks of."""
    return {
        "format": version.package.format,
        "namespace": version.package.namespace,
        "package": version.package.name,
        "version": version.version,
        "versionRevision": version.revision,
    }


def asset_summary(file: File) -> dict[str, object]:
    """Return an asset's name, size and digests, as far as they are known."""
    digests = {name: getattr(file.digests, attribute) for name, attribute in _HASHES.items()}
    return {
        "name": file.filename,
        "size": file.size,
        "hashes": {name: digest for name, digest in digests.items() if digest is not None},
    }
