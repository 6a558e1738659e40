/** @import {Entry, Pending, Row} from "./types.js" */
/** @import {Transcript} from "./transcript.js" */
import { ApiError, api } from "./api.js";
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
    this.#events.change(id, sending);
    this.#queue = this.#queue.then(() => this.#post(id, sending));
  }

  /** What a reload interrupted is there again, to be sent or discarded. @param {Transcript} state */
  restore(state) {
    const left = drafts(state.id).unsent();
    return left.reduce((next, each) => setPending(next, { ...each, state: "failed", error: "Not sent before the page was left." }), state);
  }

  /** @param {string} id @param {Pending} pending */
  async #post(id, pending) {
    const { client_id, text } = pending;
    try {
      const answer = await api("POST", `/app/conversations/${encodeURIComponent(id)}/reply`, { body: { text, client_id } });
      this.#events.change(id, { ...pending, state: "sent" });
      if (answer.conversation) this.#events.row(answer.conversation);
    } catch (error) {
      const refusal = error instanceof ApiError ? error : new ApiError(0, {});
      if (refusal.status !== 409) return this.#events.change(id, { ...pending, state: "failed", error: `Couldn't send. ${refusal.message}` });
      this.#events.drop(id, client_id);
      this.#events.refused(id, text, refusal);
    }
  }
}

/** `crypto.randomUUID` exists on https only. */
const newId = () => `o-${Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
