"""Changing several versions at once: all of them, or none (specification, sections 7.5 and 8)."""

from collections.abc import Mapping, Sequence
from typing import Any

from reference_model.expectations import ANYTHING, invalid
from reference_model.state import Version, World, key_of, revision, same

Failure = dict[str, object]


def update_package_versions_status(
    world: World,
    *,
    target_status: str,
    versions: Sequence[str],
    **parameters: Any,  # noqa: ANN401 - those of `_change`
) -> dict[str, object]:
    if target_status not in ("Published", "Unlisted", "Archived"):
        raise invalid()
    return _change(world, target_status, versions, **parameters)


def dispose_package_versions(world: World, *, versions: Sequence[str], **parameters: Any) -> dict[str, object]:  # noqa: ANN401 - as above
    return _change(world, "Disposed", versions, **parameters)


def delete_package_versions(world: World, *, versions: Sequence[str], **parameters: Any) -> dict[str, object]:  # noqa: ANN401 - as above
    return _change(world, "Deleted", versions, **parameters)


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


def _change(
    world: World,
    status: str,
    versions: Sequence[str],
    *,
    domain: str,
    repository: str,
    package_format: str,
    package: str,
    namespace: str | None = None,
    version_revisions: Mapping[str, str] | None = None,
    expected_status: str | None = None,
) -> dict[str, object]:
    if version_revisions is not None and version_revisions.keys() != set(versions):
        raise invalid()
    key = key_of(package_format, namespace, package)
    held = world.package(domain, repository, key).versions
    failed: dict[str, Failure] = {}
    done: dict[str, object] = {}
    for text in versions:
        version = held.get(same(key, text))
        if version is None:
            failed[text] = failure("NOT_FOUND", f"Could not find version {text}")
        elif (version_revisions or {}).get(text) not in (None, world.texts.known.get(revision(key, version))):
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
