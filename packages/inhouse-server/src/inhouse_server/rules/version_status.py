"""What the status of a version means for those who read and publish.

Source: CodeArtifact user guide, "Package version status".
"""

from inhouse_server.model import VersionStatus


def is_listed(status: VersionStatus) -> bool:
    """Return whether project pages show the version."""
    return status is VersionStatus.PUBLISHED


def is_downloadable(status: VersionStatus) -> bool:
    """Return whether the version's files can be fetched: also when unlisted, so that lock files keep working."""
    return status in {VersionStatus.PUBLISHED, VersionStatus.UNLISTED}


def accepts_files(status: VersionStatus) -> bool:
    """Return whether files can be added to the version, by publishing or from further upstream."""
    return is_downloadable(status)


def may_be_set(status: VersionStatus) -> bool:
    """Return whether the version can be given another status: what was disposed of has no files to publish again."""
    return status is not VersionStatus.DISPOSED


def may_be_disposed(status: VersionStatus) -> bool:
    """Return whether the version's files can be deleted; once they are, there is nothing left to dispose of."""
    return status is not VersionStatus.DISPOSED


def may_be_copied(status: VersionStatus) -> bool:
    """Return whether the version can be copied: not without its files, and not before they are complete."""
    return status not in {VersionStatus.DISPOSED, VersionStatus.UNFINISHED}
