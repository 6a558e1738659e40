"""What Baton itself says to visitors. English stands in the code; other languages in catalogues beside it."""

from __future__ import annotations

from typing import Protocol

ENGLISH = "en"
LANGUAGES = {
    ENGLISH: "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "pt": "Português",
    "ar": "العربية",
}
"""What is shipped, each by its own name."""

RIGHT_TO_LEFT = frozenset({"ar"})


def mark(text: str) -> str:
    """The text as it is, and a note to the catalogues that visitors read it."""
    return text


def direction(language: str) -> str:
    """Which way a language is written, as HTML calls it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


class Words(Protocol):
    """The sentences of one language."""

    @property
    def language(self) -> str:
        """Its code, one of `LANGUAGES`."""
        ...

    def say(self, text: str, **values: object) -> str:
        """A sentence of the catalogue, its values put in; any other text comes back as it is."""
        ...

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        """The form of a sentence that goes with `number`, which it calls {number}."""
        ...


class English:
    """The sentences as they stand in the code."""

    language = ENGLISH

    def say(self, text: str, **values: object) -> str:
        """The text itself."""
        return text.format(**shown(values)) if values else text

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        """One or many."""
        return self.say(one if number == 1 else many, number=number, **values)


def shown(values: dict[str, object]) -> dict[str, object]:
    """Values as English writes them."""
    return {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}


IN_ENGLISH: Words = English()
