"""Colours: read from CSS, taken apart into lightness, chroma and hue, and compared by contrast. Pure.

OKLCH is the polar form of Björn Ottosson's Oklab, "A perceptual color space for image processing" (2020,
bottosson.github.io/posts/oklab); the matrices are those of CSS Color Module Level 4, section 18. Contrast and
relative luminance are those of WCAG 2.2.
"""

from __future__ import annotations

import colorsys
import math
import re
from dataclasses import dataclass

_FUNCTION = re.compile(r"(rgb|hsl|oklch)\(([^()]*)\)")
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(%|deg)?")
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_OKLCH_CHROMA = 0.4  # 100 % of it, by CSS Color 4
_ROUNDING = 1e-6
_STEPS = 24  # of the search for the edge of sRGB: far below what eight bits tell apart


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour of a screen: red, green and blue in sRGB, 0 to 255 each."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """WCAG 2.2, relative luminance: 0 for black, 1 for white."""
        red, green, blue = (_linear(each / 255) for each in (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    @property
    def oklch(self) -> Oklch:
        """The same in OKLCH."""
        red, green, blue = (_linear(each / 255) for each in (self.red, self.green, self.blue))
        long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
        a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
        b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
        return Oklch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


@dataclass(frozen=True, slots=True)
class Oklch:
    """A colour as people see it: `lightness` 0 to 1, `chroma` from 0 for grey, `hue` in degrees."""

    lightness: float
    chroma: float
    hue: float

    @property
    def colour(self) -> Colour:
        """The same on a screen. Chroma gives way where a screen has too little; lightness and hue stay."""
        low, high = 0.0, self.chroma
        if not _fits(self._srgb(high)):
            for _ in range(_STEPS):
                middle = (low + high) / 2
                low, high = (middle, high) if _fits(self._srgb(middle)) else (low, middle)
            high = low
        red, green, blue = (round(255 * min(1.0, max(0.0, each))) for each in self._srgb(high))
        return Colour(red, green, blue)

    def _srgb(self, chroma: float) -> tuple[float, float, float]:
        a, b = chroma * math.cos(math.radians(self.hue)), chroma * math.sin(math.radians(self.hue))
        long = (self.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        medium = (self.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (self.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        return (
            _gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
            _gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
            _gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
        )


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2.2, contrast ratio: 1 for the same, 21 for black on white."""
    light, dark = sorted((one.luminance, other.luminance), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def parse_colour(text: str) -> Colour:
    """A colour as CSS writes it: `#1a6`, `#11aa66`, `rgb()`, `hsl()` or `oklch()`, without transparency.

    Raises:
        ValueError: it is none of these.
    """
    text = text.strip().lower()
    if _HEX.fullmatch(text):
        digits = text[1:] if len(text) > 4 else "".join(2 * digit for digit in text[1:])  # noqa: PLR2004 - "#1a6"
        return Colour(*bytes.fromhex(digits))
    function = _FUNCTION.fullmatch(text)
    parts = re.split(r"\s*,\s*|\s+", function[2].strip()) if function else []
    if function is None or len(parts) != 3:  # noqa: PLR2004 - three parts make a colour
        raise ValueError(text)
    numbers = [_NUMBER.fullmatch(part) for part in parts]
    values = [(float(number[1]), number[2] or "") for number in numbers if number]
    if len(values) != len(parts):
        raise ValueError(text)
    return _READ[function[1]](values)


_Values = list[tuple[float, str]]


def _rgb(values: _Values) -> Colour:
    scaled = [value * 2.55 if unit == "%" else value for value, unit in values]
    red, green, blue = (round(min(255.0, max(0.0, value))) for value in scaled)
    return Colour(red, green, blue)


def _hsl(values: _Values) -> Colour:
    (hue, _), (saturation, _), (lightness, _) = values
    share = min(100.0, max(0.0, saturation)) / 100
    made = colorsys.hls_to_rgb(hue % 360 / 360, min(100.0, max(0.0, lightness)) / 100, share)
    red, green, blue = (round(255 * each) for each in made)
    return Colour(red, green, blue)


def _oklch(values: _Values) -> Colour:
    (lightness, unit), (chroma, chroma_unit), (hue, _) = values
    light = lightness / 100 if unit == "%" else lightness
    strong = chroma * _OKLCH_CHROMA / 100 if chroma_unit == "%" else chroma
    return Oklch(min(1.0, max(0.0, light)), max(0.0, strong), hue % 360).colour


_READ = {"rgb": _rgb, "hsl": _hsl, "oklch": _oklch}


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - IEC 61966-2-1


def _gamma(value: float) -> float:
    if value <= 0.0031308:  # noqa: PLR2004 - IEC 61966-2-1
        return 12.92 * value
    return 1.055 * value ** (1 / 2.4) - 0.055


def _fits(srgb: tuple[float, float, float]) -> bool:
    return all(-_ROUNDING <= each <= 1 + _ROUNDING for each in srgb)
