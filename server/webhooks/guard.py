"""Which addresses webhooks may reach: a webhook must be no way into the network that we run in."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, TypeAlias

from tornado.netutil import Resolver

from actors.errors import BatonError

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

# IANA's special-purpose registries, and multicast. Python's own `is_global` differs between its versions.
_PRIVATE_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# All that is handed out to anybody lies in here; loopback, link-local, unique local and NAT64 do not.
_GLOBAL_6 = IPv6Network("2000::/3")
_PRIVATE_6 = tuple(IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
_LOOKUPS_AT_ONCE = 8


class RefusedAddressError(BatonError):
    """A webhook's address leads where webhooks may not go."""


class UnknownHostError(BatonError):
    """A webhook's host has no address just now."""


def is_private(address: Address) -> bool:
    """Whether an address is of no use to outsiders: private, loopback, link-local, shared, multicast."""
    if isinstance(address, IPv4Address):
        return any(address in network for network in _PRIVATE_4)
    if address.ipv4_mapped is not None:
        return is_private(address.ipv4_mapped)
    return address not in _GLOBAL_6 or any(address in network for network in _PRIVATE_6)


class WebhookGuard:
    """Checks addresses.

    Args:
        allowed: networks and host names of BATON_WEBHOOK_ALLOW, which may be reached all the same.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._networks: list[Network] = []
        self._hosts: set[str] = set()
        for each in allowed:
            try:
                self._networks.append(ip_network(each))
            except ValueError:
                self._hosts.add(each.lower().rstrip("."))

    def check(self, host: str, address: str) -> None:
        """Raises RefusedAddressError unless a host may be reached at this address."""
        parsed = ip_address(address.partition("%")[0])
        if is_private(parsed) and not self._is_allowed(host, parsed):
            raise RefusedAddressError(
                f"{host} is at {address}, a private address, where webhooks may not go; "
                "BATON_WEBHOOK_ALLOW can make an exception."
            )

    def check_literal(self, host: str) -> None:
        """The same for a host that is written as an address; names are checked when they are looked up."""
        try:
            ip_address(host)
        except ValueError:
            if host.lower().rstrip(".") == "localhost":
                self.check(host, "127.0.0.1")
        else:
            self.check(host, host)

    def _is_allowed(self, host: str, address: Address) -> bool:
        if host.lower().rstrip(".") in self._hosts:
            return True
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return any(address in network for network in self._networks)


class GuardedResolver(Resolver):
    """Looks hosts up and checks every address: what it gives is connected to, without a second look."""

    def initialize(self, guard: WebhookGuard) -> None:
        """Tornado's constructor."""
        self._guard = guard
        # Of its own: a name server that hangs must not hold up others' use of the loop's threads.
        self._threads = ThreadPoolExecutor(_LOOKUPS_AT_ONCE, thread_name_prefix="webhook lookup")

    async def resolve(
        self, host: str, port: int, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[tuple[int, Any]]:
        """The addresses of a host. Raises RefusedAddressError if any of them is refused, UnknownHostError."""
        look_up = partial(socket.getaddrinfo, host, port, family=family, type=socket.SOCK_STREAM)
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._threads, look_up)
        except (OSError, UnicodeError) as error:
            raise UnknownHostError(f"{host} has no address: check the name, or try again later") from error
        for _, _, _, _, address in found:
            self._guard.check(host, str(address[0]))
        return [(found_family, address) for found_family, _, _, _, address in found]

    def close(self) -> None:
        """Look up nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
