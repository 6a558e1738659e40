"""The log of a conversation, read as what the bot is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actors.log import Entry, EntryType, Speaker
from actors.speech import ENGLISH
from server.bot.answers import Said
from server.bot.lexicon import lexicon_for, lexicon_of
from server.bot.words import bare
from server.bot.writers import Turn

MOST_TURNS = 30
_SHORT_TERMS = 2  # a longer question stands for itself
_CUE = re.compile(
    r"(?:and|or|but|also|so|then|what about|how about|why|how come|und|oder|aber|warum|et|ou|mais|pourquoi|"
    r"y|o|pero|por que|e|mas|ولماذا|وماذا)\b"
)
_POINTER = re.compile(r"\b(?:it|its|that|this|they|them|there|those|these|one|ones|else|then)\b")


def turns_of(history: Sequence[Entry]) -> list[Turn]:
    """Messages and hand-back notes, oldest first, the newest `MOST_TURNS`."""
    turns: list[Turn] = []
    for entry in history:
        name = entry.author.name if entry.author else ""
        if entry.type is EntryType.MESSAGE and entry.role and entry.text:
            turns.append(Turn(entry.role, name, entry.text))
        elif entry.type is EntryType.RELEASED and entry.note:
            turns.append(Turn(Speaker.HUMAN, name, entry.note, noted=True))
    return turns[-MOST_TURNS:]


def question_of(turns: Sequence[Turn], language: str = ENGLISH) -> tuple[str, str]:
    """What to look up, and the visitor's last message: the same, unless that makes no sense alone.

    `language` is the visitor's.
    """
    asked = [turn.text for turn in turns if turn.speaker is Speaker.VISITOR]
    last = asked[-1] if asked else ""
    return (f"{asked[-2]}\n{last}" if len(asked) > 1 and is_follow_up(last, language) else last), last


def is_follow_up(text: str, language: str = ENGLISH) -> bool:
    """Whether a message leans on the one before it: "and how long?", "why is that?"."""
    lexicon = lexicon_of(text, lexicon_for(language))
    found = lexicon.terms(text)
    spoken = " ".join(map(bare, lexicon.words(text)))
    if len(found) > _SHORT_TERMS or not spoken:
        return False
    return not found or bool(_CUE.match(spoken)) or bool(_POINTER.search(spoken))


def said_in(turns: Sequence[Turn]) -> list[Said]:
    """What people of the team wrote, each with what the visitor had written just before."""
    said: list[Said] = []
    about: list[str] = []
    for turn in turns:
        if turn.speaker is Speaker.VISITOR:
            about.append(turn.text)
        elif turn.speaker is Speaker.HUMAN:
            said.append(Said(turn.name, turn.text, "" if turn.noted else "\n".join(about), noted=turn.noted))
            about = []
        else:
            about = []
    return said
