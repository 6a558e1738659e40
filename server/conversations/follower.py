"""Who writes down what follows from entries of the log, behind everything else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from actors.log import ConversationKey, Entry
from actors.messages import Loaded, NotFound


class Follower(Protocol):
    """Is told of every durable entry, once those who wait for it have been. Never blocks, never raises."""

    def committed(self, key: ConversationKey, entries: Sequence[Entry]) -> None:
        """These are durable."""
        ...

    def loaded(self, key: ConversationKey, log: Loaded | NotFound) -> None:
        """What is committed next follows on this."""
        ...

    def oldest(self) -> datetime | None:
        """When the oldest entry was made that has not been followed yet."""
        ...


class Followers:
    """Several."""

    def __init__(self, *followers: Follower) -> None:
        self._followers = followers

    def committed(self, key: ConversationKey, entries: Sequence[Entry]) -> None:
        """These are durable."""
        for follower in self._followers:
            follower.committed(key, entries)

    def loaded(self, key: ConversationKey, log: Loaded | NotFound) -> None:
        """What is committed next follows on this."""
        for follower in self._followers:
            follower.loaded(key, log)

    def oldest(self) -> datetime | None:
        """When the oldest entry was made that one of them has not followed yet."""
        return min(filter(None, (follower.oldest() for follower in self._followers)), default=None)


class NoFollower:
    """Nobody."""

    def committed(self, key: ConversationKey, entries: Sequence[Entry]) -> None:
        """Nothing follows."""

    def loaded(self, key: ConversationKey, log: Loaded | NotFound) -> None:
        """Nothing follows."""

    def oldest(self) -> datetime | None:
        """Nothing waits."""
        return None
