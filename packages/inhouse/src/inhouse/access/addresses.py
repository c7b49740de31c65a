"""Addresses with a user name and a password in them: taken apart, put together, hidden."""

import re
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

from inhouse.process import MASK

_USER_INFORMATION: Final = re.compile(
    r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*://)(?P<user>[^/\s:@]*):(?P<password>[^/\s@]+)@"
)


class Address(NamedTuple):
    """An address, taken apart.

    Attributes:
        url: Without credentials.
        username: As it stands in the address, `%` escapes included; "" for none.
        password: Likewise.
    """

    url: str
    username: str
    password: str


def parse_address(text: str) -> Address:
    """Take an address apart; what is none is returned as it is."""
    try:
        parts = urlsplit(text)
        information, at, place = parts.netloc.rpartition("@")
    except ValueError:
        return Address(text, "", "")
    if not at:
        return Address(text, "", "")
    username, _, password = information.partition(":")
    return Address(urlunsplit(parts._replace(netloc=place)), username, password)


def without_credentials(text: str) -> str:
    """Return an address without user name and password."""
    return parse_address(text).url


def with_credentials(url: str, username: str, password: str) -> str:
    """Return an address with a user name and a password in it, escaped as RFC 3986 has it."""
    parts = urlsplit(url)
    information = f"{quote(username, safe='')}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{information}@{parts.netloc}"))


def host(url: str) -> str:
    """Return the host of an address, without its port; "" if it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def hidden(text: str) -> str:
    """Return a text with the password of every address in it masked."""
    return _USER_INFORMATION.sub(rf"\g<scheme>\g<user>:{MASK}@", text)
