const THEN_MS = 1_200;

/**
 * Tells which action presses mean, one after the other: `g` waits for what follows.
 *
 * @typedef {{id: string} | "wait" | "held" | null} Meaning "wait": the beginning of two presses; "held": the same key still down
 */
export class KeyReader {
  #first = "";
  #at = -Infinity;
  /** The press that did something, until it is let go. */
  #held = "";

  /**
   * @param {string} press @param {ReadonlyMap<string, string>} keys by action @param {{now: number, repeat: boolean, repeats: (id: string) => boolean}} how
   * @returns {Meaning}
   */
  read(press, keys, { now, repeat, repeats }) {
    const first = now - this.#at <= THEN_MS ? this.#first : "";
    this.#first = "";
    const wanted = first ? `${first} ${press}` : press;
    const id = [...keys].find(([, each]) => each === wanted)?.[0];
    if (repeat) return id && repeats(id) ? { id } : this.#held === press ? "held" : null;
    this.#held = "";
    if (!id && !first && [...keys.values()].some((each) => each.startsWith(`${press} `))) {
      this.#first = this.#held = press;
      this.#at = now;
      return "wait";
    }
    if (!id) return null;
    this.#held = press;
    return { id };
  }

  /** A key was let go. */
  release() {
    this.#held = "";
  }
}
