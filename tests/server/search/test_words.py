from __future__ import annotations

import pytest

from server.search.words import MOST_ASKED, words_asked, words_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("My invoice (late) is WRONG", {"my", "invoice", "late", "is", "wrong"}),
        ("Schöne Grüße", {"schone", "grusse"}),
        ("ana@mail.example", {"ana", "mail", "example"}),
        ("+49 30 901820", {"49", "30", "901820", "01820", "1820"}),
        ("a_b", {"a", "b"}),
        ("日本語", {"日本", "本語", "語"}),
        ("x" * 1000, {"x" * 40}),
        (" .,! ", set[str]()),
        ("\ud83d", set[str]()),
    ],
)
def test_words_of_a_text(text: str, words: set[str]):
    assert words_in(text) == words


@pytest.mark.parametrize(
    ("q", "words"),
    [("Grüße  an", ("grusse", "an")), ("an an", ("an",)), ("日本", ("日本",)), ("語", ("語",)), ("*", ())],
)
def test_words_of_a_search(q: str, words: tuple[str, ...]):
    assert words_asked(q) == words


def test_a_search_of_many_words_is_cut():
    assert len(words_asked(" ".join(f"w{number}" for number in range(100)))) == MOST_ASKED


@pytest.mark.parametrize("text", ["+4930901820", "日本語テスト", "Ana-María O'Brien", "x" * 60])
def test_a_text_is_found_by_itself(text: str):
    found = words_in(text)
    assert all(any(word.startswith(asked) for word in found) for asked in words_asked(text))
