"""Whether a visitor asks for a person, in words. Pure, and rather too shy than too eager.

A wrong yes calls somebody to a chat that does not need them; a wrong no costs the visitor one more message,
and the button is always there. English, German, French, Spanish, Portuguese and Arabic.
"""

from __future__ import annotations

import re
import unicodedata

from actors.person_phrases import ENGLISH, OTHERS, any_of, compiled

_MOST_CLAUSES = 60
_LONGEST_CLAUSE = 300

_ENGLISH = compiled(ENGLISH)
_OTHERS = compiled(OTHERS)
_ANY = any_of((*_ENGLISH, *_OTHERS))

_FILLER = (
    r"(?:hi|hello|hey|a|an|the|any|some|one|real|live|actual|please|pls|plz|now|asap|ok|okay|yes|no|not|bot|just|"
    r"thanks|thank you|i said|immediately|urgent|urgently|instead|help|human|person|agent|operator)"
)
_ALONE = re.compile(
    rf"(?:{_FILLER} )*(?:human|humans|person|agent|operator|representative|rep|advisor|(?:real|live) people|"
    rf"customer (?:service|support|care))(?: {_FILLER})*"
)
_INSISTS = re.compile(r"\b(?:please|pls|plz|now|asap|immediately)\b")

_SPOKEN_OF = re.compile(
    r"\b(?:what (?:is|are|does|happens|if)|happens|when(?:ever)?|if i|in case|after|before|while|once|why|"
    r"how (?:long|many|often|much)|does it|difference|instead of|rather than|without|than|means?|is it true|"
    r"am i|was i|thank(?:s| you) for|enjoyed|liked|nice|good|great)\b"
)
_REFUSED = re.compile(r"\b(?:not|don t|dont|never|no|n t|stop asking)\b")
_POLITE = re.compile(r"\b(?:why )?(?:can|could|may)(?:(?: not| t)? i not|(?: not| t) i)\b")
_OURSELVES = re.compile(r"\b(?:i|me|we|us|my)\b")
_OTHER_PEOPLE = re.compile(
    r"\b(?:visitors?|customers?|users?|clients?|guests?|they|he|she|people|operators?|agents?|bot|colleagues?|"
    r"members?|admins?|editors?|viewers?|you|someone|somebody)\b"
)
_REFUSED_ELSEWHERE = re.compile(
    r"\b(?:nicht|kein|keinen|keine|ohne|ne|pas|sans|no (?:quiero|necesito|deseo)|sin|nao|sem|لا|لست)\b"
)
_SPOKEN_OF_ELSEWHERE = re.compile(
    r"^(?:was (?:ist|sind|passiert|macht)|wie viele|qu est ce|que se passe|combien|que es|que son|cuant[oa]s|"
    r"que pasa|o que|quantos|ما هو|ما هي|كم|هل انت)\b"
)

_BETWEEN_CLAUSES = re.compile(r"[.!?;:,\n\u060c\u061f\u2026\u2013\u2014]+")
_BETWEEN_WORDS = re.compile(r"[^\w]+")


def asks_for_person(text: str) -> bool:
    """Whether this message asks to talk to a person."""
    clauses = _clauses(text)
    return bool(_ALONE.fullmatch(" ".join(clauses)[:_LONGEST_CLAUSE])) or any(map(_asks, clauses))


def _clauses(text: str) -> list[str]:
    """The text between its full stops and commas, as plain words: the beginning and the end of a long one."""
    bare = text.casefold()
    if not bare.isascii():
        bare = unicodedata.normalize("NFKD", text).casefold()
        bare = "".join(char for char in bare if not unicodedata.combining(char))
    bare = bare.replace("\u0649", "\u064a").replace("\u0629", "\u0647")  # as Arabic is written in a hurry
    parts = [_BETWEEN_WORDS.sub(" ", part).strip()[:_LONGEST_CLAUSE] for part in _BETWEEN_CLAUSES.split(bare)]
    clauses = [part for part in parts if part]
    half = _MOST_CLAUSES // 2
    return clauses if len(clauses) <= _MOST_CLAUSES else clauses[:half] + clauses[-half:]


def _asks(clause: str) -> bool:
    if _ALONE.fullmatch(clause) and _INSISTS.search(clause):
        return True
    if _ANY.search(clause) is None:
        return False
    if any(_is_own(clause, found.start()) for pattern in _ENGLISH if (found := pattern.search(clause))):
        return True
    if _REFUSED_ELSEWHERE.search(clause) or _SPOKEN_OF_ELSEWHERE.search(clause):
        return False
    return any(pattern.search(clause) for pattern in _OTHERS)


def _is_own(clause: str, start: int) -> bool:
    """Whether the words before a request leave it the writer's own, and a request."""
    before = _POLITE.sub(" i ", clause[:start])
    if _SPOKEN_OF.search(before) or _REFUSED.search(before):
        return False
    return not _OTHER_PEOPLE.search(before) or bool(_OURSELVES.search(before)) or " me " in clause[start:]
