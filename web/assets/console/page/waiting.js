/** @import {Frame} from "../types.js" */

const AGAIN_MS = 10_000;
/** A restart of the server is over by then, and nothing has flickered. */
const OLD_AFTER_MS = 5_000;

/**
 * Who waits for a person, in the whole workspace: which conversations, so that each change counts once.
 *
 * Begins with what the page brought, follows the workspace's channel, and reads the list again whenever a connection
 * is made: what changes while that is read is newer than its answer. While there is no connection, and until a reading
 * that failed has been made up for, the count is old.
 */
export class Waiting {
  #ids;
  #read;
  #onChange;
  #clock;
  #isOld = false;
  /** Nothing is heard of what changes. */ #isCut = false;
  /** @type {any} */ #again;
  /** @type {any} */ #aging;
  /** What came while the list was read, in order. @type {Array<[id: string, waits: boolean]> | null} */ #meanwhile = null;

  /**
   * @param {readonly string[]} ids
   * @param {{read: () => Promise<readonly string[] | null>, onChange: (count: number, isOld: boolean) => void, clock: {setTimeout: (run: () => void, ms: number) => any, clearTimeout: (timer: any) => void}}} how
   */
  constructor(ids, { read, onChange, clock }) {
    this.#ids = new Set(ids);
    this.#read = read;
    this.#onChange = onChange;
    this.#clock = clock;
    this.#tell();
  }

  get count() {
    return this.#ids.size;
  }

  /** A frame of the workspace's channel. @param {Frame} frame */
  heard(frame) {
    if (frame.type === "subscribed") return this.#connected();
    if (frame.type === "conversation.changed" && frame.conversation) this.#set(frame.conversation.id, frame.conversation.badge.kind === "waiting");
    if (frame.type === "conversation.deleted" && frame.conversation_id) this.#set(frame.conversation_id, false);
    return undefined;
  }

  /** The connection is lost; it comes back with `subscribed`. */
  lost() {
    if (this.#isCut) return;
    this.#isCut = true;
    this.#aging = this.#clock.setTimeout(() => {
      this.#isOld = true;
      this.#tell();
    }, OLD_AFTER_MS);
  }

  #connected() {
    this.#isCut = false;
    this.#clock.clearTimeout(this.#aging);
    return this.#readAgain();
  }

  async #readAgain() {
    this.#clock.clearTimeout(this.#again);
    const came = (this.#meanwhile = /** @type {Array<[string, boolean]>} */ ([]));
    const ids = await this.#read();
    if (this.#meanwhile !== came) return;
    this.#meanwhile = null;
    this.#isOld = !ids || this.#isCut;
    if (ids) this.#ids = new Set(ids);
    else this.#again = this.#clock.setTimeout(() => void this.#readAgain(), AGAIN_MS);
    for (const [id, waits] of came) this.#put(id, waits);
    this.#tell();
  }

  #tell() {
    this.#onChange(this.count, this.#isOld);
  }

  /** @param {string} id @param {boolean} waits */
  #set(id, waits) {
    this.#meanwhile?.push([id, waits]);
    if (this.#ids.has(id) === waits) return;
    this.#put(id, waits);
    this.#tell();
  }

  /** @param {string} id @param {boolean} waits */
  #put(id, waits) {
    if (waits) this.#ids.add(id);
    else this.#ids.delete(id);
  }
}
