/** @import {Actions} from "./actions.js" */
import { MAC } from "./keys.js";
import { ariaKeys, keyWords } from "./keymap.js";

/**
 * Tooltips and caps on buttons show the member's own keys. `data-action` names the action; what the tooltip says without
 * keys stands in `title`.
 *
 * @param {Actions} actions @param {ParentNode} [root]
 */
export function startHints(actions, root = document) {
  const show = () => {
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-action]"))) showHint(element, actions);
  };
  actions.watch(show);
  show();
}

/** What the tooltip says, before the keys. @param {HTMLElement} element @param {string} text */
export function retitle(element, text) {
  element.dataset.hint = text;
  element.title = [text, element.dataset.keys].filter(Boolean).join("  ");
}

/** @param {HTMLElement} element @param {Actions} actions */
function showHint(element, actions) {
  const keys = actions.keys.get(element.dataset.action ?? "") ?? "";
  const words = keys ? keyWords(keys, MAC) : "";
  element.dataset.keys = words;
  retitle(element, element.dataset.hint ?? element.title);
  const aria = ariaKeys(keys, MAC);
  if (aria) element.setAttribute("aria-keyshortcuts", aria);
  else element.removeAttribute("aria-keyshortcuts");
  const cap = element.querySelector("kbd");
  if (!cap) return;
  cap.hidden = !words;
  cap.textContent = words;
}
