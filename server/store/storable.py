"""Text as the database can keep it."""

from __future__ import annotations


def storable(text: str) -> str:
    """The text with lone surrogates replaced: BSON has no place for them, and one would hold up a batch."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
