/** @import { Clock, Frame } from "../shared/types.js" */
/** @import { Context, LeadCause, LeadState, Log, Pending } from "./types.js" */
import { Connection } from "../shared/connection.js";
import { Typing } from "../shared/typing.js";
import { reduceLog } from "./log.js";
import { Outbox } from "./outbox.js";

const FIRST_RETRY_MS = 2_000;
const RETRIES = 4;
/** Longer than the server lets typing last: a guard against a lost frame, not the rule. */
const TYPING_MS = 8_000;
const ASK_TEAM_MS = 30_000;
const LEAD = "lead";

/**
 * A visitor's conversation: what came in, what is to go out, and the connection between.
 *
 * Knows no DOM. `onchange` is called after every change of `log`, `state` or `lead`.
 */
export class Session {
  /** @type {string | null} */ #inFlight = null;
  /** @type {Map<string, number>} */ #refusals = new Map();
  #conversation = "";
  #page = "";
  #wantsPerson = false;
  /** @type {(() => void) | null} A form that was sent while there was no connection. */ #unsentLead = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #retry;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #typingGuard;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #askTeam;

  /**
   * @param {object} options
   * @param {Context} options.context
   * @param {Clock & { WebSocket: typeof WebSocket }} options.clock
   * @param {() => Storage} options.storage
   * @param {LockManager | undefined} options.locks
   * @param {() => void} options.onchange
   * @param {(seq: number) => void} [options.onwanted] The visitor asked, in words, to be contacted.
   */
  constructor({ context, clock, storage, locks, onchange, onwanted = () => {} }) {
    this.context = context;
    this.clock = clock;
    this.onchange = onchange;
    this.onwanted = onwanted;
    this.#conversation = context.boot.conversation_id;
    /** @type {Log} */
    this.log = reduceLog(undefined, { type: "local.begin", boot: context.boot });
    /** @type {"connecting" | "live" | "lost" | "ended"} */
    this.state = "connecting";
    /** @type {LeadState} */
    this.lead = { state: context.recall().lead === "sent" ? "sent" : "none", errors: {}, updated: false };
    this.outbox = new Outbox({ prefix: `baton:${context.key}:unsent:`, storage, locks });
    this.typing = new Typing((frame) => this.connection.send(frame), clock);
    const url = new URL(`ws/visitor?key=${encodeURIComponent(context.key)}`, context.base);
    url.protocol = url.protocol.replace("http", "ws");
    this.connection = new Connection({
      url: url.href,
      hello: () => ({ type: "hello", token: context.recall().token ?? null, after: this.log.seq, page: context.page(), language: context.boot.language, time_zone: timeZone() }),
      onframe: (frame) => this.#receive(frame),
      onstate: (state, code) => this.#turn(state, code),
      clock,
    });
  }

  start() {
    this.#page = this.context.page().url;
    this.#adopt();
    this.connection.start();
  }

  /** The network or the page came back. */
  wake() {
    this.connection.wake();
  }

