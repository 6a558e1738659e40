"""Ids and names that follow from other ids."""

from __future__ import annotations

import hashlib

from actors.ids import ConversationId, VisitorId

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # as in actors.ids
_ID_CHARACTERS = 22  # 110 bits
_NAME_CHARACTERS = 4


def conversation_id_of(visitor_id: VisitorId, ordinal: int) -> ConversationId:
    """The id of a visitor's n-th conversation."""
    return ConversationId(_digest(f"{visitor_id}:{ordinal}", _ID_CHARACTERS))


def visitor_name(visitor_id: VisitorId) -> str:
    """What operators call a visitor who gave no name; always the same for the same visitor."""
    return f"Visitor {_digest(visitor_id, _NAME_CHARACTERS).upper()}"


def _digest(text: str, characters: int) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    return "".join(_ALPHABET[(number >> 5 * position) & 31] for position in range(characters))
