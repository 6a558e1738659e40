const MOST = 5;

/**
 * @typedef {object} Recent what was chosen in the palette
 * @property {string} id
 * @property {string} name
 * @property {string} [href] where it goes; an action has none
 * @property {string} [icon]
 */

/** What was chosen last, newest first. Kept for the tab alone, and gone with the session. */
export class Recents {
  #key;
  #storage;

  /** @param {string} key whose, and of which workspace @param {() => Storage} storage */
  constructor(key, storage) {
    this.#key = key;
    this.#storage = storage;
  }

  /** @returns {Recent[]} */
  get all() {
    try {
      const list = JSON.parse(this.#storage().getItem(this.#key) ?? "[]");
      return Array.isArray(list) ? list.filter((each) => typeof each?.id === "string" && typeof each.name === "string") : [];
    } catch {
      return [];
    }
  }

  /** @param {Recent} recent */
  add({ id, name, href, icon }) {
    const list = [{ id, name, href, icon }, ...this.all.filter((each) => each.id !== id)].slice(0, MOST);
    try {
      this.#storage().setItem(this.#key, JSON.stringify(list));
    } catch {
      // Then nothing is recent.
    }
  }
}
