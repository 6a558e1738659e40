/**
 * Tells the style sheet how much of the page a phone's keyboard leaves to be seen, as `--seen-height` and `--seen-top`.
 *
 * @param {ShadowRoot} root
 * @returns {() => void} Stops it.
 */
export function followViewport(root) {
  const seen = window.visualViewport;
  if (!seen || !("adoptedStyleSheets" in root)) return () => {};
  const sheet = new CSSStyleSheet();
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const measure = () => sheet.replaceSync(`.panel { --seen-height: ${seen.height}px; --seen-top: ${seen.offsetTop}px }`);
  measure();
  for (const change of ["resize", "scroll"]) seen.addEventListener(change, measure);
  return () => {
    for (const change of ["resize", "scroll"]) seen.removeEventListener(change, measure);
  };
}
