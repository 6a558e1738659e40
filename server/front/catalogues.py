"""What visitors read, in every language that is shipped: gettext's catalogues, and the launcher's words.

The `.po` files are read at the start, as they are in the repository: there is nothing to compile, and nothing
that could be stale.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from actors.speech import ENGLISH, IN_ENGLISH, LANGUAGES, Words

LOCALES = Path(__file__).parents[1] / "locales"
WIDGET_LOCALES = Path(__file__).parents[2] / "web" / "assets" / "widget" / "locales"
_LAUNCHER = "launcher."


class Catalogue:
    """`actors.speech.Words` of one language."""

    def __init__(self, language: str, texts: NullTranslations) -> None:
        self._language = language
        self._texts = texts

    @property
    def language(self) -> str:
        """Its code."""
        return self._language

    def say(self, text: str, **values: object) -> str:
        """The translation, its values put in."""
        # gettext keeps its own notes under the empty text.
        found = self._texts.gettext(text) if text else ""
        return found.format(**self._shown(values)) if values else found

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        """The translation in the form that goes with the number."""
        return self._texts.ngettext(one, many, number).format(**self._shown({"number": number, **values}))

    def _shown(self, values: Mapping[str, object]) -> dict[str, object]:
        return {
            name: format_decimal(value, locale=self._language) if isinstance(value, int) else value
            for name, value in values.items()
        }


class Catalogues:
    """`handlers.widget.speech_ports.Speech`: every language that is shipped, read once."""

    def __init__(self, locales: Path = LOCALES, widget: Path = WIDGET_LOCALES) -> None:
        others = [language for language in LANGUAGES if language != ENGLISH]
        self._words: dict[str, Words] = {ENGLISH: IN_ENGLISH}
        self._words |= {each: Catalogue(each, read_catalogue(locales / f"{each}.po")) for each in others}
        self._launcher = {each: _launcher(widget / f"{each}.json") for each in LANGUAGES}

    def words(self, language: str) -> Words:
        """The sentences of a language; English where it is not shipped."""
        return self._words.get(language, IN_ENGLISH)

    def launcher(self, language: str) -> Mapping[str, str]:
        """What the widget says before its panel is there."""
        return self._launcher.get(language, self._launcher[ENGLISH])


@cache
def read_catalogue(path: Path) -> GNUTranslations:
    """A catalogue of gettext's, read once a process. Raises OSError, ValueError."""
    with path.open("rb") as source, io.BytesIO() as compiled:
        write_mo(compiled, read_po(source, locale=path.stem, abort_invalid=True))
        compiled.seek(0)
        return GNUTranslations(compiled)


def _launcher(path: Path) -> dict[str, str]:
    texts = cast("dict[str, str]", json.loads(path.read_text(encoding="utf-8")))
    return {key.removeprefix(_LAUNCHER): text for key, text in texts.items() if key.startswith(_LAUNCHER)}
