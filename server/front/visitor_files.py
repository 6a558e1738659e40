"""What visitors' browsers fetch: the loader, and one file more with all in it when somebody wants to chat."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import PurePosixPath

from handlers.widget.widget import LOADER, PANEL
from server.front.bundle import bundled
from server.front.minified import minified

ENTRY = "widget/panel.js"
LOCALES = "widget/locales"

_CONTENT = re.compile(r"""\bcontentOf\((["'`])([^"'`]+)\1\)""")
"""Where a script has the content of a file that is no script: a text, or what the JSON says."""


def carried(bodies: Mapping[str, str]) -> set[str]:
    """The paths of what scripts have the content of: nobody asks for that by itself."""
    named = {
        named for path, body in bodies.items() if path.endswith(".js") for _, named in _CONTENT.findall(body)
    }
    return {path for path in bodies for each in named if fnmatch(path, each.replace("{language}", "*"))}


def visitor_files(bodies: Mapping[str, str]) -> dict[str, str]:
    """By path: the loader, and a panel for each language that has words, `widget/panel.de.js`.

    A script comes once: a second request would wait for the first one's answer, and each costs a slow phone
    more than it weighs. The loader is a classic script of any number of modules, in a block so that none of
    its names is the page's.

    Raises:
        ValueError, KeyError: as `bundled`.
    """
    scripts = {path: text for path, text in bodies.items() if path.endswith(".js")}
    panel = bundled(ENTRY, scripts)
    styles = {path: bodies[path] for _, path in _CONTENT.findall(panel) if path.endswith(".css")}
    small = minified({LOADER: f"{{\n{bundled(LOADER, scripts)}}}\n", ENTRY: panel, **styles})
    words = [PurePosixPath(path).stem for path in bodies if path.startswith(f"{LOCALES}/")]
    panels = {
        PANEL.format(language=language): _filled(small[ENTRY], {**bodies, **small}, language)
        for language in words
    }
    return {LOADER: small[LOADER], **panels}


def _filled(script: str, bodies: Mapping[str, str], language: str) -> str:
    def content(found: re.Match[str]) -> str:
        body = bodies[found[2].replace("{language}", language)]
        value: object = json.loads(body) if found[2].endswith(".json") else body
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    return _CONTENT.sub(content, script)
