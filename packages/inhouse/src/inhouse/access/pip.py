"""pip's configuration: one index for all its commands, and the keyring program for its credentials."""

from collections.abc import Iterator
from typing import Final

from inhouse.access.addresses import parse_address
from inhouse.access.ini import Ini, values, with_option, without_options
from inhouse.access.interface import Mention, Reading, Role
from inhouse.project.manifest import Index
from inhouse.tools.locations import Tool

_INDEX: Final = ("index-url", "pypi-url")
_BESIDE: Final = ("extra-index-url", "find-links", "no-index")
_SETTINGS: Final = ("keyring-provider", "no-index", "trusted-host", "no-input")


class PipConfiguration:
    """`pip.conf`, or `pip.ini` on Windows; `ToolFile` says what its methods promise.

    The section `[global]` counts for all commands, `[install]` and the like for one, where it wins: an index in any of
    them counts. The keyring is asked only when it is named: pip's own choice is not to ask it without a terminal.
    """

    tool = Tool.PIP
    format = Ini()
    holds_secrets = False

    def configured(self, text: str, index: Index, token: str = "") -> str:
        """Return the text with our repository as the one index."""
        _ = token
        text = without_options(text, lambda section, option: _is_in_the_way(section, _name(option), option))
        text = with_option(text, "global", "index-url", index.url)
        return with_option(text, "global", "keyring-provider", "subprocess")

    def read(self, text: str) -> Reading:
        """Return the indexes of all sections."""
        said = values(text)
        settings = {
            f"{section}.{_name(option)}": value
            for section, options in said.items()
            for option, value in options.items()
            if _name(option) in _SETTINGS
        }
        return Reading(tuple(_mentions(said)), settings)


def _mentions(said: dict[str, dict[str, str]]) -> Iterator[Mention]:
    roles = {**dict.fromkeys(_INDEX, Role.INDEX), "extra-index-url": Role.EXTRA, "find-links": Role.LINKS}
    for section, options in said.items():
        for option, value in options.items():
            role = roles.get(_name(option))
            for word in value.split() if role else ():
                address = parse_address(word)
                key = f"[{section}] {option}"
                yield Mention(key, role or Role.INDEX, "", address.url, address.username, address.password)


def _is_in_the_way(section: str, name: str, option: str) -> bool:
    if name in _BESIDE:
        return True
    if name in {*_INDEX, "keyring-provider"}:
        return (section, option) not in {("global", "index-url"), ("global", "keyring-provider")}
    return False


def _name(option: str) -> str:
    """Return an option as pip knows it. Source: `pip._internal.configuration._normalize_name`."""
    return option.replace("_", "-").removeprefix("--")
