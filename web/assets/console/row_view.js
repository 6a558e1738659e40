/** @import {Row} from "./types.js" */
import { showBadge } from "./badge_view.js";
import { clone, part, setText } from "./dom.js";
import { setTime } from "./live_times.js";

const SPEAKER = { user: "", assistant: "Bot: ", "human-agent": "Team: " };

export const createRow = () => clone("row-template");

/** @param {HTMLElement} element @param {Row} row @param {{href: string, selected: boolean}} where */
export function updateRow(element, row, { href, selected }) {
  const link = /** @type {HTMLAnchorElement} */ (element.firstElementChild);
  element.dataset.id = row.id;
  element.dataset.kind = row.badge.kind;
  link.setAttribute("href", href);
  if (selected) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
  setText(part(element, "name"), row.visitor_name);
  setText(part(element, "preview"), previewText(row));
  setTime(part(element, "time"), row.waiting_since && row.badge.kind === "waiting" ? row.waiting_since : row.last_activity_at, "ago");
  showBadge(part(element, "badge"), row.badge);
}

/** @param {Row} row */
function previewText({ preview, preview_role }) {
  if (!preview) return "Nothing written yet";
  return (preview_role ? SPEAKER[preview_role] : "") + preview;
}
