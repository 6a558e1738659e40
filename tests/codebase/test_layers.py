from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.codebase.tree import PACKAGES, ROOT, files, modules, name

MOTOR_ALONE_IN = "server/store/mongo.py"
ENGINE_PACKAGE = "secantus"


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def importers(package: str) -> list[str]:
    return [
        name(path)
        for path in modules(*PACKAGES, "ops")
        if any(module.split(".")[0] == package for module in imported(path))
    ]


def test_imports_point_inward():
    linted = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_motor_is_imported_in_one_file():
    assert importers("motor") == [MOTOR_ALONE_IN]


def test_the_engine_is_a_program_and_never_imported():
    assert importers(ENGINE_PACKAGE) == []


def test_nobody_imports_the_web_or_the_scripts():
    paths = modules(*PACKAGES)
    assert not [
        name(path) for path in paths if {module.split(".")[0] for module in imported(path)} & {"web", "ops"}
    ]


def test_every_python_file_has_modern_annotations():
    lazy = "from __future__ import annotations"
    assert not [
        name(path)
        for path in files(".py")
        if (text := path.read_text("utf-8")).strip() and lazy not in text and len(text.splitlines()) > 3
    ]
