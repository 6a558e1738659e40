import { ApiError, api } from "../connection/api.js";
import { byId, setText } from "../parts/dom.js";
import { showPlaces } from "./places.js";
import { THEMES, chooseTheme, theme } from "./theme_choice.js";

const NAMES = ["Theme: as the system", "Theme: light", "Theme: dark"];

/** The menu under the operator's name. */
export function startAccount() {
  const menu = byId("account", HTMLDetailsElement);
  const button = byId("theme");
  nameTheme(button);
  button.addEventListener("click", nextTheme);
  addEventListener("baton:theme", () => nameTheme(button));
  byId("sign-out").addEventListener("click", signOut);
  // After this click has been heard everywhere: one outside the bell takes its words away.
  byId("bell-again").addEventListener("click", () => setTimeout(() => byId("bell").click()));
  menu.addEventListener("toggle", () => menu.open && void showPlaces());
  menu.addEventListener("click", ({ target }) => target instanceof Element && target.closest("button.menu-item:not(#theme)") && (menu.open = false));
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

/** Nobody is told that they are signed out before they are. */
export async function signOut() {
  const wrong = byId("sign-out-wrong");
  wrong.hidden = true;
  try {
    await api("POST", "/logout");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status !== 401) return staysIn(wrong, error); // else the session had ended already
  }
  sessionStorage.clear();
  location.assign("/login?signed_out=1");
}

/** Say it where one can try again. @param {HTMLElement} wrong @param {ApiError} error */
function staysIn(wrong, { message }) {
  byId("account", HTMLDetailsElement).open = true;
  setText(wrong, `You are still signed in. ${message}`);
  wrong.hidden = false;
  byId("sign-out").focus();
}

const nextTheme = () => chooseTheme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length] ?? "");

/** @param {HTMLElement} button */
const nameTheme = (button) =>
  setText(/** @type {Element} */ (button.lastElementChild), NAMES[THEMES.indexOf(theme())] ?? "");
