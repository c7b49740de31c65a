"""inhouse's own wheels, as a company would put them into its repository.

A distribution that is installed from a wheel is packed into one again, file by file as its RECORD lists them; one that
is installed from a checkout ("editable") is built from there. Neither asks a public index for a package called inhouse:
whatever a stranger has put there is not this program.
"""

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit
from urllib.request import url2pathname

from packaging.utils import canonicalize_name

from inhouse.errors import ExtensionError

NAMES = ("inhouse", "inhouse-server", "inhouse-keyring", "pytest-inhouse")
_REQUIRED = frozenset({"inhouse", "inhouse-keyring", "inhouse-server"})
_NOT_OF_THE_WHEEL = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json"})


def installed() -> list[Distribution]:
    """Return inhouse's distributions in this environment.

    Raises:
        ExtensionError: The client, what it needs of ours, or the server is not installed.
    """
    found = []
    for name in NAMES:
        try:
            found.append(Distribution.from_name(name))
        except PackageNotFoundError as error:
            if name in _REQUIRED:
                raise ExtensionError(
                    f"the demo needs `{name}`, which is not installed",
                    hint='install all parts: pip install "inhouse[server]"',
                ) from error
    return found


def source_folder(distribution: Distribution) -> Path | None:
    """Return the folder an editable distribution is installed from; None for one installed from a wheel."""
    direct_url = distribution.read_text("direct_url.json")
    if direct_url is None:
        return None
    recorded = json.loads(direct_url)
    if not recorded.get("dir_info", {}).get("editable"):
        return None
    return Path(url2pathname(urlsplit(recorded["url"]).path))


def repack(distribution: Distribution, folder: Path) -> Path:
    """Pack an installed distribution into a wheel in `folder`, and return it.

    The bytes differ from the original wheel's (times, compression); the files are the same.

    Raises:
        ExtensionError: The installation has no list of its files.
    """
    files = [file for file in distribution.files or () if _belongs(file)]
    if not files:
        raise ExtensionError(
            f"`{distribution.name}` was installed without a list of its files, so it cannot be packed",
            hint="install it with pip or uv, or name folders of wheels with --wheels",
        )
    tags = [
        line.removeprefix("Tag: ") for line in (distribution.read_text("WHEEL") or "").splitlines() if "Tag: " in line
    ]
    name = canonicalize_name(distribution.name).replace("-", "_")
    wheel = folder / f"{name}-{distribution.version}-{tags[0] if tags else 'py3-none-any'}.whl"
    contents = {file.as_posix(): Path(str(distribution.locate_file(file))).read_bytes() for file in sorted(files)}
    record_name = f"{name}-{distribution.version}.dist-info/RECORD"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in contents.items():
            archive.writestr(path, content)
        archive.writestr(record_name, record(contents.items(), record_name))
    return wheel


def record(contents: Iterable[tuple[str, bytes]], record_name: str) -> str:
    """Return the text of a wheel's RECORD.

    Source: the binary distribution format, "The .dist-info directory"; digests are urlsafe base64 without padding.
    """
    lines = []
    for path, content in contents:
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode("ascii")
        lines.append(f"{path},sha256={digest},{len(content)}")
    return "\n".join([*lines, f"{record_name},,", ""])


def _belongs(file: PurePosixPath) -> bool:
    if file.parts[0] == ".." or file.suffix == ".pyc":  # scripts and byte code are made anew at each installation
        return False
    return not (file.parent.name.endswith(".dist-info") and file.name in _NOT_OF_THE_WHEEL)
