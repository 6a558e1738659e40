import { Pace } from "./pace.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
/** A timer, not an animation frame: those stop in a tab that is not in front, and the text would with them. */
const STEP_MS = 16;

/** Lets a text grow as it streams in, at a steady pace instead of in the bursts of the network. */
export class Reveal {
  /** As much of it as shows. */ text = "";
  #target = "";
  #pace = new Pace();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  #then = () => {};

  /** @param {(text: string) => void} draw */
  constructor(draw) {
    this.draw = draw;
  }

  /**
   * @param {string} text All of the text so far.
   * @param {() => void} [then] Called once, when all of it shows.
   */
  show(text, then = () => {}) {
    this.#target = text;
    this.#then = then;
    if (calm.matches || document.hidden || !text.startsWith(this.text)) this.#reach(text.length);
    this.#pace.arrived(this.text.length, text.length, performance.now());
    clearTimeout(this.#timer);
    this.#step();
  }

  /** No more of it is wanted. */
  stop() {
    clearTimeout(this.#timer);
  }

  #step() {
    if (this.text.length >= this.#target.length) return this.#then();
    const to = this.#pace.reach(this.#target, performance.now());
    if (to > this.text.length) this.#reach(to);
    this.#timer = setTimeout(() => this.#step(), STEP_MS);
  }

  /** @param {number} to */
  #reach(to) {
    this.text = this.#target.slice(0, to);
    this.draw(this.text);
  }
}
