"""Makes the public source that a setting names."""

from pathlib import Path

from pypi_simple import PYPI_SIMPLE_ENDPOINT

from inhouse_server.errors import SettingError
from inhouse_server.remotes.interface import Remote
from inhouse_server.remotes.simple_index import SimpleIndex
from inhouse_server.remotes.wheelhouse import Wheelhouse


def create_remote(address: str | None) -> Remote:
    """Return the source behind `public:pypi`.

    Args:
        address: The URL of a simple index, or the path of a folder of wheels and source distributions; None for PyPI.

    Raises:
        SettingError: Neither a URL nor a folder.
    """
    if address is None:
        return SimpleIndex(PYPI_SIMPLE_ENDPOINT)
    if address.startswith(("http://", "https://")):
        return SimpleIndex(address)
    folder = Path(address).expanduser()
    if not folder.is_dir():
        raise SettingError(
            f"The public source {address!r} is neither an http(s) URL nor a folder.",
            hint="Give the URL of a simple index, ending in /simple/, or a folder of wheels, with --public-pypi.",
        )
    return Wheelhouse(folder)
