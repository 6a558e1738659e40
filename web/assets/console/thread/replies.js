/** @import {Entry, Pending, Row} from "../types.js" */
/** @import {Transcript} from "./transcript.js" */
import { ApiError, api } from "../connection/api.js";
import { drafts } from "./drafts.js";
import { setPending } from "./transcript.js";

/**
 * @typedef {object} ReplyEvents
 * @property {(id: string, pending: Pending) => void} change
 * @property {(id: string, clientId: string) => void} drop
 * @property {(row: Row) => void} row
 * @property {(id: string, text: string, error: ApiError) => void} refused somebody else has the conversation
 */

/** Own replies on their way: shown at once, sent in the order written, kept until the server has them. */
export class Replies {
  #events;
  /** @type {Promise<void>} */ #queue = Promise.resolve();
  /** By their `client_id`; also those of a conversation that is not opened any more. @type {Set<string>} */ #onTheirWay = new Set();

  /** @param {ReplyEvents} events */
  constructor(events) {
    this.#events = events;
  }

  /** @param {string} id of the conversation @param {string} text */
  send(id, text) {
    this.retry(id, { client_id: newId(), text, created_at: new Date().toISOString(), state: "pending" });
  }

  /** The same `client_id` again is harmless: the server answers with the first message. @param {string} id @param {Pending} pending */
  retry(id, pending) {
    const sending = { ...pending, state: /** @type {const} */ ("pending"), error: undefined };
    this.#onTheirWay.add(pending.client_id);
    this.#change(id, sending);
    this.#queue = this.#queue.then(() => this.#post(id, sending));
  }

  /** @param {string} id @param {string} clientId */
  discard(id, clientId) {
    drafts(id).forget(clientId);
    this.#events.drop(id, clientId);
  }

  /** What a reload interrupted is there again, to be sent or discarded. @param {Transcript} state */
  restore(state) {
    const failed = { state: /** @type {const} */ ("failed"), error: "Not sent before the page was left." };
    const as = (/** @type {Pending} */ each) => (this.#onTheirWay.has(each.client_id) ? each : { ...each, error: each.error ?? failed.error, state: failed.state });
    const restored = drafts(state.id).unsent().reduce((next, each) => setPending(next, as(each)), state);
    for (const { client_id } of drafts(state.id).unsent()) if (!restored.pending.some((each) => each.client_id === client_id)) drafts(state.id).forget(client_id);
    return restored;
  }

  /** @param {string} id @param {Pending} pending */
  async #post(id, pending) {
    const { client_id, text } = pending;
    try {
      const answer = await api("POST", `/app/conversations/${encodeURIComponent(id)}/reply`, { body: { text, client_id } });
      drafts(id).forget(client_id);
      this.#events.change(id, { ...pending, state: "sent" });
      if (answer.conversation) this.#events.row(answer.conversation);
    } catch (error) {
      this.#failed(id, pending, error instanceof ApiError ? error : new ApiError(0, {}));
    } finally {
      this.#onTheirWay.delete(client_id);
    }
  }

  /** @param {string} id @param {Pending} pending @param {ApiError} error */
  #failed(id, pending, error) {
    if (error.status !== 409) return this.#change(id, { ...pending, state: "failed", error: `Couldn't send. ${error.message}` });
    this.discard(id, pending.client_id);
    this.#events.refused(id, pending.text, error);
  }

  /** @param {string} id @param {Pending} pending */
  #change(id, pending) {
    drafts(id).keep(pending);
    this.#events.change(id, pending);
  }
}

/** `crypto.randomUUID` exists on https only. */
const newId = () => `o-${Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
