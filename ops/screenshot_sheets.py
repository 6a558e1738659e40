"""Contact sheets: every look of a state on one picture, half as large, for a person to see them quickly."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from PIL import Image

_PICTURE = re.compile(r"(?P<state>.+)-(?P<width>\d+)-(?P<scheme>light|dark)\.png")
_GAP = 16
_GREY = (136, 136, 136)


def make_sheets(folder: Path, sheets: Path) -> int:
    """Write `sheets/{state}.png` for each state: a row for light, a row for dark. Gives how many."""
    states: dict[str, dict[tuple[str, int], Path]] = defaultdict(dict)
    for path in folder.glob("*.png"):
        if found := _PICTURE.fullmatch(path.name):
            states[found["state"]][found["scheme"], int(found["width"])] = path
    sheets.mkdir(parents=True, exist_ok=True)
    for state, looks in states.items():
        rows = [[looks[key] for key in sorted(looks) if key[0] == scheme] for scheme in ("light", "dark")]
        _sheet([row for row in rows if row]).save(sheets / f"{state}.png")
    return len(states)


def _sheet(rows: list[list[Path]]) -> Image.Image:
    halves = [[_half(path) for path in row] for row in rows]
    width = max(sum(image.width + _GAP for image in row) for row in halves) + _GAP
    height = sum(max(image.height for image in row) + _GAP for row in halves) + _GAP
    sheet = Image.new("RGB", (width, height), _GREY)
    top = _GAP
    for row in halves:
        left = _GAP
        for image in row:
            sheet.paste(image, (left, top))
            left += image.width + _GAP
        top += max(image.height for image in row) + _GAP
    return sheet


def _half(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB").reduce(2)
