"""Several of our files as one: a browser asks once, and it packs a quarter smaller."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping

_IMPORT = re.compile(r'^import \{ ?([^}]*?) ?\} from "(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_OTHER_EXPORT = re.compile(r"^export\b.*", re.MULTILINE)
_OTHER_IMPORT = re.compile(r"^import\b.*", re.MULTILINE)
_LATE_IMPORT = re.compile(r"await import\([\"'`].*")
_SHEET_IMPORT = re.compile(r'^@import "(\.[^"]+)";\n', re.MULTILINE)


def entries(files: Mapping[str, str]) -> list[str]:
    """The modules and sheets that no other imports: what pages ask for."""
    imported = {_join(path, target) for path, text in files.items() for target in _targets(path, text)}
    return [path for path in files if path not in imported]


def bundled(entry: str, files: Mapping[str, str]) -> str:
    """The module `entry` with all it imports, however far down, each in a scope of its own below its path.

    Understands what our modules use and nothing else: `import { a, b as c } from "./x.js";` on one line, and
    `export` before a function, class or constant. `import.meta.url` stays the address that the module has by
    itself.

    Raises:
        ValueError: a module imports or exports in another way, what another has not, or in a circle.
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
    parts = [_scoped(path, _placed(path, entry, files[path]), names, wanted) for path in order[:-1]]
    own = _with_imports(entry, files[entry], names)
    if missing := wanted - {(path, name) for path in order for name in _EXPORT.findall(files[path])}:
        raise ValueError(f"imported and nowhere exported: {', '.join(map(' '.join, sorted(missing)))}")
    return "".join([*parts, _headed(entry, own)]) if parts else own


def joined(sheet: str, files: Mapping[str, str]) -> str:
    """A style sheet with those in the place of its `@import "./x.css";` that it begins with.

    Raises:
        KeyError: a sheet that is imported is not in `files`.
    """
    return _SHEET_IMPORT.sub(lambda found: joined(_join(sheet, found[1]), files), files[sheet])


def _targets(path: str, text: str) -> list[str]:
    if path.endswith(".css"):
        return _SHEET_IMPORT.findall(text)
    return [target for _, target in _IMPORT.findall(text)]


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
    _refuse(path, body, _OTHER_EXPORT)
    scope = f"const {names[path]} = (() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}})();\n"
    return _headed(path, scope)


def _headed(path: str, text: str) -> str:
    """Below its path, for whoever follows a line's number in the browser's log."""
    return f"// {path}\n{text}"


def _with_imports(path: str, text: str, names: Mapping[str, str]) -> str:
    def taken(found: re.Match[str]) -> str:
        return f"const {{ {found[1].replace(' as ', ': ')} }} = {names[_join(path, found[2])]};\n"

    text = _IMPORT.sub(taken, text)
    _refuse(path, text, _OTHER_IMPORT, _LATE_IMPORT)
    return text


def _refuse(path: str, text: str, *others: re.Pattern[str]) -> None:
    for other in others:
        if found := other.search(text):
            raise ValueError(f"{path} has a line that cannot be bundled: {found[0]}")


def _placed(path: str, entry: str, text: str) -> str:
    way = posixpath.relpath(path, posixpath.dirname(entry))
    return text.replace("import.meta.url", f'new URL("{way}", import.meta.url).href')


def _join(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
