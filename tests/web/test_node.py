"""The JavaScript tests, run by Node's own runner, counted as one of ours."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_browser_code_passes_its_tests():
    node = shutil.which("node")
    if not node:
        assert os.environ.get("CI") != "true", "CI must have node"
        pytest.skip("node is not installed")
    tests = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests/web").glob("**/*.test.*js"))
    ran = subprocess.run([node, "--test", *tests], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
