/**
 * Let a text area grow with its text up to so many lines; also when it comes to be as wide as it is: shown, or the screen turned.
 *
 * @param {HTMLTextAreaElement} area @param {number} most
 */
export function growing(area, most) {
  const least = area.rows;
  let width = 0;
  const resize = () => {
    area.rows = least;
    const line = parseFloat(getComputedStyle(area).lineHeight) || 20;
    while (area.rows < most && area.scrollHeight > area.clientHeight + line / 4) area.rows += 1;
  };
  area.addEventListener("input", resize);
  area.addEventListener("baton:resize", resize);
  new ResizeObserver(([entry]) => {
    const now = entry?.contentRect.width ?? 0;
    if (now === width) return;
    width = now;
    if (now) requestAnimationFrame(resize);
  }).observe(area);
}
