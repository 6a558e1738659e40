"""The address of a client, believed only as far as we know who told it."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import ip_address


def client_ip(peer: str, forwarded_for: str, trusted: Collection[str]) -> str:
    """The nearest address that is no proxy of ours.

    Args:
        peer: where the connection comes from.
        forwarded_for: the header X-Forwarded-For, nearest last; anyone can send one.
        trusted: the addresses of our proxies.
    """
    hops = [*(hop.strip() for hop in forwarded_for.split(",")), peer] if forwarded_for else [peer]
    while len(hops) > 1 and hops[-1] in trusted and _is_address(hops[-2]):
        hops.pop()
    return hops[-1]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
