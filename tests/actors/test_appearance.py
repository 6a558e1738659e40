from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.appearance import (
    CONTROL,
    TEXT,
    Appearance,
    shades,
    style_of,
    surfaces,
)
from actors.colours import Colour, contrast, parse_colour

TOKENS = Path(__file__).parents[2] / "web" / "assets" / "shared" / "tokens.css"
CHANNEL = st.integers(0, 255)
COLOURS = st.builds(Colour, CHANNEL, CHANNEL, CHANNEL)
MOST_TURN = 14.0  # degrees; eight bits a channel do not tell dark hues apart much finer


@given(COLOURS, st.booleans())
def test_whatever_the_accent_everything_can_be_read(accent: Colour, dark: bool):
    made = shades(accent, dark=dark)
    for behind in surfaces(dark=dark):
        assert contrast(made.fill, behind) >= CONTROL
        assert contrast(made.text, behind) >= TEXT
    assert contrast(made.ink, made.fill) >= TEXT
    assert contrast(made.ink, made.hover) >= TEXT


@given(COLOURS, st.booleans())
def test_the_hue_stays(accent: Colour, dark: bool):
    before = accent.oklch
    for made in (shades(accent, dark=dark).fill, shades(accent, dark=dark).text):
        after = made.oklch
        if min(before.chroma, after.chroma) > 0.08:
            turn = abs(before.hue - after.hue) % 360
            assert min(turn, 360 - turn) < MOST_TURN


@pytest.mark.parametrize("accent", ["#0057b8", "#7a1fa2", "#b00020"])
def test_an_accent_that_can_be_read_is_left_as_it_is(accent: str):
    assert str(shades(parse_colour(accent), dark=False).fill) == accent
    assert str(shades(parse_colour(accent), dark=False).text) == accent


def test_a_bright_accent_keeps_its_brightness_with_dark_words_on_it():
    orange = shades(parse_colour("#ff6b00"), dark=True)
    assert str(orange.fill) == "#ff6b00"
    assert orange.ink.luminance < 0.05


def test_nothing_that_was_typed_gets_into_the_style():
    assert re.fullmatch(
        r"(--accent(-hover|-ink|-text)?:light-dark\(#[0-9a-f]{6},#[0-9a-f]{6}\);?){4}",
        style_of(Appearance("rgb( 255 , 0 , 0 )")),
    )


def test_the_surfaces_are_those_of_the_tokens():
    css = TOKENS.read_text(encoding="utf-8")
    for place, name in enumerate(("sunken", "paper", "raised")):
        found = re.search(rf"--{name}: light-dark\((oklch\([^)]*\)), (oklch\([^)]*\))\)", css)
        assert found
        assert parse_colour(found[1]) == surfaces(dark=False)[place]
        assert parse_colour(found[2]) == surfaces(dark=True)[place]


def test_without_an_accent_the_tokens_stand():
    assert not style_of(Appearance())
