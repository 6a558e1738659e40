/** @import {News} from "./news.js" */
import { Channels } from "./channels.js";
import { connectionChip } from "./connection_chip.js";

/** The socket of a page that shows neither conversations nor leads: it brings what is new all the same. @param {News} news */
export function startElsewhere(news) {
  const channels = new Channels(connectionChip());
  channels.watch((frame) => {
    if (frame.type === "lead.captured" && frame.lead && !frame.updated) news.arrived(frame.lead);
  });
  channels.open();
  return channels;
}
