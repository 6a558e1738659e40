"""English words cut to their stems: Porter's algorithm of 1980, the one SQLite's FTS5 applies to its index.

Sentences are picked in Python and passages in SQLite, so both must agree on what counts as the same word; a
test compares them over the whole demo knowledge.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

_SHORTEST = 3
_LONGEST_BYTES = 64  # FTS5 leaves longer words alone
_VOWELS = frozenset("aeiou")

_STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "logi": "log",
    "bli": "ble", "alli": "al", "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize",
    "ation": "ate", "ator": "ate", "alism": "al", "iveness": "ive", "fulness": "ful", "ousness": "ous",
    "aliti": "al", "iviti": "ive", "biliti": "ble",
}  # fmt: skip
_STEP_3 = {
    "icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": "",
}  # fmt: skip
_STEP_4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism",
    "ate", "iti", "ous", "ive", "ize",
)  # fmt: skip


@lru_cache(maxsize=16_384)  # the words of a language repeat: a hit costs 0.1 µs, a stem 5 µs
def stem(word: str) -> str:
    """The stem of one lower-case word. Words of other alphabets come back as they are."""
    if len(word) < _SHORTEST or len(word.encode()) > _LONGEST_BYTES:
        return word
    word = _past_and_progressive(_plural(word))
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    word = _replaced(word, _STEP_2)
    word = _replaced(word, _STEP_3)
    return _final_letters(_without_ending(word))


def _is_consonant(word: str, index: int) -> bool:
    letter = word[index]
    if letter == "y":
        return index == 0 or not _is_consonant(word, index - 1)
    return letter not in _VOWELS


def _measure(word: str) -> int:
    """How often a vowel is followed by a consonant."""
    kinds = [_is_consonant(word, index) for index in range(len(word))]
    return sum(1 for before, after in pairwise(kinds) if after and not before)


def _has_vowel(word: str) -> bool:
    return not all(_is_consonant(word, index) for index in range(len(word)))


def _doubled(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _is_consonant(word, len(word) - 1)


def _ends_short(word: str) -> bool:
    """Consonant, vowel, consonant at the end, the last not w, x or y."""
    last = len(word) - 1
    return (
        last > 1
        and _is_consonant(word, last - 2)
        and not _is_consonant(word, last - 1)
        and _is_consonant(word, last)
        and word[last] not in "wxy"
    )


def _plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def _past_and_progressive(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        if word.endswith(ending):
            root = word[: -len(ending)]
            return _restored(root) if _has_vowel(root) else word
    return word


def _restored(root: str) -> str:
    if root.endswith(("at", "bl", "iz")):
        return root + "e"
    if _doubled(root) and root[-1] not in "lsz":
        return root[:-1]
    if _measure(root) == 1 and _ends_short(root):
        return root + "e"
    return root


def _replaced(word: str, endings: dict[str, str]) -> str:
    found = max((ending for ending in endings if word.endswith(ending)), key=len, default="")
    root = word[: len(word) - len(found)]
    return root + endings[found] if found and _measure(root) > 0 else word


def _without_ending(word: str) -> str:
    found = max((ending for ending in _STEP_4 if word.endswith(ending)), key=len, default="")
    root = word[: len(word) - len(found)]
    if not found or (found == "ion" and not root.endswith(("s", "t"))):
        return word
    return root if _measure(root) > 1 else word


def _final_letters(word: str) -> str:
    if word.endswith("e"):
        root = word[:-1]
        measure = _measure(root)
        if measure > 1 or (measure == 1 and not _ends_short(root)):
            word = root
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word
