import { Pace } from "./pace.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
/** A timer, not an animation frame: those stop in a tab that is not in front, and the text would with them. */
const STEP_MS = 16;

/** Lets text grow in a text node as it streams in, at a steady pace instead of in the bursts of the network. */
export class Reveal {
  #target = "";
  #pace = new Pace();
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
    if (calm.matches || document.hidden || !text.startsWith(this.node.data)) this.node.data = text;
    this.#pace.arrived(this.node.length, text.length, performance.now());
    clearTimeout(this.#timer);
    this.#step();
  }

  /** No more of it is wanted. */
  stop() {
    clearTimeout(this.#timer);
  }

  #step() {
    if (this.node.length >= this.#target.length) return this.#then();
    const to = this.#pace.reach(this.#target, performance.now());
    if (to > this.node.length) this.node.appendData(this.#target.slice(this.node.length, to));
    this.#timer = setTimeout(() => this.#step(), STEP_MS);
  }
}
