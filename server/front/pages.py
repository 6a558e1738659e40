"""The HTML pages: Jinja2 over web/templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape


class Pages:
    """Renders templates. Whatever a person typed is escaped; `|tojson` is safe inside a data block too.

    Args:
        folder: web/templates.
        asset: gives the address of a file below web/assets.
    """

    def __init__(self, folder: Path, asset: Callable[[str], str]) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals.update(asset=asset)  # pyright: ignore[reportUnknownMemberType] - untyped

    def render(self, name: str, variables: Mapping[str, object]) -> str:
        """Render a template. A variable that the template needs and does not get raises."""
        return self._environment.get_template(name).render(variables)
