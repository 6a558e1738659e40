"""What Chromium tells assistive programs of a page, through its accessibility tree."""

from __future__ import annotations

from collections import Counter
from typing import Any

from playwright.async_api import Page

CONTROLS = {
    *("button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "switch", "menuitem"),
    *("spinbutton", "tab", "slider", "option"),
}


class AxTree:
    """The nodes that are not left out, each with role, name and properties."""

    def __init__(self, nodes: list[dict[str, Any]]) -> None:
        self._nodes = [node for node in nodes if not node.get("ignored")]

    @classmethod
    async def of(cls, page: Page) -> AxTree:
        """The tree as it is now, shadow roots included."""
        session = await page.context.new_cdp_session(page)
        try:
            return cls((await session.send("Accessibility.getFullAXTree"))["nodes"])
        finally:
            await session.detach()

    def named(self, role: str) -> list[str]:
        """The names of everything in this role."""
        return [_value(node, "name") for node in self._nodes if _value(node, "role") == role]

    def live(self, role: str) -> list[dict[str, Any]]:
        """The properties of everything in this role."""
        return [
            {each["name"]: each["value"].get("value") for each in node.get("properties", [])}
            for node in self._nodes
            if _value(node, "role") == role
        ]

    def wrong(self) -> list[str]:
        """What no page of ours may have: a nameless control, two landmarks of a name, no h1 or two."""
        nameless = [
            f"a {_value(node, 'role')} without a name"
            for node in self._nodes
            if _value(node, "role") in CONTROLS and not _value(node, "name").strip()
        ]
        if self.live("dialog") and any(each.get("modal") for each in self.live("dialog")):
            return nameless  # a dialog that is open hides all else
        mains = len(self.named("main"))
        levels = Counter(props.get("level") for props in self.live("heading"))
        navigations = Counter(self.named("navigation"))
        return [
            *nameless,
            *([] if mains == 1 else [f"{mains} main landmarks"]),
            *([] if levels[1] == 1 else [f"{levels[1]} headings of level 1"]),
            *(
                f"{count} navigations named {name!r}"
                for name, count in navigations.items()
                if count > 1 or not name
            ),
        ]


def _value(node: dict[str, Any], key: str) -> str:
    return str(node.get(key, {}).get("value", ""))
