"""What a repository itself holds (specification, sections 7.3 and 7.4): reading it, origin controls, deleting."""

from collections.abc import Mapping

from reference_model.expectations import ANYTHING, conflict, invalid, not_found
from reference_model.state import Key, Package, Version, World, coordinates, given, key_of, normalized, revision

SUMMARY = "Made for a test"
README = "What this is for."


def describe_package(
    world: World, *, domain: str, repository: str, package_format: str, package: str, namespace: str | None = None
) -> dict[str, object]:
    key = _key(package_format, namespace, package)
    named = coordinates(key)
    named["name"] = named.pop("package")
    return {"package": {**named, **_controls(world.package(domain, repository, key))}}


def list_packages(
    world: World,
    *,
    domain: str,
    repository: str,
    package_format: str | None = None,
    namespace: str | None = None,
    package_prefix: str = "",
    publish: str | None = None,
    upstream: str | None = None,
) -> list[object]:
    if namespace is not None and package_format in (None, "pypi"):
        raise invalid()
    packages = world.repository(domain, repository).packages
    return [
        {**coordinates(key), **_controls(package)}
        for key, package in sorted(packages.items())
        if package_format in (None, key[0])
        and key[1].startswith(namespace or "")
        and key[2].startswith(package_prefix)
        and publish in (None, package.publish)
        and upstream in (None, package.upstream)
    ]


def put_package_origin_configuration(
    world: World,
    *,
    domain: str,
    repository: str,
    package_format: str,
    package: str,
    restrictions: Mapping[str, str],
    namespace: str | None = None,
) -> dict[str, object]:
    key = normalized(_key(package_format, namespace, package))
    found = world.repository(domain, repository).packages.setdefault(key, Package("ALLOW", "ALLOW"))
    found.publish, found.upstream = restrictions["publish"], restrictions["upstream"]
    found.is_mixed = found.upstream == "ALLOW"
    return _controls(found)


def delete_package(
    world: World, *, domain: str, repository: str, package_format: str, package: str, namespace: str | None = None
) -> dict[str, object]:
    key = _key(package_format, namespace, package)
    gone = world.package(domain, repository, key)
    del world.repository(domain, repository).packages[key]
    return {"deletedPackage": {**coordinates(key), **_controls(gone)}}


def list_package_versions(
    world: World,
    *,
    domain: str,
    repository: str,
    package_format: str,
    package: str,
    namespace: str | None = None,
    status: str | None = None,
    sort_by: str | None = None,
    origin_type: str | None = None,
) -> list[object]:
    """Return the versions, the newest first; unless `sort_by` is set, any other order would do."""
    key = _key(package_format, namespace, package)
    assert sort_by in (None, "PUBLISHED_TIME")
    versions = world.package(domain, repository, key).versions.values()
    return [
        {
            "version": version.text,
            "revision": revision(key, version),
            "status": version.status,
            "origin": version.origin,
        }
        for version in sorted(versions, key=lambda each: each.published, reverse=True)
        if status in (None, version.status) and origin_type in (None, version.origin["originType"])
    ]


def default_display_version(world: World, domain: str, repository: str, key: Key) -> str | None:
    """Return the version that was published last, in whatever status."""
    versions = world.package(domain, repository, key).versions.values()
    return max(versions, key=lambda each: each.published).text if versions else None


def describe_package_version(
    world: World,
    *,
    domain: str,
    repository: str,
    package_format: str,
    package: str,
    package_version: str,
    namespace: str | None = None,
) -> dict[str, object]:
    key = _key(package_format, namespace, package)
    version = world.version(domain, repository, key, package_version)
    named = coordinates(key)
    named["packageName"] = named.pop("package")
    return {
        "packageVersion": given(
            {
                **named,
                "displayName": ANYTHING,
                "version": version.text,
                "summary": SUMMARY if key[0] == "pypi" else None,
                "publishedTime": ANYTHING,
                "licenses": [],
                "revision": revision(key, version),
                "status": version.status,
                "origin": version.origin,
            }
        )
    }


def list_package_version_assets(
    world: World,
    *,
    domain: str,
    repository: str,
    package_format: str,
    package: str,
    package_version: str,
    namespace: str | None = None,
) -> list[object]:
    key = _key(package_format, namespace, package)
    version = world.version(domain, repository, key, package_version)
    return [{"name": name, "size": world.sizes[sha256], "hashes": ANYTHING} for name, sha256 in version.assets.items()]


def list_package_version_dependencies(
    world: World,
    *,
    domain: str,
    repository: str,
    package_format: str,
    package: str,
    package_version: str,
    namespace: str | None = None,
) -> dict[str, object]:
    key = _key(package_format, namespace, package)
    version = world.version(domain, repository, key, package_version)
    return {**_named(key, version), "dependencies": []}


def get_package_version_readme(
    world: World,
    *,
    domain: str,
    repository: str,
    package_format: str,
    package: str,
    package_version: str,
    namespace: str | None = None,
) -> dict[str, object]:
    key = _key(package_format, namespace, package)
    version = world.version(domain, repository, key, package_version)
    if key[0] != "pypi":
        raise not_found("package-version", package_version)
    return {**_named(key, version), "readme": README}


def get_package_version_asset(
    world: World,
    *,
    domain: str,
    repository: str,
    package_format: str,
    package: str,
    package_version: str,
    asset: str,
    namespace: str | None = None,
    package_version_revision: str | None = None,
) -> dict[str, object]:
    """Return the answer, in which the SHA-256 of the bytes stands for them."""
    key = _key(package_format, namespace, package)
    version = world.version(domain, repository, key, package_version)
    if package_version_revision not in (None, world.texts.known.get(revision(key, version))):
        raise conflict("package-version", version.text)
    if asset not in version.assets or not version.is_open:
        raise not_found("asset", asset)
    return {
        "asset": version.assets[asset],
        "assetName": asset,
        "packageVersion": version.text,
        "packageVersionRevision": revision(key, version),
    }


def _key(package_format: str, namespace: str | None, package: str) -> Key:
    if package_format == "pypi" and namespace is not None:
        raise invalid()
    return key_of(package_format, namespace, package)


def _named(key: Key, version: Version) -> dict[str, object]:
    return {**coordinates(key), "version": version.text, "versionRevision": revision(key, version)}


def _controls(package: Package) -> dict[str, object]:
    return {"originConfiguration": {"restrictions": {"publish": package.publish, "upstream": package.upstream}}}
