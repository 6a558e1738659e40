"""Documents as sections: headings with the lines that stand under them."""

from __future__ import annotations

import re

from server.knowledge.passages import Section, slug

_ASKED = re.compile(r"\s*(?:<!--)?\s*asked:(.*?)(?:-->)?\s*", re.DOTALL)
_LIST_LINE = re.compile(r"^\s*(?:[-*•+]|\d{1,4}[.)])\s+")


class SectionWriter:
    """Collects headings and lines, in the order of the document."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._path: list[tuple[int, str]] = []
        self._anchors: dict[str, int] = {}
        self._anchor = ""
        self._lines: list[str] = []
        self._asked: list[str] = []
        self._sections: list[Section] = []

    def heading(self, level: int, text: str) -> None:
        """Begin a section under a heading of this level, 1 to 6."""
        text = one_line(text)
        if not text:
            return
        has_children = bool(self._path) and level > self._path[-1][0]
        self._close(keep_empty=not has_children)
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        self._path.append((level, text))
        self._anchor = slug(text, self._anchors)

    def line(self, text: str, mark: str = "") -> None:
        """Add a paragraph or, with a mark, a list item."""
        text = one_line(text)
        if text:
            self._lines.append(mark + text)

    def code(self, text: str) -> None:
        """Add lines of code as they stand."""
        self._lines.extend("    " + line.rstrip() for line in text.splitlines() if line.strip())

    def comment(self, text: str) -> bool:
        """Take in `asked: how much is it; price`, other words for what stands here; False if it is none."""
        found = _ASKED.fullmatch(text)
        if found:
            self._asked.extend(one_line(phrase) for phrase in found[1].split(";") if phrase.strip())
        return found is not None

    def finish(self) -> list[Section]:
        """The sections."""
        self._close(keep_empty=True)
        return self._sections

    def _close(self, *, keep_empty: bool) -> None:
        if self._lines or (keep_empty and self._path):
            path = tuple(text for _, text in self._path) or (self._title,)
            self._sections.append(Section(path, self._anchor, tuple(self._lines), tuple(self._asked)))
        self._lines, self._asked = [], []


def read_text(text: str, title: str) -> list[Section]:
    """Plain text: paragraphs between blank lines, list lines kept apart."""
    writer = SectionWriter(title)
    for block in re.split(r"\n\s*\n", text):
        paragraph: list[str] = []
        for line in block.splitlines():
            if _LIST_LINE.match(line):
                writer.line(" ".join(paragraph))
                writer.line(_LIST_LINE.sub("", line), "- ")
                paragraph = []
            else:
                paragraph.append(line)
        writer.line(" ".join(paragraph))
    return writer.finish()


def one_line(text: str) -> str:
    """Text without line breaks and doubled blanks."""
    return " ".join(text.split())


def table_row(header: list[str], cells: list[str]) -> str:
    """A row as a sentence of its own: each cell after the name of its column."""
    named = [
        f"{header[index]}: {cell}" if index < len(header) and header[index] else cell
        for index, cell in enumerate(cells)
        if cell
    ]
    return "; ".join(named)
