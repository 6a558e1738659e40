"""Who has a conversation, as one word: the only place that decides it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actors.log import Standing


class BadgeKind(StrEnum):
    """What colour and icon a badge has."""

    BOT = "bot"
    WAITING = "waiting"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Badge:
    """`label` is AI, Waiting, or the holder's name."""

    kind: BadgeKind
    label: str


def badge(standing: Standing) -> Badge:
    """A person who holds it comes before a visitor who waits, who comes before the bot."""
    if standing.holder is not None:
        return Badge(BadgeKind.HUMAN, standing.holder.name)
    if standing.waiting_since is not None:
        return Badge(BadgeKind.WAITING, "Waiting")
    return Badge(BadgeKind.BOT, "AI")
