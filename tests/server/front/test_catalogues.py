from __future__ import annotations

import pytest

from actors.lead_form import CONSENT
from actors.person_request import asks_for_person
from actors.speech import LANGUAGES
from server.bot.answers import UNKNOWN
from server.bot.small_talk import WHO
from server.front.catalogues import Catalogues

TOO_LONG = (
    "This has {length} characters, and at most {number} is possible.",
    "This has {length} characters, and at most {number} are possible.",
)


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    return Catalogues()


def test_what_is_no_sentence_of_ours_comes_back_as_it_is(catalogues: Catalogues):
    for text in ("", "Our own greeting, with {braces}.", "🙂"):
        assert catalogues.words("de").say(text) == text


def test_a_language_that_is_not_shipped_is_english(catalogues: Catalogues):
    assert catalogues.words("ja").say(CONSENT) == CONSENT
    assert catalogues.launcher("ja") == catalogues.launcher("en")


def test_values_are_put_in_as_the_language_writes_them(catalogues: Catalogues):
    assert "„{x}“" in catalogues.words("de").say("{name} noted: “{quote}”", name="Ana", quote="{x}")
    said = catalogues.words("de").plural(*TOO_LONG, 4000, length=12345)
    assert "12.345" in said
    assert "4.000" in said
    assert "12,345" in catalogues.words("en").plural(*TOO_LONG, 4000, length=12345)


def test_arabic_has_its_six_forms(catalogues: Catalogues):
    said = {catalogues.words("ar").plural(*TOO_LONG, n, length=500) for n in (0, 1, 2, 3, 11, 200)}
    assert len(said) == 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_that_the_bot_tells_visitors_to_write_calls_a_person(catalogues: Catalogues, language: str):
    for sentence in (UNKNOWN, WHO):
        said = catalogues.words(language).say(sentence).rstrip(".")
        word = said.rstrip("“”»« \u00a0").split()[-1].strip("“”„«»")
        assert asks_for_person(word), word
