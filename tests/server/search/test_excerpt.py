from __future__ import annotations

import pytest

from server.search.excerpt import excerpt, plain
from server.search.words import words_asked

LONG = "It rained. " * 20


def marked(text: str, q: str) -> str | None:
    """The line, with brackets around what is marked."""
    found = excerpt(text, words_asked(q))
    if found is None:
        return None
    return "".join(f"[{piece}]" if at % 2 else piece for at, piece in enumerate(found.pieces))


@pytest.mark.parametrize(
    ("text", "q", "line"),
    [
        ("Where is my parcel?", "parc", "Where is my [parc]el?"),
        ("Where is my parcel?", "PARC wh", "[Wh]ere is my [parc]el?"),
        ("Where is my parcel?", "arcel", None),
        ("Schöne Grüße", "gruss", "Schöne [Grüß]e"),
        ("Scho\u0308ne", "scho", "[Scho\u0308]ne"),
        ("ana-maria@mail.example", "maria mail", "ana-[maria]@[mail].example"),
        ("two\n\n  lines", "lines", "two [lines]"),
        ("+49 30 901820", "1820", "+49 30 90[1820]"),
        ("今日は東京都です", "東京都", "今日は[東京都]です"),
        ("أين الطلب؟", "الط", "أين [الط]لب؟"),
        ("an an", "an", "[an] [an]"),
        ("<b>bold</b>", "bold", "<b>[bold]</b>"),
    ],
)
def test_the_beginnings_of_words_are_marked(text: str, q: str, line: str | None):
    assert marked(text, q) == line


def test_a_line_is_cut_between_words_around_what_was_searched_for():
    line = marked(f"{LONG}My zeppelin is late. {LONG}", "zepp")
    assert line is not None
    assert line.startswith("…It rained. My [zepp]elin is late. It rained.")
    assert line.endswith("rained.…")
    assert len(line) < 130


def test_the_part_with_most_of_the_words_is_shown():
    line = marked(f"A parcel. {LONG}The parcel was lost.", "parcel lost")
    assert line == "…It rained. The [parcel] was [lost]."


def test_a_word_without_an_end_is_cut_too():
    line = marked("x" * 500, "xxx")
    assert line == "[xxx]" + "x" * 117 + "…"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Take **two** of `these`", "Take two of these"),
        ("See [the terms](https://s.test/terms).", "See the terms."),
        ("2 * 3 and a_b", "2 * 3 and a_b"),
    ],
)
def test_signs_are_left_out_where_they_do_not_show(written: str, shown: str):
    assert plain(written) == shown
