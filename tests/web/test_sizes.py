"""What a site's visitor downloads, compressed: the loader at once, the rest when somebody wants to chat."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from actors.speech import LANGUAGES
from server.assets import Assets

ASSETS = Path(__file__).parents[2] / "web" / "assets"
LOADER = "widget/loader.js"
SCRIPTS = (LOADER, "widget/panel.js", "widget/rules.js")
STYLES = ("shared/tokens.css", "widget/panel.css")
LOADER_BYTES = 4 * 1024
ALL_BYTES = 25 * 1024


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets(ASSETS)


def weight(assets: Assets, path: str) -> int:
    asset = assets.find(path)
    assert asset is not None
    return len(asset.gzipped or asset.body)


def served(assets: Assets, path: str) -> str:
    asset = assets.find(path)
    assert asset is not None
    return asset.body.decode()


def test_the_loader_is_small(assets: Assets) -> None:
    assert weight(assets, LOADER) <= LOADER_BYTES


def test_all_that_chatting_needs_is_small(assets: Assets) -> None:
    weights = {path: weight(assets, path) for path in (*SCRIPTS, *STYLES)}
    # A visitor gets the words of one language; the largest counts.
    weights["words"] = max(weight(assets, f"widget/locales/{language}.json") for language in LANGUAGES)
    assert sum(weights.values()) <= ALL_BYTES, weights


def test_the_widget_imports_nothing_more(assets: Assets) -> None:
    for path in SCRIPTS:
        assert not re.findall(r"(?:^|[;}])import\b(?![(.])[^;]*", served(assets, path)), path
    fetched = re.findall(r"""["'`](\.\.?/[^"'`]+)["'`]""", served(assets, "widget/panel.js"))
    assert {Path(path).suffix for path in fetched} == {".css"}


@pytest.mark.skipif(
    shutil.which("node") is None, reason="Node is a tool for us; `make check` says when it is missing"
)
def test_what_is_served_is_still_a_program(assets: Assets, tmp_path: Path) -> None:
    for path in SCRIPTS:
        program = tmp_path / (Path(path).stem + (".cjs" if path == LOADER else ".mjs"))
        program.write_text(served(assets, path), encoding="utf-8")
        checked = subprocess.run(["node", "--check", program], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, f"{path}: {checked.stderr}"
