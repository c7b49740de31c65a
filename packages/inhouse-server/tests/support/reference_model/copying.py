"""CopyPackageVersions (specification, section 7.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reference_model.expectations import invalid, not_found
from reference_model.permissions import check_reading
from reference_model.repositories import search_order
from reference_model.resolution import offered, public_version, visible, visited
from reference_model.state import Key, Package, Version, World, key_of, revision, same
from reference_model.versions import Failure, failure, told


def copy_package_versions(  # noqa: PLR0917
    world: World,
    domain: str,
    source_repository: str,
    destination_repository: str,
    package_format: str,
    package: str,
    namespace: str | None = None,
    versions: Sequence[str] | None = None,
    version_revisions: Mapping[str, str] | None = None,
    allow_overwrite: bool | None = None,
    include_from_upstream: bool | None = None,
) -> dict[str, object]:
    if (versions is None) == (version_revisions is None):
        raise invalid()
    check_reading(world, domain, source_repository)
    source = world.repository(domain, source_repository)
    destination = world.repository(domain, destination_repository)
    key = key_of(package_format, namespace, package)
    if include_from_upstream:
        order = search_order(world.domain(domain), source_repository)
        offers = any(offered(world, domain, source_repository, name, key) for name in order)
        known = offers or bool(visited(world, domain, source_repository, key))
    else:
        known = key in source.packages
    if not known:
        raise not_found("package", package)
    there = destination.packages.get(key, Package("", "")).versions
    failed: dict[str, Failure] = {}
    originals: dict[str, Version] = {}
    for text in versions or version_revisions or ():
        original = _original(world, domain, source_repository, key, text, upstream=bool(include_from_upstream))
        held = there.get(same(key, text))
        if original is None:
            failed[text] = failure("NOT_FOUND", f"Could not find version {text}")
        elif (version_revisions or {}).get(text) not in (None, world.texts.known.get(revision(key, original))):
            failed[text] = failure("MISMATCHED_REVISION")
        elif original.status in ("Disposed", "Unfinished"):
            failed[text] = failure("NOT_ALLOWED")
        elif held is not None and held.assets == original.assets:
            pass  # it is told in neither map
        elif held is not None and not allow_overwrite:
            failed[text] = failure("ALREADY_EXISTS", f"Version {text} already exists")
        elif held is not None and held.status == "Disposed":
            failed[text] = failure("NOT_ALLOWED")
        else:
            originals[text] = original
    if not failed:
        for original in originals.values():
            _put(destination.packages, key, original)
    done = {
        text: {"revision": revision(key, original), "status": original.status} for text, original in originals.items()
    }
    return told(list(versions or version_revisions or ()), failed, done, "Version {} was skipped")


def _original(
    world: World, domain: str, repository: str, key: Key, text: str, *, upstream: bool
) -> Version | None:
    """Return the version that is to be copied: the source's own in any status, or what it gets from upstream."""
    package = world.repository(domain, repository).packages.get(key)
    own = None if package is None else package.versions.get(same(key, text))
    if own is not None or not upstream:
        return own
    hit = visible(world, domain, repository, key, same(key, text))
    if hit is None:
        return None
    return public_version(world, hit.assets) if hit.record is None else hit.record


def _put(packages: dict[Key, Package], key: Key, original: Version) -> None:
    if key not in packages:
        packages[key] = Package("ALLOW", "BLOCK") if original.is_internal else Package("BLOCK", "ALLOW")
    packages[key].versions[same(key, original.text)] = replace(original, assets=dict(original.assets))
