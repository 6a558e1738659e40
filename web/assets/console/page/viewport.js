/** Less than this a bar of the browser takes; a keyboard takes more. */
const KEYBOARD_PX = 120;

/**
 * While the keyboard of a phone is there the bar of places makes room for it; and where it covers the page instead of
 * shrinking it (iOS) the page is shrunk, so that the composer stays above it.
 */
export function startViewport() {
  const viewport = window.visualViewport;
  if (!viewport) return;
  let whole = { width: innerWidth, height: viewport.height };
  viewport.addEventListener("resize", () => {
    if (viewport.scale !== 1) return;
    const height = innerWidth === whole.width ? Math.max(whole.height, viewport.height) : viewport.height;
    whole = { width: innerWidth, height };
    const covered = innerHeight - viewport.height > KEYBOARD_PX;
    document.body.toggleAttribute("data-keyboard", height - viewport.height > KEYBOARD_PX);
    document.body.style.height = covered ? `${viewport.height}px` : "";
    if (covered) scrollTo(0, 0);
  });
}
