/** Characters a second: faster than anybody reads, slow enough to be seen growing. */
const STEADY = 120;
/** However much has come, all of it shows within this. */
const WITHIN_MS = 1_200;

/** What belongs to the character before it: half of a pair, accents, and what emoji are joined with. */
const continues = /^(?:[\udc00-\udfff]|[\p{M}\u200d\ufe0f]|\p{EMod})/u;

/**
 * How far a text that arrives in bursts is shown: at one speed, which rises when more comes than it can show in a moment and stays until
 * everything shows. Pure: times are told, in ms.
 */
export class Pace {
  #from = 0;
  #since = 0;
  #speed = 0;
  #length = 0;

  /**
   * More of the text is here.
   *
   * @param {number} shown How many of its characters show.
   * @param {number} length How many there are.
   * @param {number} now
   */
  arrived(shown, length, now) {
    const kept = shown < this.#length ? this.#speed : 0;
    this.#from = Math.max(shown, Math.min(this.#reached(now), this.#length));
    this.#speed = Math.max(STEADY / 1_000, kept, (length - this.#from) / WITHIN_MS);
    this.#since = now;
    this.#length = length;
  }

  /**
   * How many characters of `text` show at this time; no character is cut.
   *
   * @param {string} text
   * @param {number} now
   */
  reach(text, now) {
    let to = Math.min(text.length, Math.floor(this.#reached(now)));
    while (to < text.length && (continues.test(text.slice(to, to + 2)) || text[to - 1] === "\u200d")) to += 1;
    return to;
  }

  /** @param {number} now */
  #reached(now) {
    return this.#from + this.#speed * (now - this.#since);
  }
}
