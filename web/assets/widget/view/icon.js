/** From Lucide, as in vendor/icons.svg: a sprite of another origin cannot be used, so the widget carries its few. */
const paths = {
  bot: "M12 8V4H8M6 8h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2ZM2 14h2M20 14h2M15 13v2M9 13v2",
  human: "M17 8A5 5 0 1 1 7 8a5 5 0 0 1 10 0ZM20 21a8 8 0 0 0-16 0",
  close: "M18 6 6 18M6 6l12 12",
  more: "M12 12h.01M19 12h.01M5 12h.01",
  send: "M5 12l7-7 7 7M12 19V5",
  down: "M12 5v14M19 12l-7 7-7-7",
  out: "M15 3h6v6M10 14 21 3M18 13v6a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h6",
};
const svg = "http://www.w3.org/2000/svg";

/**
 * @param {keyof typeof paths} name
 * @returns {SVGSVGElement} Hidden from assistive technology: a word always stands with it.
 */
export function icon(name) {
  const drawing = document.createElementNS(svg, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", `icon icon-${name}`);
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg, "path");
  path.setAttribute("d", paths[name]);
  drawing.append(path);
  return drawing;
}
