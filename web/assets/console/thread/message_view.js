/** @import {Cited} from "../../shared/rich_text.js" */
/** @import {Entry, Role} from "../types.js" */
import { fold, isLong } from "../../shared/fold.js";
import { asTyped, blocks, decided } from "../../shared/markdown.js";
import { showBlocks } from "../../shared/rich_text.js";
import { exactly, setTime } from "../figures/live_times.js";
import { clone, part, setText } from "../parts/dom.js";
import { setIcon } from "../parts/icon.js";
import { safeLink } from "../parts/links.js";
import { showSources } from "./sources_view.js";

/** As many letters as a line of a bubble holds, about. */
const COLUMNS = 64;
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
  if (at && bubble.title !== exactly(at)) bubble.title = exactly(at);
  const cited = showSources(part(element, "sources"), sources ?? []);
  showText(element, { role, text, state, sources }, cited);
}

/** What a message shows. @type {WeakMap<Element, string>} */
const shown = new WeakMap();

/** Text with what its marks say, a visitor's as it was typed; the same text again touches nothing. @param {HTMLElement} element @param {Pick<Shown, "role" | "text" | "state" | "sources">} shown @param {Cited} cited */
function showText(element, { role, text, state, sources = [] }, cited) {
  const growing = state === "streaming";
  const key = `${growing} ${text}`;
  if (shown.get(element) === key) return;
  const grew = shown.get(element)?.startsWith("true");
  const bubble = part(element, "text");
  shown.set(element, key);
  showBlocks(bubble, role === "user" ? asTyped(text) : blocks(growing ? decided(text) : text, { sources: sources.length }), { link: safeLink, cited });
  // Who saw it grow is reading it.
  const button = part(element, "fold");
  if (growing || grew || !button.hidden || !isLong(text, COLUMNS)) return;
  button.hidden = false;
  fold(bubble, button, { all: "Show all", less: "Show less" });
}
