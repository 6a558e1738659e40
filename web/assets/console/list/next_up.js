/** @import {Row} from "../types.js" */
import { calledOf } from "../details/called.js";
import { setTime } from "../figures/live_times.js";
import { byId, part, setText } from "../parts/dom.js";

/** Who has waited longest of these. @param {readonly Row[]} rows @returns {Row | null} */
export function longestWaiting(rows) {
  const waiting = rows.filter((row) => row.badge.kind === "waiting" && row.waiting_since);
  return waiting.reduce((first, row) => (!first || String(row.waiting_since) < String(first.waiting_since) ? row : first), /** @type {Row | null} */ (null));
}

/** Beside the list while nothing is opened: who to turn to first, if somebody waits. @param {Row | null} row @param {string} href */
export function showNextUp(row, href) {
  const box = byId("next-up");
  box.hidden = !row?.waiting_since;
  if (!row?.waiting_since) return;
  setText(part(box, "name"), calledOf(row).name);
  setTime(part(box, "time"), row.waiting_since, "lasting");
  const link = part(box, "link");
  link.dataset.open = row.id;
  link.setAttribute("href", href);
}
