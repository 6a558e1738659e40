"""Scripts and styles without what only a reader of the source wants."""

from __future__ import annotations

import re

_BLOCK = re.compile(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*", re.DOTALL | re.MULTILINE)
_LINE = re.compile(r"^[ \t]*//.*$\n?", re.MULTILINE)
_INDENT = re.compile(r"^\s+", re.MULTILINE)


def slim(path: str, text: str) -> str:
    """The text of a `.js` or `.css` file without comments that begin a line, and without indentation.

    Done once, when the assets are read: the widget's documentation weighs a third of it, and no visitor
    reads it. Only what begins a line goes, so nothing has to be parsed; text over several lines in a
    template literal must not begin a line with a comment's mark or count on its indentation. Other files
    come back as they are.
    """
    if not path.endswith((".js", ".css")):
        return text
    text = _BLOCK.sub("", text)
    if path.endswith(".js"):
        text = _LINE.sub("", text)
    return _INDENT.sub("", text)
