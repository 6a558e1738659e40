/** @import {Transcript} from "./transcript.js" */

/** A glance in passing is no reading, and a burst of messages is marked once. */
const GLANCE_MS = 600;

/**
 * @typedef {object} ReadPorts
 * @property {string} userId
 * @property {() => boolean} visible whether somebody sees the opened conversation
 * @property {(id: string, seq: number) => Promise<unknown>} tell
 * @property {{setTimeout: (run: () => void, ms: number) => any, clearTimeout: (timer: any) => void}} clock
 */

/** Tells the server how far the opened conversation was read, while it is seen. */
export class ReadMarks {
  #ports;
  /** @type {Transcript | null} */ #state = null;
  /** @type {any} */ #timer;
  /** What was told in this tab, by conversation. @type {Map<string, number>} */ #told = new Map();

  /** @param {ReadPorts} ports */
  constructor(ports) {
    this.#ports = ports;
  }

  /** This is opened now, or changed. @param {Transcript | null} state */
  look(state) {
    if (state?.id !== this.#state?.id) this.#cancel();
    this.#state = state;
    if (state && this.#timer === undefined && this.#ports.visible() && this.#isUnread(state))
      this.#timer = this.#ports.clock.setTimeout(() => this.#mark(), GLANCE_MS);
  }

  #cancel() {
    this.#ports.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #mark() {
    const state = this.#state;
    this.#cancel();
    if (!state || !this.#ports.visible() || !this.#isUnread(state)) return;
    const { id, top } = state;
    this.#told.set(id, top);
    // What was not noted is told again with the next message, or when it is opened again.
    this.#ports.tell(id, top).catch(() => this.#told.delete(id));
  }

  /** @param {Transcript} state */
  #isUnread({ id, row, entries }) {
    const newest = entries.filter(({ role }) => role === "user").at(-1)?.seq ?? row.last_user_seq ?? 0;
    return newest > Math.max(row.seen?.[this.#ports.userId] ?? 0, this.#told.get(id) ?? 0);
  }
}
