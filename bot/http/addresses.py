"""From whom a request comes, as far as that is known.

A connection shows the address of whoever opened it, which is the reverse proxy's where there is
one. Only a proxy that the settings name is believed about whom it speaks for: anybody can write
`X-Forwarded-For`. What comes from this machine without a word about it may be anybody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
# Longer lists are cut from the left: the proxies' own entries are on the right.
HOPS_MAX = 20
# One customer of an IPv6 provider has at least so many bits of addresses to choose from.
IPV6_PREFIX = 64


class Addresses:
    """Tells addresses apart, with the networks of the proxies that are believed."""

    def __init__(self, proxies: Sequence[Network] = ()) -> None:
        self._proxies = tuple(proxies)

    def of_peer(self, host: str) -> str | None:
        """Return the address that a connection is held against; None where it is not known."""
        found = _read(host)
        if found is None or found.is_loopback or self._is_proxy(found):
            return None
        return _shown(found)

    def of_request(self, host: str, forwarded: Sequence[str]) -> str | None:
        """Return the same for a request with these `X-Forwarded-For` headers.

        That is the last entry that is none of the proxies': whatever stands before it was written
        by whoever sent the request.
        """
        found = _read(host)
        if found is None or not self._is_proxy(found):
            return self.of_peer(host)
        hops = ",".join(forwarded)[-HOPS_MAX * 50 :].split(",")[-HOPS_MAX:]
        for hop in reversed(hops):
            client = _read(hop.strip())
            if client is None:
                return None
            if not self._is_proxy(client):
                return _shown(client)
        return None

    def _is_proxy(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._proxies)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    # The same address, as a socket for both families shows it.
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def _shown(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((address, IPV6_PREFIX), strict=False))
