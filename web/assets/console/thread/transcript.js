/** @import {Entry, Frame, Holder, Lead, Opened, Pending, Person, Row, Typist, Visited, VisitorFacts} from "../types.js" */
import { appendDelta } from "./streams.js";

/** As many as the server keeps. */
const MOST_PAGES = 20;

/**
 * One conversation as the console knows it. `entries` has no gaps: `top` is the seq of its last one.
 *
 * @typedef {object} Transcript
 * @property {string} id
 * @property {Row} row
 * @property {Entry[]} entries
 * @property {number} top
 * @property {boolean} behind an entry was missed: subscribe again after `top`
 * @property {Holder | null} holder
 * @property {string | null} waitingSince
 * @property {Map<string, import("./streams.js").Stream>} streams answers the bot is writing
 * @property {Pending[]} pending
 * @property {Typist[]} typing
 * @property {Person[]} operators who looks at it, oneself included
 * @property {boolean | null} visitorOnline null: not known
 * @property {boolean} deleted
 * @property {Lead | null} lead what the visitor left
 * @property {VisitorFacts | null} visitor
 * @property {Visited[]} pages that the visitor came to, newest first
 * @property {"claim" | "release" | null} intent what was asked of the server, and is shown as done already
 */

/** @param {Opened} opened @returns {Transcript} */
export const transcriptFrom = ({ conversation, entries, lead, visitor, pages }) => ({
  id: conversation.id,
  row: conversation,
  entries,
  top: entries.at(-1)?.seq ?? 0,
  behind: false,
  ...standing(conversation),
  streams: new Map(),
  pending: [],
  typing: [],
  operators: [],
  visitorOnline: null,
  deleted: false,
  lead: lead ?? null,
  visitor: visitor ?? null,
  pages: pages ?? [],
  intent: null,
});

/** @param {Transcript} state @param {Frame} frame @returns {Transcript} */
export function applyFrame(state, frame) {
  switch (frame.type) {
    case "subscribed":
      return subscribed(state, frame);
    case "message.posted":
      return frame.message ? applyEntry(state, frame.message) : state;
    case "conversation.waiting":
    case "conversation.claimed":
    case "conversation.released":
      return applyEntry(state, entryOf(frame));
    case "message.delta":
      return { ...state, streams: appendDelta(state.streams, frame) };
    case "message.discarded":
      return { ...state, streams: withoutStream(state.streams, frame.stream_id) };
    case "typing":
      return { ...state, typing: typingAfter(state.typing, frame) };
    case "presence":
      return { ...state, operators: frame.operators ?? [], visitorOnline: frame.visitor_online ?? state.visitorOnline };
    case "page.visited":
      return frame.page ? { ...state, pages: [frame.page, ...state.pages].slice(0, MOST_PAGES) } : state;
    case "heartbeat":
      return (frame.top?.[`conversation.${state.id}`] ?? 0) > state.top ? { ...state, behind: true } : state;
    case "conversation.deleted":
      return { ...state, deleted: true };
    default:
      return state;
  }
}

/** What the list learnt of it. Who has it is left to the log, which says it in order. @param {Transcript} state @param {Row} row @returns {Transcript} */
export const describe = (state, row) => (row.seq < state.row.seq ? state : { ...state, row });

/** The row that answers our own request; an older one than the log we have says nothing new. @param {Transcript} state @param {Row} row @returns {Transcript} */
export const applyRow = (state, row) => (row.seq < Math.max(state.top, state.row.seq) ? state : { ...state, row, ...standing(row) });

/**
 * Who has it as it is shown: what was just asked for counts as done, until the server says otherwise.
 *
 * @param {Transcript} state @param {import("../types.js").Me} me
 * @returns {{holder: Holder | null, waitingSince: string | null, isPending: boolean}}
 */
export function shownStanding({ intent, holder, waitingSince, row }, me) {
  if (intent === "claim") return { holder: { user_id: me.user.id, name: me.user.name, claimed_at: row.last_activity_at }, waitingSince: null, isPending: true };
  return { holder: intent === "release" ? null : holder, waitingSince, isPending: intent !== null };
}

/** @param {Transcript} state @param {Entry[]} older @returns {Transcript} */
export function prepend(state, older) {
  const first = state.entries[0]?.seq ?? Infinity;
  return { ...state, entries: [...older.filter((entry) => entry.seq < first), ...state.entries] };
}

/** The log starts at 1 and has no gaps. @param {Transcript} state */
export const hasOlder = (state) => (state.entries[0]?.seq ?? 1) > 1;

