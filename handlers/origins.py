"""Which pages may talk to us: the Origin that browsers send, compared exactly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple
from urllib.parse import urlsplit

ANY: Final = "*"
_PORTS: Final = {"http": 80, "https": 443}


class _Site(NamedTuple):
    scheme: str
    host: str
    port: int


def is_own(origin: str, host: str, base_url: str) -> bool:
    """Whether a page of ours sent this.

    `base_url` is compared whole. `host`, the request's Host header, is taken to have the origin's scheme,
    because a proxy may speak TLS for us.
    """
    site = _site(origin)
    if site is None:
        return False
    return site in {_site(base_url), _site(f"{site.scheme}://{host}")}


def is_allowed(origin: str, allowed: Iterable[str]) -> bool:
    """Whether a workspace's widget may run on this page; `*` allows any."""
    entries = tuple(allowed)
    if ANY in entries:
        return True
    site = _site(origin)
    return site is not None and any(site == _site(entry) for entry in entries)


def _site(origin: str) -> _Site | None:
    """Scheme, host and port; None for `null` and for whatever is more or less than an origin."""
    try:
        parts = urlsplit(origin)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    bare = parts.hostname and not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
    if not bare or parts.scheme not in _PORTS:
        return None
    return _Site(parts.scheme, parts.hostname or "", port)
