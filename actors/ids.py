"""Id types, and how new ids are made."""

from __future__ import annotations

import secrets
import time
from typing import NewType

WorkspaceId = NewType("WorkspaceId", str)
UserId = NewType("UserId", str)
VisitorId = NewType("VisitorId", str)
ConversationId = NewType("ConversationId", str)
LeadId = NewType("LeadId", str)
StreamId = NewType("StreamId", str)
ClientId = NewType("ClientId", str)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u


def new_id() -> str:
    """A fresh id: 9 characters of time in ms, so that newer ids sort later, then 65 random bits."""
    stamp = int(time.time() * 1000)
    return _base32(stamp, 9) + _base32(secrets.randbits(65), 13)


def _base32(number: int, length: int) -> str:
    digits: list[str] = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
