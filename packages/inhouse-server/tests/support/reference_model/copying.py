"""CopyPackageVersions (specification, section 7.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reference_model.expectations import invalid, not_found
from reference_model.permissions import check_reading
from reference_model.repositories import search_order
from reference_model.resolution import offered, public_version, visible, visited
from reference_model.state import Key, Package, Version, World, key_of, revision, same
from reference_model.versions import Failure, failure, told


def copy_package_versions(
    world: World,
    *,
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
    upstream = bool(include_from_upstream)
    if key not in source.packages and not (upstream and _is_upstream(world, domain, source_repository, key)):
        raise not_found("package", package)
    there = destination.packages.get(key, Package("", "")).versions
    failed: dict[str, Failure] = {}
    originals: dict[str, Version] = {}
    wanted = version_revisions or dict.fromkeys(versions or ())
    for text, expected in wanted.items():
        original = _original(world, domain, source_repository, key, text, upstream=upstream)
        if original is None:
            failed[text] = failure("NOT_FOUND", f"Could not find version {text}")
            continue
        current = world.texts.known.get(revision(key, original))
        held = there.get(same(key, text))
        problem = _problem(text, original, held, is_right=expected in (None, current), overwrite=bool(allow_overwrite))
        if problem is not None:
            failed[text] = problem
        elif held is None or held.assets != original.assets:  # what is there already is told in neither map
            originals[text] = original
    if not failed:
        for original in originals.values():
            _put(destination.packages, key, original)
    done = {text: {"revision": revision(key, each), "status": each.status} for text, each in originals.items()}
    return told(list(wanted), failed, done, "Version {} was skipped")


def _problem(text: str, original: Version, held: Version | None, *, is_right: bool, overwrite: bool) -> Failure | None:
    """Return why a version cannot be copied; `held` is what the destination has of it."""
    if not is_right:
        return failure("MISMATCHED_REVISION")
    if original.status in ("Disposed", "Unfinished"):
        return failure("NOT_ALLOWED")
    if held is None or held.assets == original.assets:
        return None
    if not overwrite:
        return failure("ALREADY_EXISTS", f"Version {text} already exists")
    return failure("NOT_ALLOWED") if held.status == "Disposed" else None


def _is_upstream(world: World, domain: str, repository: str, key: Key) -> bool:
    order = search_order(world.domain(domain), repository)
    offers = any(offered(world, domain, repository, name, key) for name in order)
    return offers or bool(visited(world, domain, repository, key))


def _original(world: World, domain: str, repository: str, key: Key, text: str, *, upstream: bool) -> Version | None:
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
        packages[key] = Package("ALLOW", "BLOCK") if original.is_internal else Package("BLOCK", "ALLOW", is_mixed=True)
    packages[key].versions[same(key, original.text)] = replace(original, assets=dict(original.assets))
