"""What the edge needs to speak to visitors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from actors.speech import Words


class Speech(Protocol):
    """What is said to visitors, by language."""

    def words(self, language: str) -> Words:
        """The sentences of a language; English where it is not shipped."""
        ...

    def launcher(self, language: str) -> Mapping[str, str]:
        """What the widget says before its panel is there."""
        ...
