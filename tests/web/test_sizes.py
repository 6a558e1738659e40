"""What a site's visitor downloads, compressed: the loader at once, the rest when somebody wants to chat."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from server.slim import slim

ASSETS = Path(__file__).parents[2] / "web" / "assets"
LOADER = "widget/loader.js"
STYLES = {"shared/tokens.css", "widget/panel.css"}
LOADER_BYTES = 4 * 1024
ALL_BYTES = 25 * 1024


def _served(path: str) -> str:
    return slim(path, (ASSETS / path).read_text(encoding="utf-8"))


def _weight(path: str) -> int:
    return len(gzip.compress(_served(path).encode(), 6))


def _modules(entry: str) -> set[str]:
    """The entry and everything it imports, however far down."""
    found: set[str] = set()
    ahead = [entry]
    while ahead:
        path = ahead.pop()
        if path in found:
            continue
        found.add(path)
        targets = re.findall(r'^import .*?"(.+?)";$', _served(path), re.MULTILINE)
        ahead.extend(_join(path, target) for target in targets)
    return found


def _join(importer: str, target: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(importer).parent / target).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def test_the_loader_is_small() -> None:
    assert _weight(LOADER) <= LOADER_BYTES


def test_all_that_chatting_needs_is_small() -> None:
    weights = {path: _weight(path) for path in {LOADER, *STYLES} | _modules("widget/panel.js")}
    assert sum(weights.values()) <= ALL_BYTES, sorted(weights.items(), key=lambda item: -item[1])


def test_the_widget_imports_nothing_from_elsewhere() -> None:
    assert all(path.startswith(("widget/", "shared/")) for path in _modules("widget/panel.js"))


@pytest.mark.skipif(
    shutil.which("node") is None, reason="Node is a tool for us; `make check` says when it is missing"
)
def test_what_is_served_is_still_a_program(tmp_path: Path) -> None:
    for path in sorted({LOADER} | _modules("widget/panel.js")):
        program = tmp_path / (PurePosixPath(path).stem + (".cjs" if path == LOADER else ".mjs"))
        program.write_text(_served(path), encoding="utf-8")
        checked = subprocess.run(["node", "--check", program], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, f"{path}: {checked.stderr}"
