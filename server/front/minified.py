"""What visitors download, minified: in a program of its own, which is gone when it has answered.

The minifier is written in Go. In the server's process its runtime would stay for ever, with threads, signal
handlers and 10 MB of memory, for work of 30 ms at start; so this file is also the program that does it.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec

_SECONDS = 20
_TYPES = {"css": "text/css", "js": "application/javascript"}

log = logging.getLogger(__name__)


def minified(texts: Mapping[str, str]) -> dict[str, str]:
    """The same scripts and styles by path, with short local names and without what only a reader wants.

    As they are where there is no minifier (it has no wheel for some machines that people develop on), and,
    with a warning, when it fails: the widget weighs more then, and works.
    """
    return dict(_of(tuple(texts.items()))) if find_spec("minify") else dict(texts)


@lru_cache(maxsize=4)
def _of(texts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    command = [sys.executable, "-I", __file__]
    try:
        done = subprocess.run(  # noqa: S603 - this file, with texts of ours
            command, input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=_SECONDS
        )
        return tuple((path, text) for path, text in json.loads(done.stdout))
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        why = getattr(error, "stderr", None) or error
        log.warning("The widget's files could not be minified, and are served as they are: %s", why)
        return texts


if __name__ == "__main__":
    import minify  # pyright: ignore[reportMissingTypeStubs]

    told = json.load(sys.stdin)
    json.dump(
        [(path, minify.string(_TYPES[path.rpartition(".")[2]], text)) for path, text in told], sys.stdout
    )
