"""The texts of letters: Jinja2 over web/templates/mail, plain text and HTML of the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

TEMPLATES = Path(__file__).resolve().parents[2] / "web" / "templates"


@dataclass(frozen=True, slots=True)
class Texts:
    """A letter's content, twice."""

    text: str
    html: str


class MailTemplates:
    """Renders letters. HTML escapes all that people typed; plain text shows it as it is."""

    def __init__(self, folder: Path = TEMPLATES) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=select_autoescape(("html",), default=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    def render(self, name: str, variables: Mapping[str, object]) -> Texts:
        """The letter `mail/{name}.txt` and `mail/{name}.html`."""
        text, html = (
            self._environment.get_template(f"mail/{name}.{kind}").render(variables)
            for kind in ("txt", "html")
        )
        return Texts(text, html)


def spoken(at: datetime) -> str:
    """An instant for people: `22 November 2026, 14:05 UTC`."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"
