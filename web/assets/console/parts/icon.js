const SPRITE = new URL("../../vendor/icons.svg", import.meta.url).href;

/** Show another symbol of the sprite in an `<svg class="icon">`. @param {Element} svg @param {string} name */
export function setIcon(svg, name) {
  const use = svg.querySelector("use");
  const href = `${SPRITE}#${name}`;
  if (use && use.getAttribute("href") !== href) use.setAttribute("href", href);
}
