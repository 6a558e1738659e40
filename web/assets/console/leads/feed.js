/** @import {Lead} from "../types.js" */

const EVERY_MS = 30_000;
const AGAIN_MS = 10_000;
const MOST_PAGES = 5;

/**
 * @typedef {object} FeedAnswer
 * @property {Lead[]} leads
 * @property {string} cursor
 * @property {boolean} more
 * @property {number} unread
 *
 * @typedef {object} FeedPorts
 * @property {(after: string | null) => Promise<FeedAnswer>} ask rejects with `status` 422 for a cursor that is not the server's
 * @property {{read: () => string | null, write: (cursor: string) => void}} cursor of this tab alone
 * @property {() => boolean} visible
 * @property {(leads: Lead[]) => void} onLeads oldest first
 * @property {(unread: number) => void} onUnread
 * @property {() => void} onWrong it was not answered: what was told is old. It is asked again soon
 * @property {{setTimeout: (run: () => void, ms: number) => any, clearTimeout: (timer: any) => void}} clock
 */

/** Asks for new leads every 30 s while the page can be seen, and at once when it is seen again. */
export class LeadFeed {
  /** @type {any} */ #timer;
  #asking = false;
  #ports;

  /** @param {FeedPorts} ports */
  constructor(ports) {
    this.#ports = ports;
  }

  /** Now, if somebody looks; else when somebody does. */
  look() {
    this.#ports.clock.clearTimeout(this.#timer);
    if (this.#ports.visible() && !this.#asking) void this.#ask();
  }

  /** Nobody looks any more. */
  pause() {
    this.#ports.clock.clearTimeout(this.#timer);
  }

  async #ask() {
    this.#asking = true;
    const done = await this.#catchUp().then(() => true, () => false);
    this.#asking = false;
    if (!done) this.#ports.onWrong();
    if (this.#ports.visible()) this.#timer = this.#ports.clock.setTimeout(() => this.look(), done ? EVERY_MS : AGAIN_MS);
  }

  async #catchUp() {
    const { cursor, onLeads, onUnread } = this.#ports;
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await this.#answer(cursor.read());
      cursor.write(answer.cursor);
      if (answer.leads.length) onLeads(answer.leads);
      onUnread(answer.unread);
      if (!answer.more) return;
    }
  }

  /** A cursor from before the data was replaced, or of another workspace, is nothing to insist on. @param {string | null} after */
  async #answer(after) {
    try {
      return await this.#ports.ask(after);
    } catch (error) {
      if (!after || /** @type {{status?: number}} */ (error).status !== 422) throw error;
      return this.#ports.ask(null);
    }
  }
}