  /** The visitor is on another page now, which was not loaded. */
  moved() {
    const page = this.context.page();
    if (page.url === this.#page) return;
    this.#page = page.url;
    this.connection.send({ type: "page", page });
  }

  stop() {
    this.typing.stop();
    this.connection.stop();
    this.outbox.release();
    for (const timer of [this.#retry, this.#typingGuard, this.#askTeam]) this.clock.clearTimeout(timer);
  }

  /** @param {string} text Not empty. */
  post(text) {
    /** @type {Pending} */
    const message = { client_id: newId(), text, created_at: this.clock.now(), status: "sending" };
    this.outbox.add(message);
    this.typing.sent();
    this.#apply({ type: "local.post", pending: [message] });
    this.#flush();
  }

  /** @param {string} client_id */
  retry(client_id) {
    this.#refusals.delete(client_id);
    this.#apply({ type: "local.retry", client_id });
    this.#flush();
  }

  /** Now, or as soon as there is a connection. */
  askForPerson() {
    this.#wantsPerson = !this.connection.send({ type: "person.request" });
  }

  /**
   * Now, or as soon as there is a connection.
   *
   * @param {Record<string, string>} fields
   * @param {LeadCause} cause
   */
  submitLead(fields, cause) {
    const sent = this.connection.send({ type: "lead.submit", ref: LEAD, ...fields, ...cause, page: this.context.page() });
    this.#unsentLead = sent ? null : () => this.submitLead(fields, cause);
    this.#leadIs({ state: "sending", errors: {} });
  }

  /** While the visitor waits for a person, and looks: is one there? @param {boolean} waits */
  attend(waits) {
    if (waits === Boolean(this.#askTeam)) return;
    this.clock.clearTimeout(this.#askTeam);
    this.#askTeam = undefined;
    if (!waits) return;
    this.connection.send({ type: "team" });
    this.#askTeam = this.clock.setTimeout(() => {
      this.#askTeam = undefined;
      this.attend(true);
    }, ASK_TEAM_MS);
  }

  /** How many answers the visitor has not seen. */
  get unread() {
    const read = this.context.recall().read ?? 0;
    return this.log.entries.filter(({ seq, role }) => seq > read && role && role !== "user").length;
  }

  markRead() {
    if (this.log.seq > (this.context.recall().read ?? 0)) this.context.remember({ read: this.log.seq });
  }

  /** @param {Frame} frame */
  #receive(frame) {
    if (frame.type === "conversation.deleted") return this.#startAfresh();
    const before = this.log;
    if (frame.type === "ready") this.#welcome(frame);
    if (frame.type === "error") this.#refused(frame);
    if (frame.type === "lead.ack") this.#leadTaken(frame);
    this.#apply(frame);
    if (frame.type === "message.ack") this.#settled(frame.client_id);
    if (frame.lead_form) this.onwanted(frame.seq);
    this.#report(before, frame);
    if (frame.type === "ready") this.#resume();
    if (this.log.gap) this.connection.resync();
  }

  /** @param {Frame} frame */
  #apply(frame) {
    const before = this.log;
    this.log = reduceLog(before, frame);
    for (const { client_id } of before.pending) {
      if (!this.log.pending.some((one) => one.client_id === client_id)) this.#settled(client_id);
    }
    if (frame.type === "typing") this.#guardTyping();
    if (this.log !== before) this.onchange();
  }

  /**
   * @param {"connecting" | "live" | "lost" | "ended"} state
   * @param {number} [code]
   */
  #turn(state, code) {
    this.state = state;
    if (state !== "live") {
      this.#inFlight = null;
      this.clock.clearTimeout(this.#retry);
      // What became of it is not known: the visitor may send it again, and the server knows the address.
      if (this.lead.state === "sending" && !this.#unsentLead) this.lead.state = "none";
      this.#apply({ type: "local.lost" });
    }
    if (code === 4000) return this.#startAfresh();
    this.onchange();
  }

  /** The site deleted the conversation: the next one begins without its token. Another tab may have begun it. */
  #startAfresh() {
    if (this.context.recall().conversation_id === this.#conversation) this.context.remember({ token: null, read: 0 });
    this.#apply({ type: "conversation.deleted" });
    this.connection.resync();
  }

  /** @param {Frame} frame */
  #welcome({ token, conversation_id }) {
    this.#conversation = conversation_id;
    const known = this.context.recall().conversation_id === conversation_id;
    this.context.remember({ token, conversation_id, ...(known ? {} : { read: 0 }) });
  }

  #resume() {
    if (this.#wantsPerson) this.askForPerson();
    this.#unsentLead?.();
    this.#adopt();
  }

  async #adopt() {
    const left = await this.outbox.adopt();
    const stored = new Set(this.log.entries.map((entry) => entry.client_id));
    const unsent = left.filter(({ client_id }) => !stored.has(client_id));
    for (const { client_id } of left) if (stored.has(client_id)) this.outbox.remove(client_id);
    if (unsent.length) this.#apply({ type: "local.post", pending: unsent });
    this.#flush();
  }

  /** One at a time, so that they are stored in the order they were written. */
  #flush() {
    if (this.#inFlight) return;
    const next = this.log.pending.find(({ status }) => status === "sending");
    if (!next) return;
    const { client_id, text } = next;
    if (this.connection.send({ type: "message.post", client_id, text })) this.#inFlight = client_id;
  }

  /** @param {string} client_id */
  #settled(client_id) {
    this.outbox.remove(client_id);
    this.#refusals.delete(client_id);
    this.#next(client_id);
  }

  /** @param {string} client_id */
  #next(client_id) {
    if (this.#inFlight !== client_id) return;
    this.#inFlight = null;
    this.#flush();
  }

  /** @param {Frame} frame */
  #refused({ code, message, client_id, ref, fields }) {
    if (ref === LEAD) this.#leadIs({ state: "none", errors: fields ?? { form: message } });
    if (!client_id) return this.context.emit("error", { code, message });
    const refusals = (this.#refusals.get(client_id) ?? 0) + 1;
    this.#refusals.set(client_id, refusals);
    if ((code === "unavailable" || code === "too_many") && refusals < RETRIES) {
      this.#retry = this.clock.setTimeout(() => this.#next(client_id), FIRST_RETRY_MS * 2 ** (refusals - 1));
      return;
    }
    this.#apply({ type: "local.failed", client_id, reason: message });
    this.#next(client_id);
    this.context.emit("error", { code, message });
  }

  /** @param {Frame} frame */
  #leadTaken({ lead_id, updated }) {
    this.context.remember({ lead: "sent" });
    this.context.emit("lead", { lead_id });
    this.#leadIs({ state: "sent", updated });
  }

  /** @param {Partial<LeadState>} change */
  #leadIs(change) {
    this.lead = { ...this.lead, ...change };
    this.onchange();
  }

  #guardTyping() {
    this.clock.clearTimeout(this.#typingGuard);
    if (!this.log.typing) return;
    const { who } = this.log.typing;
    this.#typingGuard = this.clock.setTimeout(() => this.#apply({ type: "typing", who, on: false }), TYPING_MS);
  }

  /**
   * Tells the site what happened, for what happened while it was connected or away, but not for old history.
   *
   * @param {Log} before
   * @param {Frame} frame
   */
  #report(before, frame) {
    if (before.conversation_id !== this.log.conversation_id || frame.reset) return;
    for (const entry of this.log.entries.filter(({ seq }) => seq > before.seq)) {
      if (entry.type === "message") this.context.emit("message", { role: entry.role, text: entry.text });
      if (entry.type === "claimed") this.context.emit("human", { name: entry.author.name });
      if (entry.type === "released") this.context.emit("bot", { name: this.log.agent.name });
    }
  }
}

/**
 * Where the visitor's clock is, such as "Europe/Oslo". `Temporal` knows at once; a browser's first `Intl` format takes a slow phone 70 ms, all of
 * them in one task.
 */
function timeZone() {
  const { Temporal } = /** @type {{ Temporal?: { Now: { timeZoneId(): string } } }} */ (globalThis);
  return Temporal?.Now.timeZoneId() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** `crypto.randomUUID` exists on https only. */
function newId() {
  return `c-${Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
