/** @import { Clock, Frame } from "./types.js" */

/** The server lets typing lapse after 6 s, so it is renewed well before, and ended by hand when the keys rest. */
const RENEW_MS = 3_000;
const REST_MS = 4_000;

/** Tells the server that somebody types, no more often than it wants to know. */
export class Typing {
  #sentAt = -Infinity;
  #on = false;
  /** @type {any} */ #rest;

  /**
   * @param {(frame: Frame) => void} send
   * @param {Clock} clock
   */
  constructor(send, clock) {
    this.send = send;
    this.clock = clock;
  }

  /** A key was pressed that left text behind. */
  input() {
    this.clock.clearTimeout(this.#rest);
    this.#rest = this.clock.setTimeout(() => this.stop(), REST_MS);
    if (this.#on && this.clock.now() - this.#sentAt < RENEW_MS) return;
    this.#on = true;
    this.#sentAt = this.clock.now();
    this.send({ type: "typing", on: true });
  }

  /** The text is gone, or nobody types any more. */
  stop() {
    this.clock.clearTimeout(this.#rest);
    if (this.#on) this.send({ type: "typing", on: false });
    this.#on = false;
  }

  /** The message was sent, which ends the typing on the server as well. */
  sent() {
    this.clock.clearTimeout(this.#rest);
    this.#on = false;
  }
}
