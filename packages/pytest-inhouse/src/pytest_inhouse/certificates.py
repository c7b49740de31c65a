"""Certificates for names that are not ours, by an authority that only the tests trust, and that dies with them.

trustme makes them (1.2.1 of January 2025, from the people of Trio; it needs nothing but cryptography and idna): with
key identifiers, names and key usages as Python 3.13 insists on by default.
"""

import ssl
from pathlib import Path
from typing import Final

import trustme

_PROTOCOLS: Final = ("http/1.1",)
"""What is spoken behind the front; clients that offer HTTP/2 are told so."""


class Certificates:
    """One authority, and a certificate for each name that is asked for."""

    def __init__(self) -> None:
        self._authority = trustme.CA()
        self._contexts: dict[str, ssl.SSLContext] = {}

    def write_authority(self, path: Path) -> None:
        """Write the certificate to trust, in PEM."""
        self._authority.cert_pem.write_to_path(str(path))

    def context(self, host: str) -> ssl.SSLContext:
        """Return what serves TLS under a name."""
        context = self._contexts.get(host)
        if context is None:
            context = self._contexts[host] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.set_alpn_protocols(list(_PROTOCOLS))
            self._authority.issue_cert(host).configure_cert(context)
        return context
