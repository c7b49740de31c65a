"""Changing several versions at once: all of them, or none (specification, sections 7.5 and 8)."""

from collections.abc import Callable, Mapping, Sequence

from reference_model.expectations import ANYTHING, invalid
from reference_model.state import Key, Version, World, key_of, revision, same

Failure = dict[str, object]


def update_package_versions_status(  # noqa: PLR0917
    world: World,
    domain: str,
    repository: str,
    package_format: str,
    package: str,
    versions: Sequence[str],
    target_status: str,
    namespace: str | None = None,
    version_revisions: Mapping[str, str] | None = None,
    expected_status: str | None = None,
) -> dict[str, object]:
    if target_status not in ("Published", "Unlisted", "Archived"):
        raise invalid()
    key = key_of(package_format, namespace, package)
    return _change(world, domain, repository, key, versions, version_revisions, expected_status, target_status)


def dispose_package_versions(  # noqa: PLR0917
    world: World,
    domain: str,
    repository: str,
    package_format: str,
    package: str,
    versions: Sequence[str],
    namespace: str | None = None,
    version_revisions: Mapping[str, str] | None = None,
    expected_status: str | None = None,
) -> dict[str, object]:
    key = key_of(package_format, namespace, package)
    return _change(world, domain, repository, key, versions, version_revisions, expected_status, "Disposed")


def delete_package_versions(  # noqa: PLR0917
    world: World,
    domain: str,
    repository: str,
    package_format: str,
    package: str,
    versions: Sequence[str],
    namespace: str | None = None,
    expected_status: str | None = None,
) -> dict[str, object]:
    key = key_of(package_format, namespace, package)
    return _change(world, domain, repository, key, versions, None, expected_status, "Deleted")


def failure(code: str, message: object = ANYTHING) -> Failure:
    return {"errorCode": code, "errorMessage": message}


def told(
    versions: Sequence[str], failed: Mapping[str, Failure], done: Mapping[str, object], skipped: str
) -> dict[str, object]:
    """Return an answer; where one version fails, every other one is skipped."""
    if not failed:
        return {"successfulVersions": dict(done), "failedVersions": {}}
    others = {version: failure("SKIPPED", skipped.format(version)) for version in versions}
    return {"successfulVersions": {}, "failedVersions": {**others, **failed}}


def _change(  # noqa: PLR0917
    world: World,
    domain: str,
    repository: str,
    key: Key,
    versions: Sequence[str],
    revisions: Mapping[str, str] | None,
    expected_status: str | None,
    status: str,
) -> dict[str, object]:
    if revisions is not None and revisions.keys() != set(versions):
        raise invalid()
    held = world.package(domain, repository, key).versions
    failed: dict[str, Failure] = {}
    done: dict[str, object] = {}
    for text in versions:
        version = held.get(same(key, text))
        if version is None:
            failed[text] = failure("NOT_FOUND", f"Could not find version {text}")
        elif (revisions or {}).get(text) not in (None, world.texts.known.get(revision(key, version))):
            failed[text] = failure("MISMATCHED_REVISION")
        elif expected_status not in (None, version.status):
            message = f"current status: {version.status}, expected status: {expected_status}"
            failed[text] = failure("MISMATCHED_STATUS", message)
        elif version.status == "Disposed" and status != "Deleted":
            failed[text] = failure("NOT_ALLOWED")
        else:
            done[text] = {"revision": revision(key, version), "status": status}
    if not failed:
        for text in versions:
            _set_status(held, same(key, text), status)
    return told(versions, failed, done, "version {} is skipped")


def _set_status(held: dict[str, Version], version: str, status: str) -> None:
    if status == "Deleted":
        del held[version]
        return
    held[version].status = status
    if status == "Disposed":
        held[version].disposed_of, held[version].assets = held[version].assets, {}
