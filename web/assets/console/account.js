import { api } from "./api.js";
import { byId, setText } from "./dom.js";
import { showPlaces } from "./places.js";

const THEMES = ["", "light", "dark"];
const NAMES = ["Theme: as the system", "Theme: light", "Theme: dark"];

/** The menu under the operator's name. */
export function startAccount() {
  const menu = byId("account", HTMLDetailsElement);
  const theme = byId("theme");
  nameTheme(theme);
  theme.addEventListener("click", () => nextTheme(theme));
  byId("sign-out").addEventListener("click", signOut);
  menu.addEventListener("toggle", () => menu.open && showPlaces(), { once: true });
  document.addEventListener("click", ({ target }) => {
    if (!menu.contains(/** @type {Node} */ (target))) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}

async function signOut() {
  await api("POST", "/logout").catch(() => null);
  sessionStorage.clear();
  location.assign("/login?signed_out=1");
}

/** @param {HTMLElement} button */
function nextTheme(button) {
  const root = document.documentElement;
  const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? "") + 1) % THEMES.length];
  if (next) root.dataset.theme = next;
  else delete root.dataset.theme;
  try {
    localStorage.setItem("baton:theme", next ?? "");
  } catch {
    // It holds for this page then.
  }
  nameTheme(button);
}

/** @param {HTMLElement} button */
const nameTheme = (button) =>
  setText(/** @type {Element} */ (button.lastElementChild), NAMES[THEMES.indexOf(document.documentElement.dataset.theme ?? "")] ?? "");
