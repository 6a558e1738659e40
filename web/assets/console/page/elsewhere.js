/** @import {News} from "../leads/news.js" */
import { Channels } from "../connection/channels.js";
import { ConnectionChip } from "../connection/chip.js";

/** The socket of a page that shows neither conversations nor leads: it brings what is new all the same. @param {News} news */
export function startElsewhere(news) {
  const chip = new ConnectionChip();
  const channels = new Channels((state, code) => chip.is(state, code));
  channels.watch((frame) => {
    if (frame.type === "subscribed") {
      chip.served(frame.assets);
      chip.missed(0);
    }
    if (frame.type === "lead.captured" && frame.lead && !frame.updated) news.arrived(frame.lead);
  });
  channels.open();
  return channels;
}
