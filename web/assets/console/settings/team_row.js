import { setTime } from "../figures/live_times.js";
import { part, setText } from "../parts/dom.js";

/** @import {Me} from "../types.js" */
/** @typedef {{user_id: string, name: string, email: string, role: string, accepted_at: string | null, link_ends_at: string | null}} TeamMember */

/** Show a member in their row, with the controls that `me` may use on them. @param {HTMLElement} row @param {TeamMember} member @param {Me} me @param {number} owners how many there are */
export function showMember(row, member, me, owners) {
  const self = member.user_id === me.user.id;
  const pending = !member.accepted_at;
  const mayOwn = me.may.includes("own");
  const may = mayOwn || member.role !== "owner";
  const isLast = member.role === "owner" && !pending && owners === 1;
  row.classList.toggle("member-pending", pending);
  setText(part(row, "initial"), (member.name || member.email).charAt(0).toUpperCase());
  setText(part(row, "name"), member.name || member.email);
  part(row, "self").hidden = !self;
  setText(part(row, "email"), member.name ? member.email : "");
  showLink(row, member);
  showRole(row, member.role, may && !isLast, mayOwn);
  part(row, "resend").hidden = !pending || !may;
  const remove = part(row, "remove");
  remove.hidden = isLast || !(may || self);
  const verb = pending ? `Revoke the invitation of ${member.email}` : self ? "Leave this workspace" : `Remove ${member.name || member.email}`;
  remove.title = verb;
  remove.setAttribute("aria-label", verb);
}

/** @param {HTMLElement} row @param {TeamMember} member */
function showLink(row, { accepted_at, link_ends_at }) {
  const ends = part(row, "link-ends");
  const over = !link_ends_at || Date.parse(link_ends_at) < Date.now();
  part(row, "pending").hidden = Boolean(accepted_at);
  setText(part(row, "link"), link_ends_at ? (over ? "The link expired." : "The link works until") : "No link was sent yet.");
  ends.hidden = !link_ends_at || over;
  if (link_ends_at) setTime(ends, link_ends_at, "clock");
}

/** @param {HTMLElement} row @param {string} role @param {boolean} may @param {boolean} mayOwn */
function showRole(row, role, may, mayOwn) {
  const choice = /** @type {HTMLSelectElement} */ (part(row, "role-choice"));
  for (const option of choice.options) option.hidden = option.disabled = option.value === "owner" && !mayOwn;
  choice.value = role;
  choice.hidden = !may;
  const text = part(row, "role");
  text.hidden = may;
  setText(text, role.charAt(0).toUpperCase() + role.slice(1));
}
