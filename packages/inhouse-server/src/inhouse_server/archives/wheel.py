"""Reads METADATA out of a wheel.

Source: packaging.python.org, "Binary distribution format".
"""

import zipfile
import zlib
from pathlib import Path

from packaging.utils import InvalidWheelFilename, canonicalize_name, canonicalize_version, parse_wheel_filename

from inhouse_server.archives.limits import MAXIMUM_METADATA_BYTES
from inhouse_server.errors import InvalidDistributionError

_SUFFIX = ".dist-info"
_HINT = "Build the wheel again, look into it with `python -m zipfile -l`, and upload it unchanged."


def read_wheel_metadata(path: Path, filename: str) -> bytes:
    """Return the bytes of a wheel's METADATA.

    Raises:
        InvalidDistributionError: Not a ZIP archive, or without the one `.dist-info` folder that belongs to `filename`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            folder = _dist_info(archive, filename)
            if f"{folder}/WHEEL" not in archive.namelist():
                raise InvalidDistributionError(f"{filename} is not a wheel: it has no {folder}/WHEEL.", hint=_HINT)
            member = archive.getinfo(f"{folder}/METADATA")
            if member.file_size > MAXIMUM_METADATA_BYTES:
                raise InvalidDistributionError(
                    f"{filename} has a METADATA of {member.file_size} bytes, more than {MAXIMUM_METADATA_BYTES}.",
                    hint="Shorten the project's description.",
                )
            return archive.read(member)
    except KeyError as error:
        raise InvalidDistributionError(f"{filename} is not a wheel: it has no METADATA.", hint=_HINT) from error
    # NotImplementedError: a compression method unknown here. RuntimeError: an encrypted member.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise InvalidDistributionError(
            f"{filename} is not a wheel: it cannot be read as a ZIP archive ({error}).", hint=_HINT
        ) from error


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
