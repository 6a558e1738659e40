/** @import {Entry, Pending} from "../types.js" */
/** @import {Stream} from "./streams.js" */
/** @import {Transcript} from "./transcript.js" */
import { sameDay } from "../figures/times.js";

const GROUP_MS = 5 * 60_000;

/**
 * @typedef {{key: string, kind: "day", at: string}
 *   | {key: string, kind: "message", entry: Entry, first: boolean}
 *   | {key: string, kind: "event", entry: Entry}
 *   | {key: string, kind: "stream", stream: Stream, first: boolean}
 *   | {key: string, kind: "pending", pending: Pending, first: boolean}} Item
 */

/** A transcript from top to bottom as it is shown: days, messages in groups of one author, events, what is on its way. @param {Transcript} state @returns {Item[]} */
export function items(state) {
  /** @type {Item[]} */
  const list = [];
  /** @type {Entry | undefined} */
  let previous;
  for (const entry of state.entries) {
    if (!previous || !sameDay(new Date(previous.created_at), new Date(entry.created_at)))
      list.push({ key: `day:${entry.seq}`, kind: "day", at: entry.created_at });
    if (entry.type === "message") list.push({ key: entry.id, kind: "message", entry, first: startsGroup(previous, entry) });
    else list.push({ key: entry.id, kind: "event", entry });
    previous = entry;
  }
  for (const stream of state.streams.values())
    list.push({ key: `stream:${stream.stream_id}`, kind: "stream", stream, first: previous?.role !== "assistant" });
  state.pending.forEach((pending, index) =>
    list.push({ key: `pending:${pending.client_id}`, kind: "pending", pending, first: index === 0 && previous?.role !== "human-agent" }),
  );
  return list;
}

/** @param {Entry | undefined} previous @param {Entry} entry */
function startsGroup(previous, entry) {
  if (previous?.type !== "message" || previous.role !== entry.role) return true;
  // A visitor stays who they were when their name becomes known.
  if (entry.role !== "user" && previous.author?.name !== entry.author?.name) return true;
  const from = new Date(previous.created_at);
  const to = new Date(entry.created_at);
  return !sameDay(from, to) || to.getTime() - from.getTime() > GROUP_MS;
}
