"""The one place where a file that a public source lists is believed or not.

What is left out: files that cannot be checked or placed, and those that say of themselves what cannot be.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from packaging.utils import NormalizedName
from pypi_simple import DistributionPackage

from inhouse_server import compat
from inhouse_server.model import Digests, File, Sha256
from inhouse_server.remotes.filenames import version_of

_SHA256_DIGITS: Final = 64
_MD5_DIGITS: Final = 32
_HEXADECIMAL: Final = frozenset("0123456789abcdef")
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MAXIMUM_TEXT: Final = 10_000
"""Characters of what a source may say of a file in words."""


def believed(packages: Iterable[DistributionPackage], project: NormalizedName) -> Iterator[File]:
    """Yield the files to offer; of several with one name, the first."""
    seen: set[str] = set()
    for package in packages:
        file = _believed(package, project)
        if file is not None and file.filename not in seen:
            seen.add(file.filename)
            yield file


def _believed(package: DistributionPackage, project: NormalizedName) -> File | None:
    version = version_of(package.filename, project)
    sha256 = _digest(package.digests.get("sha256", ""), _SHA256_DIGITS)
    if version is None or sha256 is None:
        return None
    if package.size is not None and not 0 <= package.size <= compat.MAXIMUM_ASSET_BYTES:
        return None
    try:
        uploaded = None if package.upload_time is None else _in_utc(package.upload_time)
    except ValueError:
        return None
    if not all(map(_is_text, (package.requires_python, package.yanked_reason, package.url))):
        return None
    metadata = _digest((package.metadata_digests or {}).get("sha256", ""), _SHA256_DIGITS)
    return File(
        filename=package.filename,
        version=version,
        digests=Digests(Sha256(sha256), md5=_digest(package.digests.get("md5", ""), _MD5_DIGITS)),
        size=package.size,
        requires_python=package.requires_python or None,
        upload_time=uploaded,
        yanked=(package.yanked_reason or True) if package.is_yanked else False,
        metadata_sha256=None if metadata is None else Sha256(metadata),
        url=package.url,
    )


def _in_utc(time: datetime) -> datetime:
    """Return a time in UTC; one without a timezone is in UTC already.

    Raises:
        ValueError: It lies outside of what can be.
    """
    try:
        instant = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError as error:  # before year 1, or after year 9999
        raise ValueError(str(error)) from error
    if instant < _EARLIEST:
        raise ValueError(f"{instant.isoformat()} is before there were packages")
    return instant


def _is_text(text: str | None) -> bool:
    """Return whether a text is of a length to keep, and can be sent: lone surrogates cannot."""
    if text is None:
        return True
    return len(text) <= _MAXIMUM_TEXT and not any("\ud800" <= character <= "\udfff" for character in text)


def _digest(text: str, digits: int) -> str | None:
    digest = text.lower()
    return digest if len(digest) == digits and _HEXADECIMAL.issuperset(digest) else None
