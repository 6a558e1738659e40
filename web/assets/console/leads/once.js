const KEPT = 200;
/** By then every tab sees what one has written to the storage. */
const SETTLES_MS = 10_000;

/**
 * Things that are done once per browser, whichever of its tabs is first.
 *
 * Whoever gets the lock of a thing does it, notes that in the storage, and keeps the lock for a while. The storage alone
 * would not do, nor a lock around it: tabs live in processes of their own, each with a copy of the storage that lags
 * behind what the others write. For the same reason each thing has a key of its own: a list would lose what two tabs add.
 */
export class Once {
  #key;
  #storage;
  #locks;
  #wait;
  /** Where the storage is forbidden: once per tab, then. @type {Set<string>} */ #here = new Set();

  /** @param {{key: string, storage: () => Storage, locks: LockManager | undefined, wait?: (ms: number) => Promise<void>}} options */
  constructor({ key, storage, locks, wait = (ms) => new Promise((done) => setTimeout(done, ms)) }) {
    this.#key = key;
    this.#storage = storage;
    this.#locks = locks;
    this.#wait = wait;
  }

  /** Those of these that nobody has done: they are the caller's to do now. @param {string[]} ids @returns {Promise<string[]>} */
  async claim(ids) {
    const unique = [...new Set(ids)];
    const won = await Promise.all(unique.map((id) => this.#claim(id)));
    this.#prune();
    return unique.filter((_, at) => won[at]);
  }

  /** @param {string} id @returns {boolean | Promise<boolean>} */
  #claim(id) {
    if (this.#isDone(id)) return false;
    const locks = this.#locks;
    if (!locks) return this.#note(id);
    return new Promise((tell) => {
      void locks.request(this.#keyOf(id), { ifAvailable: true }, (lock) => {
        const mine = lock !== null && !this.#isDone(id) && this.#note(id);
        tell(mine);
        return mine ? this.#wait(SETTLES_MS) : undefined;
      });
    });
  }

  /** @param {string} id */
  #keyOf(id) {
    return `${this.#key}:${id}`;
  }

  /** @param {string} id */
  #isDone(id) {
    try {
      return this.#here.has(id) || this.#storage().getItem(this.#keyOf(id)) !== null;
    } catch {
      return false; // forbidden, and not done here
    }
  }

  /** @param {string} id @returns {true} */
  #note(id) {
    try {
      this.#storage().setItem(this.#keyOf(id), String(Date.now()));
    } catch {
      this.#here.add(id); // full or forbidden
    }
    return true;
  }

  /** What was done longest ago is forgotten: nobody asks for it again. */
  #prune() {
    try {
      const storage = this.#storage();
      for (const key of outdated(Object.entries(storage), this.#key)) storage.removeItem(key);
    } catch {
      // As above.
    }
  }
}

/** The keys of things that were done longest ago, beyond those that are kept. Pure. @param {Array<[string, string]>} entries @param {string} key @returns {string[]} */
export const outdated = (entries, key) =>
  entries
    .filter(([each]) => each.startsWith(`${key}:`))
    .sort(([, a], [, b]) => Number(b) - Number(a))
    .slice(KEPT)
    .map(([each]) => each);
