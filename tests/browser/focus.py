"""Walking through a page by Tab, and seeing where one is at every step."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.async_api import Page

# The focused element, below shadow roots; what shows it is its own outline, or that of what stands for it:
# a hidden radio's or switch's neighbour, or the box around a field that has none.
_LOOK = """() => {
    let at = document.activeElement;
    if (at?.localName === "iframe") return { what: "iframe", contrast: 21, key: "iframe" }; // shows its own
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    if (!at || at === document.body) return null;
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const rgba = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = ([r, g, b]) => {
        const linear = (c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        const [x, y, z] = [r, g, b].map((c) => linear(c / 255));
        return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = (element) => {
        for (let each = element; each; each = each.parentElement ?? each.getRootNode().host) {
            const colour = rgba(getComputedStyle(each).backgroundColor);
            if (colour[3] === 255) return colour;
        }
        return rgba(getComputedStyle(document.body).backgroundColor); // the canvas takes it over
    };
    const contrast = (one, other) => {
        const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const ring = (element) => {
        if (!element) return 0;
        const look = getComputedStyle(element);
        const around = behind(element.parentElement ?? element.getRootNode().host);
        const outlined = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
        if (outlined) return contrast(rgba(look.outlineColor), around);
        const framed = element.matches(".composer:focus-within") && parseFloat(look.borderTopWidth) >= 1;
        return framed ? contrast(rgba(look.borderTopColor), around) : 0;
    };
    const rings = [at, at.nextElementSibling, at.closest(".composer")].map(ring);
    const box = at.getBoundingClientRect();
    const label = (at.ariaLabel ?? at.textContent ?? "").trim().slice(0, 40);
    const what = `${at.tagName.toLowerCase()}${at.id && "#" + at.id}.${at.className} ${label}`;
    return { what, contrast: Math.max(...rings), key: `${what} ${Math.round(box.x)},${Math.round(box.y)}` };
}"""


@dataclass(frozen=True, slots=True)
class Step:
    """Where the focus is. `contrast`: of its ring with what is around it, 0 without a ring."""

    what: str
    contrast: float
    key: str


async def focus_of(page: Page) -> Step | None:
    """Where the focus is now; None when it is nowhere."""
    found = await page.evaluate(_LOOK)
    return Step(**found) if found else None


async def walk(page: Page, most: int = 80) -> list[Step]:
    """Press Tab until the focus comes round, or is where it was before."""
    steps: list[Step] = []
    seen: set[str] = set()
    for _ in range(most):
        await page.keyboard.press("Tab")
        step = await focus_of(page)
        if step is None or step.key in seen:
            break
        seen.add(step.key)
        steps.append(step)
    return steps


async def assert_seen(page: Page) -> None:
    """The focus is somewhere, and shows."""
    step = await focus_of(page)
    assert step is not None, "the focus is nowhere"
    assert step.contrast >= 3, f"{step.what}: its ring has a contrast of {step.contrast:.1f}"
