const calm = matchMedia("(prefers-reduced-motion: reduce)");
/** A timer, not an animation frame: those stop in a tab that is not in front, and the text would with them. */
const STEP_MS = 16;
/** The share of what is still hidden that each step shows: quick when much has come, never behind by more than a moment. */
const SHARE = 1 / 10;

/** Lets text grow in a text node as it streams in, a little with each step instead of in the bursts of the network. */
export class Reveal {
  #target = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #then = () => {};

  constructor() {
    this.node = document.createTextNode("");
  }

  /**
   * @param {string} text All of the text so far.
   * @param {() => void} [then] Called once, when all of it shows.
   */
  show(text, then = () => {}) {
    this.#target = text;
    this.#then = then;
    const shown = this.node.data;
    if (calm.matches || document.hidden || !text.startsWith(shown)) this.node.data = text;
    clearTimeout(this.#timer);
    this.#step();
  }

  #step() {
    const from = this.node.data.length;
    if (from >= this.#target.length) return this.#then();
    let to = from + Math.max(1, Math.ceil((this.#target.length - from) * SHARE));
    if (/[\uD800-\uDBFF]/.test(this.#target[to - 1] ?? "")) to += 1;
    this.node.data = this.#target.slice(0, to);
    this.#timer = setTimeout(() => this.#step(), STEP_MS);
  }
}
