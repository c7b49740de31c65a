"""Reads METADATA out of a wheel.

Source: packaging.python.org, "Binary distribution format".
"""

import zipfile
from pathlib import Path

from packaging.utils import InvalidWheelFilename, canonicalize_name, canonicalize_version, parse_wheel_filename

from inhouse_server.archives.damage import telling_damage
from inhouse_server.archives.zips import check_all_members, open_zip, read_member
from inhouse_server.errors import InvalidDistributionError

_SUFFIX = ".dist-info"
_HINT = "Build the wheel again, look into it with `python -m zipfile -l`, and upload it unchanged."


def read_wheel_metadata(path: Path, filename: str, *, whole: bool = False) -> bytes:
    """Return the bytes of a wheel's METADATA.

    Args:
        path: Where the bytes are.
        filename: The wheel's name.
        whole: Whether every member is read, and none may be damaged or there twice.

    Raises:
        InvalidDistributionError: Not a ZIP archive, or without the one `.dist-info` folder that belongs to `filename`.
    """
    with (
        telling_damage(f"{filename} is not a wheel: it cannot be read as a ZIP archive", _HINT),
        open_zip(path, filename) as archive,
    ):
        folder = _dist_info(archive, filename)
        names = set(archive.namelist())
        for required in ("WHEEL", "METADATA"):
            if f"{folder}/{required}" not in names:
                raise InvalidDistributionError(f"{filename} is not a wheel: it has no {folder}/{required}.", hint=_HINT)
        if whole:
            check_all_members(archive, filename)
        return read_member(archive, archive.getinfo(f"{folder}/METADATA"), filename)


def _dist_info(archive: zipfile.ZipFile, filename: str) -> str:
    folders = {name.partition("/")[0] for name in archive.namelist() if "/" in name}
    found = sorted(folder for folder in folders if folder.endswith(_SUFFIX))
    if len(found) != 1:
        raise InvalidDistributionError(
            f"{filename} is not a wheel: it must have exactly one {_SUFFIX} folder, and has {len(found)}.", hint=_HINT
        )
    name, _, version = found[0].removesuffix(_SUFFIX).partition("-")
    try:
        expected_name, expected_version, _, _ = parse_wheel_filename(filename)
    except InvalidWheelFilename as error:
        raise InvalidDistributionError(str(error), hint=_HINT) from error
    if (canonicalize_name(name), canonicalize_version(version)) != (
        expected_name,
        canonicalize_version(expected_version),
    ):
        raise InvalidDistributionError(
            f"{filename} contains {found[0]}, which is another project or version.", hint=_HINT
        )
    return found[0]
