"""Reads PKG-INFO out of a source distribution.

Source: packaging.python.org, "Source distribution format". Projects from before that page have `.zip` files too.
"""

from dataclasses import dataclass
from pathlib import Path

from packaging.utils import InvalidSdistFilename, canonicalize_name, parse_sdist_filename
from packaging.version import InvalidVersion, Version

from inhouse_server.archives.damage import telling_damage
from inhouse_server.archives.limits import MAXIMUM_METADATA_BYTES
from inhouse_server.archives.tars import TarMembers
from inhouse_server.archives.zips import check_all_members, open_zip, read_member
from inhouse_server.errors import InvalidDistributionError

_HINT = "Build the source distribution again and upload it unchanged."


def read_sdist_metadata(path: Path, filename: str, *, whole: bool = False) -> bytes:
    """Return the bytes of `<folder>/PKG-INFO`.

    Args:
        path: Where the bytes are.
        filename: The source distribution's name.
        whole: Whether the archive is read to its end, may not be damaged anywhere, and must have everything in the one
            folder that `filename` says.

    Raises:
        InvalidDistributionError: Not the archive that the name's ending says, or without a PKG-INFO.
    """
    with telling_damage(f"{filename} is not a source distribution: it cannot be unpacked", _HINT):
        read = _from_zip if filename.endswith(".zip") else _from_tar
        found = read(path, filename, _Folder.of(filename) if whole else None)
    if found is None:
        raise InvalidDistributionError(
            f"{filename} is not a source distribution: its top folder has no PKG-INFO of at most "
            f"{MAXIMUM_METADATA_BYTES} bytes.",
            hint=_HINT,
        )
    return found


@dataclass(frozen=True, slots=True)
class _Folder:
    """The top folder that everything in a source distribution must be in."""

    filename: str
    project: str
    version: Version

    @classmethod
    def of(cls, filename: str) -> "_Folder":
        try:
            project, version = parse_sdist_filename(filename)
        except InvalidSdistFilename as error:
            raise InvalidDistributionError(str(error), hint=_HINT) from error
        return cls(filename, project, version)

    def check(self, member: str) -> None:
        path = member.removeprefix("./")
        if path in {"", "."}:  # the folder that was packed, as some tars have it
            return
        name, _, version = path.partition("/")[0].rpartition("-")
        try:
            agrees = canonicalize_name(name) == self.project and Version(version) == self.version
        except InvalidVersion:
            agrees = False
        if not agrees:
            raise InvalidDistributionError(
                f"{self.filename} contains {member[:200]!r}, which is not in the folder of this project and version.",
                hint=_HINT,
            )


def _from_tar(path: Path, filename: str, folder: _Folder | None) -> bytes | None:
    found: bytes | None = None
    with TarMembers(path, filename) as archive:
        for member in archive:
            if folder is not None:
                folder.check(member.name)
            if _is_metadata(member.name, member.size):
                if found is not None:
                    raise InvalidDistributionError(
                        f"{filename} has more than one PKG-INFO in its top folder.", hint=_HINT
                    )
                if not member.isfile():
                    return None
                found = archive.read(member)
                if folder is None:
                    return found
        if folder is not None:
            archive.check_end()
    return found


def _from_zip(path: Path, filename: str, folder: _Folder | None) -> bytes | None:
    with open_zip(path, filename) as archive:
        if folder is not None:
            for name in archive.namelist():
                folder.check(name)
            check_all_members(archive, filename)
        return next(
            (
                read_member(archive, member, filename)
                for member in archive.infolist()
                if _is_metadata(member.filename, member.file_size)
            ),
            None,
        )


def _is_metadata(name: str, size: int) -> bool:
    folder, _, rest = name.removeprefix("./").partition("/")
    return bool(folder) and rest == "PKG-INFO" and size <= MAXIMUM_METADATA_BYTES
