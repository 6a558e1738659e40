/** @import {Row} from "../types.js" */
import { ApiError } from "../connection/api.js";

/**
 * @typedef {object} Change
 * @property {string} id of the conversation
 * @property {string} tag
 * @property {boolean} on
 *
 * @typedef {object} Borne The tags that a conversation has.
 * @property {string[]} tag_ids
 * @property {number} tags_version
 *
 * @typedef {object} PendingTagsOptions
 * @property {(change: Change) => Promise<Borne>} tell gives what it bears now
 * @property {(id: string) => void} answered
 * @property {() => void} changed what is to be shown is another
 */

/**
 * Changes of tags that the server has not answered, kept apart from the rows: whatever row comes meanwhile is shown with
 * them over it. A refusal takes its change off again and leaves why. Those of one conversation are told one after the other.
 *
 * An answer overtakes rows that were made before it: it stands until one comes that is as new, however long that takes.
 */
export class PendingTags {
  /** @type {readonly Change[]} */ #changes = [];
  /** @type {Map<string, Borne>} */ #answers = new Map();
  /** @type {Map<string, string>} */ #wrong = new Map();
  /** @type {Map<string, Promise<unknown>>} */ #last = new Map();
  #options;

  /** @param {PendingTagsOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** A row with the newest tags that the server has told of. @param {Row} row @returns {Row} */
  newest(row) {
    const answer = this.#answers.get(row.id);
    return answer && isNewer(answer, row) ? { ...row, ...answer } : row;
  }

  /** The ids of the tags that a conversation is shown with. @param {Row} row @returns {readonly string[]} */
  over(row) {
    return this.#changes.filter(({ id }) => id === row.id).reduce(withChange, this.newest(row).tag_ids ?? []);
  }

  /** Why its last change was refused; empty when it was not. @param {string} id */
  wrong(id) {
    return this.#wrong.get(id) ?? "";
  }

  /** Gives why it was refused, or nothing. @param {Change} change @returns {Promise<string>} */
  async put(change) {
    const { id } = change;
    this.#wrong.delete(id);
    this.#changes = [...this.#changes, change];
    this.#options.changed();
    const turn = (this.#last.get(id) ?? Promise.resolve()).then(() => this.#tell(change));
    const over = turn.then(() => {}, () => {}).finally(() => this.#last.get(id) === over && this.#last.delete(id));
    this.#last.set(id, over);
    return turn;
  }

  /** @param {Change} change @returns {Promise<string>} */
  async #tell(change) {
    const { id } = change;
    let refused = "";
    try {
      const { tag_ids, tags_version } = await this.#options.tell(change);
      this.#answers.set(id, { tag_ids, tags_version });
      this.#options.answered(id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refused = `The tag was not changed. ${error.message}`;
      this.#wrong.set(id, refused);
    } finally {
      this.#changes = this.#changes.filter((each) => each !== change);
      this.#options.changed();
    }
    return refused;
  }
}

/** @param {{tags_version?: number}} one @param {{tags_version?: number}} other */
const isNewer = (one, other) => (one.tags_version ?? 0) > (other.tags_version ?? 0);

/** @param {readonly string[]} ids @param {Change} change */
const withChange = (ids, { tag, on }) => (on === ids.includes(tag) ? ids : on ? [...ids, tag] : ids.filter((each) => each !== tag));
