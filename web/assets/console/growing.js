/** Let a text area grow with its text up to so many lines. @param {HTMLTextAreaElement} area @param {number} most */
export function growing(area, most) {
  const least = area.rows;
  const resize = () => {
    area.rows = least;
    const line = parseFloat(getComputedStyle(area).lineHeight) || 20;
    while (area.rows < most && area.scrollHeight > area.clientHeight + line / 4) area.rows += 1;
  };
  area.addEventListener("input", resize);
  area.addEventListener("baton:resize", resize);
}
