from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.colours import Colour, Oklch, contrast, parse_colour

CHANNEL = st.integers(0, 255)
COLOURS = st.builds(Colour, CHANNEL, CHANNEL, CHANNEL)
WHITE, BLACK = Colour(255, 255, 255), Colour(0, 0, 0)


@given(COLOURS)
def test_a_colour_survives_the_way_there_and_back(colour: Colour):
    assert colour.oklch.colour == colour
    assert parse_colour(str(colour)) == colour


@given(st.floats(0.1, 1), st.floats(0, 0.5), st.floats(0, 360))
def test_what_no_screen_has_loses_chroma_and_not_lightness(lightness: float, chroma: float, hue: float):
    assert Oklch(lightness, chroma, hue).colour.oklch.lightness == pytest.approx(lightness, abs=0.02)


def test_the_known_ones():
    assert contrast(WHITE, BLACK) == pytest.approx(21)
    assert contrast(Colour(0x76, 0x76, 0x76), WHITE) == pytest.approx(4.54, abs=0.01)
    red = Colour(255, 0, 0).oklch
    assert (red.lightness, red.chroma, red.hue) == pytest.approx((0.628, 0.2577, 29.23), abs=0.01)


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#1a6", "#11aa66"),
        (" #11AA66 ", "#11aa66"),
        ("rgb(17, 170, 102)", "#11aa66"),
        ("rgb(17 170 102)", "#11aa66"),
        ("rgb(100% 0% 0%)", "#ff0000"),
        ("hsl(120deg 100% 25%)", "#008000"),
        ("oklch(0.628 0.2577 29.23)", "#ff0000"),
        ("oklch(100% 0 0)", "#ffffff"),
    ],
)
def test_colours_as_css_writes_them(text: str, colour: str):
    assert str(parse_colour(text)) == colour


@pytest.mark.parametrize(
    "text",
    [
        "",
        "green",
        "#12",
        "#12345g",
        "rgb(1 2)",
        "rgb(1 2 3 / 50%)",
        "url(x)",
        "red;--x:1",
        "rgb(a b c)",
        "oklch()",
    ],
)
def test_what_is_no_colour_is_refused(text: str):
    with pytest.raises(ValueError, match=r".*"):
        parse_colour(text)
