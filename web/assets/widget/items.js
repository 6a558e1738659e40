/** @import { Entry, Log, Pending, Stream } from "./types.js" */

/**
 * @typedef {"you" | "bot" | "human"} Speaker
 * @typedef {object} Item One thing in the transcript, ready to be shown.
 * @property {string} key The same for a message while it is pending, streaming and stored, so that its bubble stays.
 * @property {"message" | "typing" | "line" | "lead"} kind
 * @property {Speaker} [speaker]
 * @property {string} [name] Who speaks, or whom a line is about.
 * @property {boolean} [first] The first of several by the same speaker.
 * @property {string} [text]
 * @property {string | number} [at]
 * @property {Entry} [entry]
 * @property {boolean} [streaming]
 * @property {Pending} [failed]
 * @property {"sending" | "sent"} [delivery] Under the last of the visitor's own messages alone.
 * @property {boolean} [offer] The bot did not know: a person is offered.
 * @property {"older" | "removed" | "waiting" | "claimed" | "released"} [line]
 */

/** @type {Record<string, Speaker>} */
const speakers = { user: "you", assistant: "bot", "human-agent": "human" };

/**
 * @param {Entry} entry
 * @param {string} agent
 * @returns {Item}
 */
function fromEntry(entry, agent) {
  const { seq, type, role = "", text = "", author, created_at: at } = entry;
  if (type !== "message") return { key: `e${seq}`, kind: "line", line: type, name: author.name, at };
  const speaker = speakers[role] ?? "bot";
  const key = speaker === "you" && entry.client_id ? `m${entry.client_id}` : entry.stream_id ? `s${entry.stream_id}` : `e${seq}`;
  return { key, kind: "message", speaker, name: speaker === "bot" ? agent : author.name, text, at, entry };
}

/**
 * @param {Pending} pending
 * @returns {Item}
 */
function fromPending(pending) {
  const { client_id, text, created_at: at, status } = pending;
  return { key: `m${client_id}`, kind: "message", speaker: "you", text, at, failed: status === "failed" ? pending : undefined };
}

/**
 * What the transcript shows, from top to bottom. Pure.
 *
 * @param {Log} log
 * @param {number | null} leadAfter The seq below which the lead form stands in the thread, if it does.
 * @returns {Item[]}
 */
export function transcriptItems(log, leadAfter) {
  const { agent, entries, more, pending, removed, stream, typing } = log;
  // The form stands below the answer to what it is about, also while that is being written.
  const above = entries.filter(({ seq }) => seq <= (leadAfter ?? Infinity));
  const below = entries.slice(above.length);
  while (below[0]?.role === "assistant") above.push(...below.splice(0, 1));
  const lead = leadAfter !== null && /** @type {Item} */ ({ key: "lead", kind: "lead" });
  const late = !below.length && !pending.length && (stream || typing?.who === "bot");
  /** @type {(Item | false | null)[]} */
  const all = [
    removed && { key: "removed", kind: "line", line: "removed" },
    more
      ? { key: "older", kind: "line", line: "older" }
      : { key: "greeting", kind: "message", speaker: "bot", name: agent.name, text: agent.greeting },
    ...above.map((entry) => fromEntry(entry, agent.name)),
    !late && lead,
    ...below.map((entry) => fromEntry(entry, agent.name)),
    ...pending.map(fromPending),
    stream && { key: `s${stream.id}`, kind: "message", speaker: "bot", name: agent.name, text: stream.text, streaming: true },
    typing && { key: "typing", kind: "typing", speaker: typing.who, name: typing.name },
    late && lead,
  ];
  const items = /** @type {Item[]} */ (all.filter((item) => item && (item.kind !== "message" || item.text)));
  items.forEach((item, index) => {
    item.first = items[index - 1]?.speaker !== item.speaker;
  });
  const mine = items.filter(({ speaker }) => speaker === "you").at(-1);
  const underway = pending.some(({ client_id, status }) => `m${client_id}` === mine?.key && status === "sending");
  if (mine && !mine.failed) mine.delivery = underway ? "sending" : "sent";
  const last = items.at(-1);
  if (last?.entry?.known === false && !log.holder && !log.waiting) last.offer = true;
  return items;
}
