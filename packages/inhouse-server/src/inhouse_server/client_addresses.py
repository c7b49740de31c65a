"""The address that a request comes from, as policies and other rules compare it."""

import ipaddress


def client_address(host: str) -> str:
    """Return a client's address; one of IPv4 that reached a socket of IPv6 is one of IPv4 (RFC 4291, 2.5.5.2)."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)
