"""Bars as SVG, legible on light and dark: a drawing library would be larger than what we draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from ops.bench.spread import Spread

WIDTH, ROW, TOP, NAMES, FIGURES = 760, 26, 44, 210, 90

_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 14px }
  .bar { fill: #8c959f } .ours { fill: #0969da } .spread { stroke: #1f2328; stroke-width: 1.5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .bar { fill: #6e7681 } .ours { fill: #4493f8 } .spread { stroke: #e6edf3 }
  }
"""


@dataclass(frozen=True)
class Bar:
    """A named bar with its spread; ours stands out."""

    name: str
    spread: Spread
    ours: bool = False


def bars(title: str, drawn: Sequence[Bar], digits: int = 1) -> str:
    """Horizontal bars from zero to the largest median. A spread beyond that ends at the edge."""
    height = TOP + ROW * len(drawn) + 8
    most = max((bar.spread.median for bar in drawn), default=0) or 1
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<text class="title" x="8" y="22">{escape(title)}</text>',
    ]
    for number, bar in enumerate(drawn):
        lines += _row(bar, TOP + ROW * number, (WIDTH - NAMES - FIGURES) / most, digits)
    return "\n".join([*lines, "</svg>", ""])


def _row(bar: Bar, y: int, scale: float, digits: int) -> Iterator[str]:
    kind = "ours" if bar.ours else "bar"
    end = WIDTH - FIGURES
    low, high = (min(end, NAMES + scale * value) for value in (bar.spread.low, bar.spread.high))
    middle = y + ROW / 2 - 2
    yield f'<text x="{NAMES - 10}" y="{y + 16}" text-anchor="end">{escape(bar.name)}</text>'
    width = max(1.0, scale * bar.spread.median)
    yield f'<rect class="{kind}" x="{NAMES}" y="{y + 2}" width="{width:.1f}" height="{ROW - 8}" rx="2"/>'
    yield f'<line class="spread" x1="{low:.1f}" x2="{high:.1f}" y1="{middle:.1f}" y2="{middle:.1f}"/>'
    label = max(high, NAMES + width) + 6
    yield f'<text x="{label:.1f}" y="{y + 16}">{bar.spread.median:,.{digits}f}</text>'
