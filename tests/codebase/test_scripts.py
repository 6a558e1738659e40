"""A page asks for one script, and every module is part of one."""

from __future__ import annotations

import re

from server.front.bundle import entries
from tests.codebase.tree import ROOT

ASSETS = ROOT / "web" / "assets"
TEMPLATES = ROOT / "web" / "templates"
WIDGET = {"widget/loader.js", "widget/panel.js"}


def test_every_module_is_part_of_a_script_that_a_page_asks_for():
    modules = {path.relative_to(ASSETS).as_posix(): path.read_text("utf-8") for path in ASSETS.rglob("*.js")}
    pages = " ".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    assert set(entries(modules)) == set(re.findall(r"asset\('([\w/]+\.js)'\)", pages)) | WIDGET
