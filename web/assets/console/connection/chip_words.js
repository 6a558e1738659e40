import { figure } from "../figures/figures.js";

/**
 * What the chip says about the connection, and which of its icons goes with it; nothing when all is well.
 *
 * @typedef {object} Link
 * @property {"connecting" | "live" | "lost" | "ended"} state
 * @property {number} [code] why it was closed
 * @property {boolean} online whether the browser has a network
 * @property {boolean} catching it is back, and what was missed is being read
 * @property {number | null} missed entries that came while it was lost; null when that is not told now
 * @property {boolean} updated the server serves newer files than this page has
 */

const RESTARTS = 1012;
const TOO_MANY = 4029;

/** @param {Link} link @returns {{text: string, icon: string, kind: "lost" | "back" | "news"} | null} */
export function chipWords({ state, code, online, catching, missed, updated }) {
  if (state === "live") {
    if (catching) return { text: "Catching up…", icon: "rotate-cw", kind: "back" };
    if (missed !== null) return { text: missed ? `${figure(missed)} missed, caught up` : "Connected again, nothing missed", icon: "check", kind: "back" };
    return updated ? { text: "Baton was updated.", icon: "rotate-cw", kind: "news" } : null;
  }
  if (!online) return { text: "You are offline. What you write is kept.", icon: "wifi-off", kind: "lost" };
  if (code === TOO_MANY) return { text: "Too many windows are open. Trying again in a minute.", icon: "wifi-off", kind: "lost" };
  if (code === RESTARTS) return { text: "Baton restarts. Reconnecting…", icon: "wifi-off", kind: "lost" };
  return { text: "Reconnecting…", icon: "wifi-off", kind: "lost" };
}
