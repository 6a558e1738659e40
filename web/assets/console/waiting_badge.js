/** @import {Channels} from "./channels.js" */
import { api } from "./api.js";
import { byId, setText } from "./dom.js";
import { favicon } from "./favicon.js";
import { atMost, setTitleCount } from "./title.js";
import { Waiting } from "./waiting.js";

/** How many wait for a person: in the title, the tab's icon, the app's badge, and beside Conversations. @param {readonly string[]} ids @param {Channels} channels */
export function startWaitingBadge(ids, channels) {
  const icon = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel="icon"]'));
  const plain = icon.href;
  const waiting = new Waiting(ids, {
    read: async () => (await api("GET", "/app/waiting").catch(() => null))?.waiting ?? null,
    onChange: (count) => {
      setTitleCount(count);
      icon.href = count ? favicon(count) : plain;
      showCount(count);
      void badge(count);
    },
  });
  channels.watch((frame) => void waiting.heard(frame));
}

/** @param {number} count */
function showCount(count) {
  const shown = byId("waiting-count");
  shown.hidden = !count;
  setText(shown, atMost(count));
  shown.setAttribute("aria-label", `${atMost(count)} waiting`);
}

/** On the icon of the installed app, where there is such a thing. @param {number} count */
async function badge(count) {
  try {
    await (count ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.());
  } catch {
    // Not installed, or not allowed.
  }
}
