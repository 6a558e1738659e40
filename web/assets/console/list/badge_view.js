/** @import {Row} from "../types.js" */
import { clone, part, setText } from "../parts/dom.js";
import { setIcon } from "../parts/icon.js";

const ICONS = { bot: "bot", waiting: "hand", human: "user-round" };

/** Who has it: hue, icon and word. @param {Element} element @param {Row["badge"]} badge as the server decided it */
export function showBadge(element, { kind, label }) {
  if (!element.firstElementChild) element.append(clone("badge-template"));
  element.setAttribute("data-kind", kind);
  setIcon(/** @type {Element} */ (element.querySelector("svg")), ICONS[kind] ?? "bot");
  setText(part(element, "label"), label);
}
