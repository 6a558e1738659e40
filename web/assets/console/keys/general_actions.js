/** @import {PageData} from "../types.js" */
import { signOut } from "../page/account.js";
import { chooseTheme, theme } from "../page/theme_choice.js";
import { Palette } from "../palette/palette.js";
import { Actions } from "./actions.js";
import { followChoices } from "./choices.js";
import { startHints } from "./hints.js";
import { startKeys } from "./keys.js";
import { showShortcuts } from "./sheet.js";

/** What can be done on every page; the page adds its own. @param {PageData} data */
export function startActions({ me, keyboard }) {
  const actions = new Actions(me, keyboard);
  const palette = new Palette(actions, `baton:${me.workspace.id}:${me.user.id}`);
  actions.search = (typed) => palette.open(typed);
  actions.provide({
    palette: () => palette.open(),
    write: () => palette.open(),
    help: () => showShortcuts(actions),
    "theme-light": { when: () => theme() !== "light", run: () => chooseTheme("light") },
    "theme-dark": { when: () => theme() !== "dark", run: () => chooseTheme("dark") },
    "theme-system": { when: () => theme() !== "", run: () => chooseTheme("") },
    "sign-out": signOut,
  });
  for (const button of document.querySelectorAll("button[data-run]")) button.addEventListener("click", () => actions.run(/** @type {HTMLElement} */ (button).dataset.run ?? ""));
  followChoices(actions, me.user.id);
  startKeys(actions);
  startHints(actions);
  return actions;
}
