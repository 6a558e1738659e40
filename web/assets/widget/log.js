/** @import { Frame } from "../shared/types.js" */
/** @import { Entry, Log, Pending } from "./types.js" */

/** @type {Log} */
const start = {
  channel: "",
  conversation_id: "",
  seq: 0,
  entries: [],
  pending: [],
  stream: null,
  typing: null,
  agent: { name: "", greeting: "", avatar_url: "" },
  holder: null,
  waiting: false,
  team_online: false,
  more: false,
  gap: false,
  removed: false,
};

/**
 * What follows from an entry, beside its place in the log.
 *
 * @type {Record<Entry["type"], (log: Log, entry: Entry) => Partial<Log>>}
 */
const consequences = {
  message: (log, { role }) =>
    role === "user" ? {} : { typing: null, stream: role === "assistant" ? null : log.stream },
  waiting: () => ({ waiting: true }),
  claimed: (_, { holder, author }) => ({ holder: holder ?? author, waiting: false, stream: null, typing: null }),
  released: () => ({ holder: null, typing: null }),
};

/**
 * @param {readonly Pending[]} pending
 * @param {readonly Entry[]} entries
 */
function unstored(pending, entries) {
  const stored = new Set(entries.map((entry) => entry.client_id));
  return pending.some(({ client_id }) => stored.has(client_id))
    ? pending.filter(({ client_id }) => !stored.has(client_id))
    : pending;
}

/**
 * @param {Log} log
 * @param {Entry} entry
 * @returns {Log}
 */
function append(log, entry) {
  if (entry.seq <= log.seq) return log;
  if (entry.seq > log.seq + 1) return { ...log, gap: true };
  return {
    ...log,
    seq: entry.seq,
    entries: [...log.entries, entry],
    pending: unstored(log.pending, [entry]),
    ...consequences[entry.type]?.(log, entry),
  };
}

/**
 * @param {Log} log
 * @param {string} client_id
 * @param {Partial<Pending>} change
 * @returns {Log}
 */
function changePending(log, client_id, change) {
  return { ...log, pending: log.pending.map((one) => (one.client_id === client_id ? { ...one, ...change } : one)) };
}

/** @type {Record<string, (log: Log, frame: Frame) => Log>} */
const steps = {
  ready(log, frame) {
    const anew = frame.reset || log.seq === 0 || frame.conversation_id !== log.conversation_id;
    const missed = frame.entries.filter((/** @type {Entry} */ { seq }) => anew || seq > log.seq);
    return {
      ...log,
      channel: frame.channel,
      conversation_id: frame.conversation_id,
      seq: frame.seq,
      entries: anew ? missed : [...log.entries, ...missed],
      pending: unstored(log.pending, missed),
      stream: null,
      typing: null,
      agent: frame.agent,
      holder: frame.holder ?? null,
      waiting: Boolean(frame.waiting),
      team_online: Boolean(frame.team_online),
      more: anew ? Boolean(frame.more) : log.more,
      gap: false,
    };
  },

  "message.posted": (log, { message }) => append(log, message),
  "conversation.waiting": (log, { entry }) => append(log, entry),
  "conversation.claimed": (log, { entry }) => append(log, entry),
  "conversation.released": (log, { entry }) => append(log, entry),

  /** Text at an offset: what is there already stays as it is, what a missed delta left out cannot be guessed. */
  "message.delta"(log, { stream_id, offset, text }) {
    const stream = log.stream?.id === stream_id ? log.stream : null;
    if (log.holder || offset > (stream?.length ?? 0) || (!stream && offset)) return log;
    const kept = stream && offset < stream.length ? Array.from(stream.text).slice(0, offset).join("") : (stream?.text ?? "");
    return { ...log, typing: null, stream: { id: stream_id, text: kept + text, length: offset + Array.from(text).length } };
  },

  "message.discarded": (log, { stream_id }) => (log.stream?.id === stream_id ? { ...log, stream: null } : log),

  typing(log, { who, on, name }) {
    if (who === "visitor" || (who === "bot" && (log.holder || log.stream))) return log;
    if (on) return { ...log, typing: { who, name } };
    return log.typing?.who === who ? { ...log, typing: null } : log;
  },

  "team.status": (log, { online }) => ({ ...log, team_online: online }),
  heartbeat: (log, { top }) => (top?.[log.channel] > log.seq ? { ...log, gap: true } : log),
  "conversation.deleted": (log) => ({ ...start, agent: log.agent, pending: log.pending, removed: true }),

  "message.ack": (log, { client_id, seq }) =>
    seq <= log.seq
      ? { ...log, pending: log.pending.filter((one) => one.client_id !== client_id) }
      : changePending(log, client_id, { status: "sent" }),

  /** From here on what this browser itself reports. */
  "local.begin": (log, { boot }) => ({ ...log, agent: boot.agent, holder: boot.holder ?? null, team_online: boot.team_online }),
  "local.post": (log, { pending }) => ({
    ...log,
    pending: [...log.pending, ...pending].sort((one, other) => one.created_at - other.created_at),
  }),
  "local.failed": (log, { client_id, reason }) => changePending(log, client_id, { status: "failed", reason }),
  "local.retry": (log, { client_id }) => changePending(log, client_id, { status: "sending" }),
  "local.lost": (log) => (log.typing ? { ...log, typing: null } : log),
};

/**
 * What a frame makes of a log. Pure; the same object comes back when the frame changes nothing.
 *
 * @param {Log | undefined} log `undefined` is a log of nothing.
 * @param {Frame} frame As the server sent it, or `local.*`.
 * @returns {Log}
 */
export function reduceLog(log = start, frame) {
  return (Object.hasOwn(steps, frame.type) && steps[frame.type]?.(log, frame)) || log;
}
