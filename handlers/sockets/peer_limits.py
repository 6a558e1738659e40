"""When a subscriber is too slow, and what it is told then."""

from __future__ import annotations

from dataclasses import dataclass

SLOW = 4008
"""Close code: too far behind, or silent. The client connects again and resumes from its seq."""


@dataclass(frozen=True, slots=True)
class PeerLimits:
    """Bytes that may wait for a subscriber, and seconds in which it may take none of them."""

    buffered: int = 1 << 20
    stalled_s: float = 10.0
