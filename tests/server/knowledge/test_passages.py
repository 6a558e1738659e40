from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.bot.words import sentences
from server.knowledge.passages import MAX_WORDS, Section, slug, split

LONG = [f"Sentence {number} has exactly ten words in it for measure." for number in range(60)]


def section(*lines: str, path: tuple[str, ...] = ("Doc", "Part"), asked: tuple[str, ...] = ()) -> Section:
    return Section(path, "part", lines, asked)


def test_a_short_section_is_one_passage():
    [passage] = split([section("One sentence. Another one.")])
    assert passage.text == "One sentence. Another one."
    assert passage.title == "Doc \u203a Part"
    assert (passage.position, passage.anchor) == (0, "part")


def test_a_long_section_is_cut_between_sentences_into_even_parts():
    passages = split([section(" ".join(LONG))])
    assert [len(passage.text.split()) for passage in passages] == [150, 150, 150, 150]
    assert " ".join(passage.text for passage in passages) == " ".join(LONG)
    assert [passage.position for passage in passages] == [0, 1, 2, 3]


def test_lists_and_code_keep_their_lines_and_stay_with_what_announces_them():
    filler = " ".join(LONG[:11])
    passages = split(
        [section(filler, "Do this:", "- first", "- second", "    code here", "Then go on. " * 40)]
    )
    together = next(passage.text for passage in passages if "Do this:" in passage.text)
    assert "Do this:\n- first" in together
    assert "    code here" in "\n".join(passage.text for passage in passages)


def test_an_endless_sentence_is_cut_and_loses_nothing():
    words = [f"w{number}" for number in range(500)]
    passages = split([section(" ".join(words))])
    assert [word for passage in passages for word in passage.text.split()] == words
    assert all(len(passage.text.split()) <= MAX_WORDS for passage in passages)


def test_a_heading_without_text_is_still_found():
    [passage] = split([section(path=("Doc", "Only a heading"))])
    assert passage.text == "Only a heading"


def test_what_a_section_is_asked_for_goes_with_its_first_passage():
    first, *rest = split([section(" ".join(LONG), asked=("price", "how much"))])
    assert first.asked == ("price", "how much")
    assert all(passage.asked == () for passage in rest)


PIECES = st.lists(st.text("abc .!?\u2026\n\u3002e.g:\u00e9", max_size=80), max_size=20)


@given(PIECES)
def test_no_word_is_ever_lost_and_the_same_input_gives_the_same_output(lines: list[str]):
    cleaned = tuple(" ".join(line.split()) for line in lines if line.split())
    passages = split([section(*cleaned)])
    assert passages == split([section(*cleaned)])
    if cleaned:
        kept = [word for passage in passages for word in passage.text.split()]
        assert kept == [word for line in cleaned for word in line.split()]
        assert all(len(passage.text.split()) <= MAX_WORDS for passage in passages)


@given(st.text(max_size=300))
def test_sentences_joined_are_the_paragraph(text: str):
    assert " ".join(sentences(text)).split() == text.split()


def test_sentences_end_where_people_end_them():
    assert sentences(
        "Run it, e.g. with make. It starts. “Really?” Yes. Version 3.11 is new. See Dr. Smith."
    ) == [
        "Run it, e.g. with make.",
        "It starts.",
        "“Really?”",
        "Yes.",
        "Version 3.11 is new.",
        "See Dr. Smith.",
    ]


def test_anchors_are_unlike_each_other():
    taken: dict[str, int] = {}
    assert [
        slug(heading, taken) for heading in ("Set up!", "Set up", "Set up 1", "set up", "", "Größe & Maß")
    ] == [
        "set-up",
        "set-up-1",
        "set-up-1-1",
        "set-up-2",
        "section",
        "grösse-mass",
    ]


def test_an_initial_ends_no_sentence_and_a_key_does():
    assert sentences("George W. Bush pressed T. Then he left.") == [
        "George W. Bush pressed T.",
        "Then he left.",
    ]
