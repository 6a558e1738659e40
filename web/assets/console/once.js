const KEPT = 200;

/**
 * Things that are done once per browser, whichever of its tabs is first.
 *
 * What was done is listed in the storage, which all tabs share; a lock lets one of them look and write at a time.
 */
export class Once {
  #key;
  #storage;
  #locks;
  /** Where the storage is forbidden: once per tab, then. @type {string[]} */ #here = [];

  /** @param {{key: string, storage: () => Storage, locks: LockManager | undefined}} options */
  constructor({ key, storage, locks }) {
    this.#key = key;
    this.#storage = storage;
    this.#locks = locks;
  }

  /** Those of these that nobody has done: they are the caller's to do now. @param {string[]} ids @returns {Promise<string[]>} */
  async claim(ids) {
    const claim = () => {
      const done = this.#read();
      const { list, fresh } = claimed(done, ids);
      if (fresh.length) this.#write(list);
      return fresh;
    };
    return this.#locks ? await this.#locks.request(this.#key, async () => claim()) : claim();
  }

  #read() {
    try {
      const list = JSON.parse(this.#storage().getItem(this.#key) ?? "[]");
      return Array.isArray(list) ? list.map(String) : [];
    } catch {
      return this.#here;
    }
  }

  /** @param {string[]} list */
  #write(list) {
    this.#here = list;
    try {
      this.#storage().setItem(this.#key, JSON.stringify(list));
    } catch {
      // As above.
    }
  }
}

/** The list with what is new in it, the newest of it only. Pure. @param {string[]} done @param {string[]} ids */
export function claimed(done, ids) {
  const known = new Set(done);
  const fresh = [...new Set(ids)].filter((id) => !known.has(id));
  return { list: [...done, ...fresh].slice(-KEPT), fresh };
}