/** Whether the visitor wrote anything. @param {Pick<Transcript, "row" | "entries">} state */
export const hasWritten = ({ row, entries }) => row.user_message_count > 0 || entries.some(({ role }) => role === "user");

/** Add an own reply, or change it. @param {Transcript} state @param {Pending} pending @returns {Transcript} */
export function setPending(state, pending) {
  if (isStored(state.entries, pending)) return dropPending(state, pending.client_id);
  const known = state.pending.some((each) => each.client_id === pending.client_id);
  const list = known ? state.pending.map((each) => (each.client_id === pending.client_id ? pending : each)) : [...state.pending, pending];
  return { ...state, pending: list };
}

/** @param {Transcript} state @param {string} clientId @returns {Transcript} */
export const dropPending = (state, clientId) => ({ ...state, pending: state.pending.filter((each) => each.client_id !== clientId) });

/** What passes by without a seq is stale once the connection is lost. @param {Transcript} state @returns {Transcript} */
export const disconnected = (state) => ({ ...state, streams: new Map(), typing: [], operators: [], visitorOnline: null });

/** @param {Transcript} state @param {Entry} entry @returns {Transcript} */
function applyEntry(state, entry) {
  if (entry.seq <= state.top) return state;
  if (entry.seq > state.top + 1) return { ...state, behind: true };
  const next = { ...state, entries: [...state.entries, entry], top: entry.seq };
  switch (entry.type) {
    case "message":
      return afterMessage(next, entry);
    case "waiting":
      return { ...next, waitingSince: entry.created_at };
    case "claimed":
      return { ...next, holder: entry.holder ?? null, waitingSince: null, streams: new Map(), typing: [] };
    case "released":
      return { ...next, holder: null, waitingSince: null };
  }
}

/** @param {Transcript} state @param {Entry} entry @returns {Transcript} */
function afterMessage(state, entry) {
  return {
    ...state,
    streams: withoutStream(state.streams, entry.stream_id),
    pending: state.pending.filter((each) => each.client_id !== entry.client_id),
    typing: state.typing.filter((each) => !isAuthor(each, entry)),
  };
}

/** @param {Transcript} state @param {Frame} frame @returns {Transcript} */
function subscribed(state, frame) {
  const entries = frame.entries ?? [];
  const jump = (entries[0]?.seq ?? 0) > state.top + 1;
  const start = frame.reset || jump ? { ...state, entries: [], top: (entries[0]?.seq ?? 1) - 1 } : state;
  const next = { ...entries.reduce(applyEntry, start), behind: false };
  const row = frame.conversation?.id ? frame.conversation : next.row;
  return { ...next, row, holder: frame.holder ?? null, waitingSince: frame.waiting_since ?? null, pages: frame.pages ?? next.pages };
}

/** @param {Frame} frame @returns {Entry} */
function entryOf(frame) {
  const entry = /** @type {Entry} */ (frame.entry);
  return frame.holder ? { ...entry, holder: frame.holder } : entry;
}

/** @param {Row} row @returns {{holder: Holder | null, waitingSince: string | null}} */
const standing = (row) => ({
  holder: row.claimed_by_user_id
    ? { user_id: row.claimed_by_user_id, name: row.claimed_by_name ?? row.badge.label, claimed_at: row.claimed_at ?? row.last_activity_at }
    : null,
  waitingSince: row.claimed_by_user_id ? null : row.waiting_since,
});

/** @param {Typist[]} typing @param {Frame} frame @returns {Typist[]} */
function typingAfter(typing, frame) {
  const who = frame.who ?? "visitor";
  const rest = typing.filter((each) => each.who !== who || each.user_id !== frame.user_id);
  return frame.on ? [...rest, { who, name: frame.name ?? "", user_id: frame.user_id }] : rest;
}

/** @param {Typist} typist @param {Entry} entry */
function isAuthor(typist, entry) {
  if (entry.role === "user") return typist.who === "visitor";
  if (entry.role === "assistant") return typist.who === "bot";
  return typist.who === "human" && typist.user_id === entry.author?.user_id;
}

/** @param {Transcript["streams"]} streams @param {string | undefined} id */
function withoutStream(streams, id) {
  if (id === undefined || !streams.has(id)) return streams;
  const copy = new Map(streams);
  copy.delete(id);
  return copy;
}

/** @param {Entry[]} entries @param {Pending} pending */
const isStored = (entries, pending) => entries.some((entry) => entry.role === "human-agent" && entry.client_id === pending.client_id);
