"""How a workspace's widget looks: from one accent follow all its colours, each readable. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from actors.colours import Colour, Oklch, contrast, parse_colour

TEXT = 4.5
CONTROL = 3.0
"""WCAG 2.2, 1.4.3 and 1.4.11: how much text and controls stand out from what is around them."""

THEMES = ("auto", "light", "dark")
POSITIONS = ("end", "start", "left", "right")
FACES = ("picture", "icon", "initial")
MOST_QUESTIONS = 3

_STEP = 0.005
_HOVER = 0.05
_WHITE, _BLACK = Colour(255, 255, 255), Colour(0, 0, 0)

# --sunken, --paper and --raised of shared/tokens.css; a test compares them.
_LIGHT = (Oklch(0.955, 0.007, 85), Oklch(0.985, 0.004, 85), Oklch(1, 0, 0))
_DARK = (Oklch(0.165, 0.006, 75), Oklch(0.2, 0.007, 75), Oklch(0.245, 0.008, 75))


@dataclass(frozen=True, slots=True)
class Appearance:
    """The widget's looks.

    Args:
        accent: a colour as CSS writes it, which buttons, links and the visitor's own words get; empty is
            Baton's own.
        theme: one of THEMES; auto is as the visitor's system.
        position: one of POSITIONS, `end` and `start` being those of a line on the page.
        face: what stands for the agent, one of FACES; a picture only where there is one.
        questions: what a visitor may ask with one press, below the greeting.
    """

    accent: str = ""
    theme: str = "auto"
    position: str = "end"
    face: str = "picture"
    questions: tuple[str, ...] = ()


DEFAULT_APPEARANCE = Appearance()


@dataclass(frozen=True, slots=True)
class Shades:
    """An accent on surfaces of one theme.

    Args:
        fill: of buttons, which stands out from every surface.
        hover: the same under a pointer.
        ink: readable on both.
        text: the accent as text, readable on every surface.
    """

    fill: Colour
    hover: Colour
    ink: Colour
    text: Colour


def surfaces(*, dark: bool) -> tuple[Colour, ...]:
    """What stands behind things in a theme."""
    return tuple(each.colour for each in (_DARK if dark else _LIGHT))


@lru_cache(maxsize=512)
def shades(accent: Colour, *, dark: bool) -> Shades:
    """The accent, as near to itself as it can be read: its hue stays, its lightness gives way."""
    behind = surfaces(dark=dark)
    fill = _standing_out(accent, behind, CONTROL, lighter=dark)
    text = _standing_out(accent, behind, TEXT, lighter=dark)
    ink = _ink_on(fill)
    # Away from the ink, so that what is readable stays so.
    light = fill.oklch
    lightness = light.lightness + (_HOVER if ink.luminance < fill.luminance else -_HOVER)
    return Shades(fill, replace(light, lightness=min(1.0, max(0.0, lightness))).colour, ink, text)


def style_of(appearance: Appearance) -> str:
    """The declarations that colour the widget in both themes; none for Baton's own.

    They are made of numbers alone: nothing that was typed is in them.
    """
    if not appearance.accent:
        return ""
    accent = parse_colour(appearance.accent)
    light, dark = shades(accent, dark=False), shades(accent, dark=True)
    pairs = {
        "--accent": (light.fill, dark.fill),
        "--accent-hover": (light.hover, dark.hover),
        "--accent-ink": (light.ink, dark.ink),
        "--accent-text": (light.text, dark.text),
    }
    return ";".join(f"{name}:light-dark({one},{other})" for name, (one, other) in pairs.items())


def _standing_out(accent: Colour, behind: Iterable[Colour], least: float, *, lighter: bool) -> Colour:
    behind, tone = tuple(behind), accent.oklch
    found, lightness = accent, tone.lightness
    while min(contrast(found, each) for each in behind) < least:
        lightness += _STEP if lighter else -_STEP
        if not 0 < lightness < 1:
            return _WHITE if lighter else _BLACK
        found = replace(tone, lightness=lightness).colour
    return found


def _ink_on(fill: Colour) -> Colour:
    """White where it can be read, else a dark of the same hue, else black: one of the two always can."""
    hue = fill.oklch.hue
    inks = (_WHITE, Oklch(0.2, 0.03, hue).colour, _BLACK)
    return next((ink for ink in inks if contrast(ink, fill) >= TEXT), _BLACK)
