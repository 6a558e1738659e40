/** @typedef {"" | "light" | "dark"} Theme nothing: as the system */

export const THEMES = /** @type {const} */ (["", "light", "dark"]);

/** @returns {Theme} */
export const theme = () => /** @type {Theme} */ (document.documentElement.dataset.theme ?? "");

/** `theme.js` shows it, here and in the other tabs. @param {Theme} next */
export function chooseTheme(next) {
  try {
    localStorage.setItem("baton:theme", next);
  } catch {
    // It holds for this page then.
  }
  dispatchEvent(new CustomEvent("baton:theme", { detail: next }));
}
