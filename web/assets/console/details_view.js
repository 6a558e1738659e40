/** @import {Entry} from "./types.js" */
/** @import {Transcript} from "./transcript.js" */
import { byId, clone, part, setText } from "./dom.js";
import { showLead } from "./lead_view.js";
import { safeUrl } from "./linkify.js";
import { setTime } from "./live_times.js";
import { reconcile } from "./reconcile.js";

/** The pane at the right: who the visitor is, where, who had the conversation, who looks at it. @param {Transcript} state @param {string} userId */
export function showDetails(state, userId) {
  const body = byId("details-body");
  if (!body.firstElementChild) body.append(clone("details-template"));
  const { row } = state;
  showLead(body, state.lead);
  const count = row.user_message_count;
  setText(part(body, "name"), row.visitor_name);
  setText(part(body, "online"), state.visitorOnline === null ? "–" : state.visitorOnline ? "On the page" : "Left the page");
  setTime(part(body, "created"), row.created_at, "clock");
  setTime(part(body, "active"), row.last_activity_at, "ago");
  setText(part(body, "count"), count === 1 ? "1 message" : `${count} messages`);
  showPage(body, row.page ?? {});
  showClaims(body, claims(state.entries), userId);
  part(body, "watching-section").hidden = !state.operators.length;
  reconcile(part(body, "watching"), state.operators, {
    key: (each) => each.user_id ?? each.name,
    create: () => document.createElement("li"),
    update: (element, each) => setText(element, each.user_id === userId ? `${each.name} (you)` : each.name),
  });
}

/** @param {Element} body @param {{url?: string, title?: string, referrer?: string}} page */
function showPage(body, { url, title, referrer }) {
  const href = safeUrl(url);
  const link = part(body, "page");
  part(body, "page-section").hidden = !url;
  link.hidden = !href;
  if (href) link.setAttribute("href", href);
  setText(link, href ? title || href : "");
  setText(part(body, "page-text"), href ? "" : (url ?? ""));
  showLine(part(body, "path"), href ? short(href) : "");
  showLine(part(body, "referrer"), referrer ? `Came from ${short(referrer)}` : "");
}

/** @param {HTMLElement} element @param {string} text */
function showLine(element, text) {
  setText(element, text);
  element.hidden = !text;
}

/** @param {string} url */
const short = (url) => url.replace(/^https?:\/\//, "");

/** @typedef {{entry: Entry, until: Entry | null}} Claim */

/** Each claim with the entry that ended it. @param {Entry[]} entries @returns {Claim[]} */
function claims(entries) {
  /** @type {Claim[]} */
  const list = [];
  for (const entry of entries) {
    const open = list.at(-1);
    if (open && !open.until && (entry.type === "released" || entry.type === "claimed")) open.until = entry;
    if (entry.type === "claimed") list.push({ entry, until: null });
  }
  return list.reverse();
}

/** @param {Element} body @param {Claim[]} list @param {string} userId */
function showClaims(body, list, userId) {
  part(body, "no-claims").hidden = list.length > 0;
  reconcile(part(body, "claims"), list, {
    key: ({ entry }) => entry.id,
    create: () => clone("claim-template"),
    update: (element, { entry, until }) => {
      const holder = entry.holder ?? entry.author;
      const note = part(element, "note");
      setText(part(element, "text"), holder?.user_id === userId ? "You" : (holder?.name ?? "Somebody"));
      setTime(part(element, "from"), entry.created_at, "clock");
      setText(part(element, "until"), untilText(until));
      setText(note, until?.note ?? "");
      note.hidden = !until?.note;
    },
  });
}

/** @param {Entry | null} until */
function untilText(until) {
  if (!until) return " until now";
  return until.type === "released" ? ", then handed back" : `, then ${until.holder?.name ?? "a colleague"} took it`;
}
