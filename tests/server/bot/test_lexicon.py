from __future__ import annotations

import pytest

from actors.speech import LANGUAGES
from server.bot.lexicon import IN_ENGLISH, LEXICONS, lexicon_for, lexicon_of
from server.bot.stem import stem


def test_every_language_that_visitors_get_is_read():
    assert set(LEXICONS) == set(LANGUAGES)
    assert lexicon_for("tlh") is IN_ENGLISH


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "shipped orders", "ship order"),
        ("de", "Lieferungen zurückgegeben", "Lieferung zuruckgegeben"),
        ("fr", "les réponses de l\u2019agent", "réponse agents"),
        ("es", "¿Cuáles son las direcciones?", "direccion"),
        ("pt", "Quais são as instalações?", "instalação"),
        ("ar", "ما هي المُحادَثة؟", "محادثة"),
    ],
)
def test_forms_of_a_word_are_one_term_and_stop_words_none(language: str, one: str, other: str):
    terms = LEXICONS[language].terms(one)
    assert terms
    assert terms == LEXICONS[language].terms(other)


def test_english_phrases_and_synonyms_are_left_to_english():
    assert IN_ENGLISH.terms("Is the chatbot signed in?") == ["bot", "signin"]
    assert IN_ENGLISH.found("price", frozenset({"cost"})) == pytest.approx(0.8)
    assert "bot" not in LEXICONS["fr"].stems("j'ai reçu un e-mail")
    assert LEXICONS["fr"].terms("j'ai reçu un e-mail") == ["recu", "email"]


def test_a_name_with_underscores_is_one_word_and_its_parts():
    assert IN_ENGLISH.words("set DATA_DIR") == ["set", "datadir", "data", "dir"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "How do I hand it back to the bot?"),
        ("de", "Wie gebe ich das an den Bot zurück?"),
        ("fr", "Comment est-ce que je rends ça au bot ?"),
        ("es", "¿Cómo le devuelvo esto al bot?"),
        ("pt", "Como é que eu devolvo isso ao bot?"),
        ("ar", "كيف أعيد المحادثة إلى الوكيل؟"),
    ],
)
def test_a_text_tells_its_language(language: str, text: str):
    assert lexicon_of(text).language == language
    assert lexicon_of(text, LEXICONS["pt"]).language == language


def test_too_few_words_tell_no_language():
    assert lexicon_of("WordPress?", LEXICONS["de"]).language == "de"
    assert lexicon_of("Hotel Europa", LEXICONS["es"]).language == "es"
    assert lexicon_of("", LEXICONS["ar"]).language == "ar"


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_word_has_a_stem(language: str):
    for word in ("", "a", "ß", "x" * 50_000, "\ud800", "🙂", "123", "ـ" * 30):
        assert isinstance(stem(word, language), str)
