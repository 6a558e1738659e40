/** @import {Row, Tag} from "../types.js" */
import { showBadge } from "./badge_view.js";
import { calledOf, showProof } from "../details/called.js";
import { clone, part, setText } from "../parts/dom.js";
import { drafts } from "../thread/drafts.js";
import { setTime } from "../figures/live_times.js";
import { showChips } from "../tags/tags.js";
import { saying, showPieces } from "./match.js";

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

/**
 * @param {HTMLElement} element @param {Row} row
 * @param {{href: string, selected: boolean, unread: boolean, leaving: boolean, tags: Tag[]}} how `leaving`: it goes once rows may move
 */
export function updateRow(element, row, { href, selected, unread, leaving, tags }) {
  const link = /** @type {HTMLAnchorElement} */ (element.firstElementChild);
  const waits = row.badge.kind === "waiting" && row.waiting_since !== null;
  element.dataset.id = row.id;
  element.dataset.kind = row.badge.kind;
  element.toggleAttribute("data-unread", unread);
  element.toggleAttribute("data-leaving", leaving);
  link.setAttribute("href", href);
  if (selected) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
  part(element, "unread").hidden = !unread;
  const called = calledOf(row);
  const { name, by, line } = saying(row);
  showPieces(part(element, "name"), name);
  showProof(element, called);
  showPreview(element, row.id, line.join("") ? { by, line } : { line: ["Nothing written yet"] });
  part(element, "waits").hidden = !waits;
  setTime(part(element, "time"), waits && row.waiting_since ? row.waiting_since : row.last_activity_at, waits ? "lasting" : "ago");
  part(element, "lead").hidden = !row.has_lead;
  showBadge(part(element, "badge"), row.badge);
  showChips(part(element, "tags"), tags);
}

/** What this tab has and the visitor does not; else what there is to say. @param {HTMLElement} element @param {string} id of the conversation @param {{by?: string, line: readonly string[]}} otherwise */
export function showPreview(element, id, otherwise) {
  const store = drafts(id);
  const [unsent] = store.unsent();
  const draft = unsent?.text ?? store.read().trim();
  const own = part(element, "own");
  const by = part(element, "by");
  own.hidden = !draft;
  own.dataset.kind = unsent ? "unsent" : "draft";
  setText(own, unsent ? "Not sent: " : "Draft: ");
  setText(by, (!draft && otherwise.by) || "");
  by.hidden = !by.textContent;
  showPieces(part(element, "preview"), draft ? [draft] : otherwise.line);
}
