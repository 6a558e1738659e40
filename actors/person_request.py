"""Whether a visitor asks for a person, in words. Pure, and rather too shy than too eager."""

from __future__ import annotations

import re

_WHO = r"(?:human(?:\s+being)?|person|someone|somebody|agent|operator|representative|rep|colleague|staff|team\s+member)"
_REAL = r"(?:(?:a|an|the|your|some|any)\s+)?(?:(?:real|live|actual|human)\s+)*"
_REACH = r"(?:talk|speak|chat|connect|transfer|switch|put\s+me\s+through|hand\s+me\s+over|forward)"
_REQUEST = re.compile(
    rf"(?:^|\b)(?:{_REACH}(?:\s+me)?(?:\s+(?:to|with))+\s+{_REAL}{_WHO})\b(?!\s+(?:about|resources)\b)"
    rf"|\b(?:want|need|get|give\s+me|prefer|like)\s+(?:to\s+(?:talk|speak|chat)\s+(?:to|with)\s+)?{_REAL}(?:human|person|operator|representative)\b(?!\s+resources)"
    rf"|^\W*{_REAL}{_WHO}(?:\s*,?\s*please)?\W*$",
    re.IGNORECASE,
)


def asks_for_person(text: str) -> bool:
    """Whether this message asks to talk to a person."""
    return _REQUEST.search(text) is not None
