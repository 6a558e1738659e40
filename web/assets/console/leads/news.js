/** @import {Lead, Me} from "../types.js" */
import { browserClock } from "../../shared/browser_clock.js";
import { api } from "../connection/api.js";
import { showCount } from "../figures/count_view.js";
import { byId } from "../parts/dom.js";
import { Bell } from "./bell.js";
import { LeadFeed } from "./feed.js";
import { Once } from "./once.js";
import { Toasts } from "./toasts.js";

/**
 * @typedef {object} News
 * @property {(lead: Lead) => void} arrived a socket brought a new lead
 * @property {(count: number) => void} unread how many the member has not opened
 * @property {(id: string) => void} opened the member looks at a lead
 */

/**
 * News of leads on every page: toasts, notifications, and the count in the rail.
 *
 * The feed is asked every 30 s. A page with a socket says at once what `arrived`, and the feed only confirms it. Each lead
 * is shown by one tab that somebody sees, and raises one notification, whichever tab hears of it first.
 *
 * @param {Me} me
 * @returns {News}
 */
export function startNews(me) {
  const whose = `baton:${me.workspace.id}:${me.user.id}`;
  const once = (/** @type {string} */ what) => new Once({ key: `${whose}:${what}`, storage: () => localStorage, locks: navigator.locks });
  const toasted = once("toasted");
  const rung = once("rung");
  const toasts = new Toasts();
  const bell = new Bell(`${whose}:bell`);
  const seen = () => document.visibilityState === "visible";

  const tell = async (/** @type {Lead[]} */ leads) => {
    const ids = leads.map(({ id }) => id);
    const toRing = bell.rings ? await rung.claim(ids) : [];
    for (const lead of leads) if (toRing.includes(lead.id)) bell.ring(lead);
    // A hidden tab leaves the toast to one that is seen, or to the moment it is seen itself.
    const toShow = seen() ? await toasted.claim(ids) : [];
    if (toShow.length) toasts.show(leads.filter(({ id }) => toShow.includes(id)));
  };
  let [count, isOld] = [0, false];
  const unread = (/** @type {number} */ now, old = false) => {
    [count, isOld] = [now, old];
    showCount(byId("inbox-count"), count, isOld, "unread");
  };
  const feed = new LeadFeed({
    ask: (after) => api("GET", `/app/leads/feed${after ? `?${new URLSearchParams({ after })}` : ""}`),
    cursor: cursorOf(`${whose}:feed`),
    visible: seen,
    onLeads: (leads) => void tell(leads),
    onUnread: (now) => unread(now),
    onWrong: () => unread(count, true),
    clock: browserClock,
  });

  document.addEventListener("visibilitychange", () => (seen() ? feed.look() : feed.pause()));
  feed.look();
  return {
    arrived: (lead) => {
      unread(count + 1, isOld);
      void tell([lead]);
    },
    unread: (now) => unread(now),
    opened: (id) => toasts.drop(id),
  };
}

/** The place in the feed, of this tab: another tab begins where it is opened. @param {string} key */
function cursorOf(key) {
  let cursor = /** @type {string | null} */ (null);
  return {
    read: () => {
      try {
        return sessionStorage.getItem(key) ?? cursor;
      } catch {
        return cursor;
      }
    },
    write: (/** @type {string} */ now) => {
      cursor = now;
      try {
        sessionStorage.setItem(key, now);
      } catch {
        // It lives as long as the page.
      }
    },
  };
}
