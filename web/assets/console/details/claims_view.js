/** @import {Entry} from "../types.js" */
import { setTime } from "../figures/live_times.js";
import { clone, part, setText } from "../parts/dom.js";
import { reconcile } from "../parts/reconcile.js";

/** @typedef {{entry: Entry, until: Entry | null}} Claim */

/** Each claim with the entry that ended it, newest first. @param {Entry[]} entries @returns {Claim[]} */
export function claims(entries) {
  /** @type {Claim[]} */
  const list = [];
  for (const entry of entries) {
    const open = list.at(-1);
    if (open && !open.until && (entry.type === "released" || entry.type === "claimed")) open.until = entry;
    if (entry.type === "claimed") list.push({ entry, until: null });
  }
  return list.reverse();
}

/** @param {Element} body @param {Entry[]} entries @param {string} userId */
export function showClaims(body, entries, userId) {
  const list = claims(entries);
  part(body, "no-claims").hidden = list.length > 0;
  reconcile(part(body, "claims"), list, {
    key: ({ entry }) => entry.id,
    create: () => clone("claim-template"),
    update: (element, { entry, until }) => {
      const holder = entry.holder ?? entry.author;
      const note = part(element, "note");
      element.toggleAttribute("data-now", !until);
      setText(part(element, "text"), holder?.user_id === userId ? "You" : (holder?.name ?? "Somebody"));
      setTime(part(element, "from"), entry.created_at, "clock");
      const end = part(element, "end");
      end.hidden = !until;
      if (until) setTime(end, until.created_at, "clock");
      setText(part(element, "until"), untilText(until));
      setText(note, until?.note ?? "");
      note.hidden = !until?.note;
    },
  });
}

/** What stands after the time of the end. @param {Entry | null} until */
function untilText(until) {
  if (!until) return "now";
  return until.type === "released" ? ", handed back" : `, ${until.holder?.name ?? "a colleague"} took it`;
}
