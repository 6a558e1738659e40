/** @import {Entry, Role} from "./types.js" */
import { clone, part, setText } from "./dom.js";
import { setIcon } from "./icon.js";
import { safeLink } from "./links.js";
import { linkify } from "./linkify.js";
import { setTime } from "./live_times.js";
import { exact } from "./times.js";
import { showSources } from "./sources_view.js";

const ICONS = { user: "globe", assistant: "bot", "human-agent": "user-round" };

/**
 * @typedef {object} Shown what a message shows, wherever it comes from
 * @property {Role} role
 * @property {string} name
 * @property {string} text
 * @property {string} [at]
 * @property {boolean} first whether it starts a group
 * @property {Entry["sources"]} [sources]
 * @property {"streaming" | "pending" | "sent" | "failed"} [state]
 */

export const createMessage = () => clone("message-template");

/** @param {HTMLElement} element @param {Shown} shown */
export function updateMessage(element, { role, name, text, at, first, sources, state }) {
  element.dataset.role = role;
  element.dataset.state = state ?? "";
  element.classList.toggle("first", first);
  if (state === "streaming") element.setAttribute("aria-live", "off");
  setIcon(/** @type {Element} */ (element.querySelector("svg")), ICONS[role]);
  setText(part(element, "name"), name);
  const bubble = part(element, "text");
  if (at) setTime(part(element, "time"), at, "clock");
  if (at && bubble.title !== exact(at)) bubble.title = exact(at);
  showText(bubble, text);
  showSources(part(element, "sources"), sources ?? []);
}

/** What a bubble shows; hosts may stand in it beside the text. @type {WeakMap<Element, string>} */
const shown = new WeakMap();

/** Text with its links; the same text again touches nothing. @param {HTMLElement} element @param {string} text */
function showText(element, text) {
  if (shown.get(element) === text) return;
  shown.set(element, text);
  element.replaceChildren(...linkify(text).flatMap(({ text: words, url }) => (url ? safeLink(url, words) : [words])));
}
