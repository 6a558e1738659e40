/** @import {Row, Tag} from "./types.js" */
import { showBadge } from "./badge_view.js";
import { clone, part, setText } from "./dom.js";
import { setTime } from "./live_times.js";
import { showChips } from "./tags.js";

const SPEAKER = { user: "", assistant: "Bot: ", "human-agent": "Team: " };

/** A row, with a place for its tags, and what those who may delete have in it. */
export function createRow() {
  const row = clone("row-template");
  const tags = document.createElement("span");
  tags.className = "row-tags";
  tags.dataset.part = "tags";
  row.firstElementChild?.append(tags);
  row.append(clone("row-extra-template"));
  return row;
}

/** @param {HTMLElement} element @param {Row} row @param {{href: string, selected: boolean, tags: Tag[]}} where */
export function updateRow(element, row, { href, selected, tags }) {
  const link = /** @type {HTMLAnchorElement} */ (element.firstElementChild);
  element.dataset.id = row.id;
  element.dataset.kind = row.badge.kind;
  link.setAttribute("href", href);
  if (selected) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
  setText(part(element, "name"), row.visitor_name);
  setText(part(element, "preview"), previewText(row));
  setTime(part(element, "time"), row.waiting_since && row.badge.kind === "waiting" ? row.waiting_since : row.last_activity_at, "ago");
  part(element, "lead").hidden = !row.has_lead;
  showBadge(part(element, "badge"), row.badge);
  showChips(part(element, "tags"), tags);
}

/** @param {Row} row */
function previewText({ preview, preview_role }) {
  if (!preview) return "Nothing written yet";
  return (preview_role ? SPEAKER[preview_role] : "") + preview;
}
