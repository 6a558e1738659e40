/** @import {Channels} from "../connection/channels.js" */
import { browserClock } from "../../shared/browser_clock.js";
import { api } from "../connection/api.js";
import { counted, showCount } from "../figures/count_view.js";
import { byId } from "../parts/dom.js";
import { favicon } from "./favicon.js";
import { setTitleCount } from "./title.js";
import { Waiting } from "./waiting.js";

/** How many wait for a person: in the title, the tab's icon, the app's badge, and beside Conversations. @param {readonly string[]} ids @param {Channels} channels */
export function startWaitingBadge(ids, channels) {
  const icon = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel="icon"]'));
  const plain = icon.href;
  const waiting = new Waiting(ids, {
    read: async () => (await api("GET", "/app/waiting").catch(() => null))?.waiting ?? null,
    onChange: (count, isOld) => {
      setTitleCount(counted(count, isOld));
      icon.href = count || isOld ? favicon(count, isOld) : plain;
      showCount(byId("waiting-count"), count, isOld, "waiting");
      void badge(isOld ? undefined : count);
    },
    clock: browserClock,
  });
  channels.watch((frame) => void waiting.heard(frame));
  channels.lost = () => waiting.lost();
}

/** On the icon of the installed app, where there is such a thing; a dot when it is not known. @param {number | undefined} count */
async function badge(count) {
  try {
    await (count !== 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.());
  } catch {
    // Not installed, or not allowed.
  }
}
