/** @import { Pending } from "./types.js" */

/** A message that could not be sent for a day belongs to a conversation that is over. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/**
 * Messages that the server has not acknowledged, kept so that they survive a reload.
 *
 * Each has an item of its own in the storage, so tabs never overwrite each other's, and a Web Lock: the tab that
 * holds it is the one that sends. A tab that goes away lets go of its locks, and another one adopts what it left.
 * Where there are no locks (plain http) two tabs may send the same; the server knows it by its `client_id`.
 */
export class Outbox {
  /** @type {Map<string, () => void>} */ #held = new Map();

  /**
   * @param {object} options
   * @param {string} options.prefix
   * @param {() => Storage} options.storage May throw: some browsers forbid storage altogether.
   * @param {LockManager | undefined} options.locks
   */
  constructor({ prefix, storage, locks }) {
    this.prefix = prefix;
    this.storage = storage;
    this.locks = locks;
  }

  /** @param {Pending} message */
  add({ client_id, text, created_at }) {
    const key = this.prefix + client_id;
    this.#hold(key, false);
    this.#try((storage) => storage.setItem(key, JSON.stringify({ client_id, text, created_at })));
  }

  /** @param {string} client_id */
  remove(client_id) {
    const key = this.prefix + client_id;
    this.#try((storage) => storage.removeItem(key));
    this.#held.get(key)?.();
    this.#held.delete(key);
  }

  /**
   * Takes over what a closed tab, or this page before its reload, left unsent.
   *
   * @returns {Promise<Pending[]>} Oldest first.
   */
  async adopt() {
    /** @type {Pending[]} */
    const found = [];
    for (const key of this.#keys()) {
      if (!(await this.#hold(key, true))) continue;
      const message = this.#read(key);
      if (message) found.push({ ...message, status: "sending" });
      else this.remove(key.slice(this.prefix.length));
    }
    return found.sort((one, other) => one.created_at - other.created_at);
  }

  /** Lets go of everything, as a page that closes does. */
  release() {
    for (const letGo of this.#held.values()) letGo();
    this.#held.clear();
  }

  #keys() {
    const keys = this.#try((storage) => Object.keys(storage)) ?? [];
    return keys.filter((key) => key.startsWith(this.prefix) && !this.#held.has(key));
  }

  /**
   * @param {string} key
   * @returns {Pending | undefined} undefined: it is gone, too old, or was never ours.
   */
  #read(key) {
    const message = this.#try((storage) => JSON.parse(storage.getItem(key) ?? "null"));
    return typeof message?.text === "string" && Date.now() - message.created_at < KEPT_MS ? message : undefined;
  }

  /**
   * @param {string} key
   * @param {boolean} ifAvailable
   * @returns {Promise<boolean>} Whether this tab is the one to send it.
   */
  #hold(key, ifAvailable) {
    this.#held.set(key, () => {});
    if (!this.locks) return Promise.resolve(true);
    return new Promise((resolve) => {
      const request = this.locks?.request(key, { ifAvailable }, (lock) => {
        resolve(lock !== null);
        if (lock) return new Promise((letGo) => this.#held.has(key) ? this.#held.set(key, () => letGo(null)) : letGo(null));
        this.#held.delete(key);
      });
      request?.catch(() => resolve(true));
    });
  }

  /**
   * @template T
   * @param {(storage: Storage) => T} run
   * @returns {T | undefined}
   */
  #try(run) {
    try {
      return run(this.storage());
    } catch {
      return undefined;
    }
  }
}
