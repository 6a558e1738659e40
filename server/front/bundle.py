"""Several of our modules as one file: a visitor's browser asks once, and it packs a quarter smaller."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping

_IMPORT = re.compile(r'^import \{ ?([^}]*?) ?\} from "(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def bundled(entry: str, files: Mapping[str, str]) -> str:
    """The module `entry` with all it imports, however far down, each in a scope of its own.

    Understands what our modules use and nothing else: `import { a, b as c } from "./x.js";` on one line, and
    `export` before a declaration.

    Raises:
        ValueError: a module imports or exports in another way, or in a circle.
        KeyError: a module that is imported is not in `files`.
    """
    order: list[str] = []
    _follow(entry, files, order, ())
    names = {path: f"$module{number}" for number, path in enumerate(order)}
    wanted = {
        (_join(path, target), name.partition(" as ")[0])
        for path in order
        for listed, target in _IMPORT.findall(files[path])
        for name in listed.split(", ")
    }
    parts = [_scoped(path, files[path], names, wanted) for path in order if path != entry]
    return "".join([*parts, _with_imports(entry, files[entry], names)])


def _follow(path: str, files: Mapping[str, str], order: list[str], above: tuple[str, ...]) -> None:
    if path in above:
        raise ValueError(f"{' → '.join((*above, path))} import each other in a circle")
    if path in order:
        return
    for _, target in _IMPORT.findall(files[path]):
        _follow(_join(path, target), files, order, (*above, path))
    order.append(path)


def _scoped(path: str, text: str, names: Mapping[str, str], wanted: Collection[tuple[str, str]]) -> str:
    exported = [name for name in _EXPORT.findall(text) if (path, name) in wanted]
    body = _EXPORT.sub("", _with_imports(path, text, names))
    if other := _OTHER.search(body):
        raise ValueError(f"{path} has a line that cannot be bundled: {other[0]}")
    return f"const {names[path]} = (() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}})();\n"


def _with_imports(path: str, text: str, names: Mapping[str, str]) -> str:
    def taken(found: re.Match[str]) -> str:
        return f"const {{ {found[1].replace(' as ', ': ')} }} = {names[_join(path, found[2])]};\n"

    return _IMPORT.sub(taken, text)


def _join(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
