"""What is really painted: computed styles do not tell what forced colours make of them."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from playwright.async_api import Locator


async def contrast_within(locator: Locator) -> float:
    """The contrast of the lightest with the darkest pixel of an element, as WCAG 2 counts it: 1 to 21."""
    with Image.open(BytesIO(await locator.screenshot())) as image:
        lights = [
            _luminance(pixel) for _, pixel in image.convert("RGB").getcolors(image.width * image.height) or ()
        ]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def _luminance(pixel: object) -> float:
    assert isinstance(pixel, tuple)
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (each / 255 for each in pixel)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
