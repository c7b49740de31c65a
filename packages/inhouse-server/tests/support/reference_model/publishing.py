"""Publishing: the upload of section 9.6 and PublishPackageVersion of section 7.4."""

from dataclasses import dataclass

from reference_model.expectations import ANYTHING, Refusal, conflict, invalid
from reference_model.permissions import DENIES_PUBLISHING, denies
from reference_model.resolution import is_taken_upstream, publish_ok
from reference_model.state import Key, Package, Repository, Version, World, coordinates, key_of, revision, same


@dataclass(frozen=True)
class Asset:
    """What is published."""

    version: str
    name: str
    sha256: str


def upload(world: World, domain: str, repository: str, project: str, asset: Asset) -> None:
    """Publish a file, or raise the refusal, whose code is the status."""
    if domain not in world.domains or repository not in world.domains[domain].repositories:
        raise Refusal("404")
    key = ("pypi", "", project)
    if denies(world.repository(domain, repository), DENIES_PUBLISHING) or not publish_ok(
        world, domain, repository, key
    ):
        raise Refusal("403")
    package = world.repository(domain, repository).packages.get(key)
    held = None if package is None else package.versions.get(same(key, asset.version))
    if held is not None and not held.is_open:
        raise Refusal("409")
    if held is not None and held.assets.get(asset.name) == asset.sha256:
        return
    if is_taken_upstream(world, domain, repository, key, same(key, asset.version)):
        raise Refusal("409")
    if held is not None and asset.name in held.assets:
        raise Refusal("409")
    _add(world, world.repository(domain, repository), repository, key, asset)


def publish_package_version(
    world: World,
    *,
    domain: str,
    repository: str,
    package_format: str,
    package: str,
    package_version: str,
    asset_name: str,
    asset_sha256: str,
    asset_content: bytes,
    namespace: str | None = None,
    unfinished: bool | None = None,
) -> dict[str, object]:
    found = world.domains[domain].repositories.get(repository) if domain in world.domains else None
    if found is not None and denies(found, DENIES_PUBLISHING):
        raise Refusal("AccessDeniedException")
    if package_format != "generic":
        raise invalid()
    found = world.repository(domain, repository)
    key = key_of(package_format, namespace, package)
    if not publish_ok(world, domain, repository, key):
        raise Refusal("AccessDeniedException")
    held = _held(world, domain, repository, key, package_version)
    if held is not None and held.status != "Unfinished":
        raise conflict("package-version", package_version)
    if held is not None and held.assets.get(asset_name, asset_sha256) != asset_sha256:
        raise conflict("asset", asset_name)
    if held is None and is_taken_upstream(world, domain, repository, key, package_version):
        raise conflict("package-version", package_version)
    version = _add(world, found, repository, key, Asset(package_version, asset_name, asset_sha256))
    version.status = "Unfinished" if unfinished else "Published"
    return {
        **coordinates(key),
        "version": package_version,
        "versionRevision": revision(key, version),
        "status": version.status,
        "asset": {"name": asset_name, "size": len(asset_content), "hashes": ANYTHING},
    }


def _held(world: World, domain: str, repository: str, key: Key, version: str) -> Version | None:
    package = world.repository(domain, repository).packages.get(key)
    return None if package is None else package.versions.get(same(key, version))


def _add(world: World, repository: Repository, name: str, key: Key, asset: Asset) -> Version:
    origin: dict[str, object] = {"domainEntryPoint": {"repositoryName": name}, "originType": "INTERNAL"}
    package = repository.packages.setdefault(key, Package("ALLOW", "BLOCK"))
    new = Version(asset.version, "Published", origin, {}, world.tick())
    added = package.versions.setdefault(same(key, asset.version), new)
    added.assets = {**added.assets, asset.name: asset.sha256}
    return added
