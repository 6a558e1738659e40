/** @import {Action, Holder, Me} from "../types.js" */

/**
 * What stands where the composer comes.
 * - `bot`, `waiting`: nobody holds it; a banner, with *Take over* for those who may
 * - `mine`: the composer
 * - `other`: who has it, with *Take it* for those who may
 *
 * @typedef {object} Controls
 * @property {"bot" | "waiting" | "mine" | "other"} mode
 * @property {boolean} claim
 * @property {boolean} take
 * @property {boolean} release
 * @property {boolean} reply in a conversation that nobody holds a reply claims it
 */

/**
 * @param {{holder: Holder | null, waitingSince: string | null}} conversation
 * @param {{user: {id: string}, may: Me["may"]}} me
 * @returns {Controls}
 */
export function controls({ holder, waitingSince }, me) {
  const may = (/** @type {Action} */ action) => me.may.includes(action);
  const mine = holder !== null && holder.user_id === me.user.id;
  const free = holder === null;
  return {
    mode: mine ? "mine" : holder ? "other" : waitingSince ? "waiting" : "bot",
    claim: free && may("claim"),
    take: !free && !mine && may("take"),
    release: mine && may("claim"),
    reply: (free || mine) && may("claim"),
  };
}
