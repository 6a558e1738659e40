"""What a site's visitor downloads, compressed: the loader at once, the rest when somebody wants to chat."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from actors.speech import LANGUAGES
from server.front.assets import Assets

ASSETS = Path(__file__).parents[2] / "web" / "assets"
LOADER = "widget/loader.js"
PANELS = [f"widget/panel.{language}.js" for language in LANGUAGES]
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
    # A visitor gets the panel of one language; the largest counts.
    weights = {path: weight(assets, path) for path in PANELS}
    assert weight(assets, LOADER) + max(weights.values()) <= ALL_BYTES, weights


@pytest.mark.parametrize("path", [LOADER, *PANELS])
def test_the_widget_asks_for_nothing_more(assets: Assets, path: str) -> None:
    script = served(assets, path)
    assert not re.findall(r"(?:^|[;}])import\b(?![(.])[^;]*", script)
    assert not re.findall(r"\bcontentOf\(|import\.meta", script)
    assert len(re.findall(r"\bfetch\(|\bimport\(", script)) == (2 if path == LOADER else 0)


@pytest.mark.skipif(
    shutil.which("node") is None, reason="Node is a tool for us; `make check` says when it is missing"
)
def test_what_is_served_is_still_a_program(assets: Assets, tmp_path: Path) -> None:
    for path in (LOADER, *PANELS):
        program = tmp_path / (Path(path).stem + (".cjs" if path == LOADER else ".mjs"))
        program.write_text(served(assets, path), encoding="utf-8")
        checked = subprocess.run(["node", "--check", program], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, f"{path}: {checked.stderr}"
