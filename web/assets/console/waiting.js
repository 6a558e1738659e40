/** @import {Frame, Row} from "./types.js" */

/**
 * Who waits for a person, in the whole workspace: which conversations, so that each change counts once.
 *
 * Begins with what the page brought, follows the workspace's channel, and reads the list again whenever a connection
 * is made: what changes while that is read is newer than its answer.
 */
export class Waiting {
  #ids;
  #read;
  #onChange;
  /** What came while the list was read, in order. @type {Array<[id: string, waits: boolean]> | null} */ #meanwhile = null;

  /** @param {readonly string[]} ids @param {{read: () => Promise<readonly string[] | null>, onChange: (count: number) => void}} how */
  constructor(ids, { read, onChange }) {
    this.#ids = new Set(ids);
    this.#read = read;
    this.#onChange = onChange;
    onChange(this.count);
  }

  get count() {
    return this.#ids.size;
  }

  /** A frame of the workspace's channel. @param {Frame} frame */
  heard(frame) {
    if (frame.type === "subscribed") return this.#readAgain();
    if (frame.type === "conversation.changed" && frame.conversation) this.#set(frame.conversation.id, frame.conversation.badge.kind === "waiting");
    if (frame.type === "conversation.deleted" && frame.conversation_id) this.#set(frame.conversation_id, false);
    return undefined;
  }

  async #readAgain() {
    const came = (this.#meanwhile = /** @type {Array<[string, boolean]>} */ ([]));
    const ids = await this.#read();
    if (this.#meanwhile !== came) return;
    this.#meanwhile = null;
    if (!ids) return;
    this.#ids = new Set(ids);
    for (const [id, waits] of came) this.#put(id, waits);
    this.#onChange(this.count);
  }

  /** @param {string} id @param {boolean} waits */
  #set(id, waits) {
    this.#meanwhile?.push([id, waits]);
    if (this.#ids.has(id) === waits) return;
    this.#put(id, waits);
    this.#onChange(this.count);
  }

  /** @param {string} id @param {boolean} waits */
  #put(id, waits) {
    if (waits) this.#ids.add(id);
    else this.#ids.delete(id);
  }
}
