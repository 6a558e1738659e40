/** A difference between two clocks that count the same time: less is how browsers round. */
const JUMP_MS = 2_000;

/**
 * The server's time, told by our clock. That one may be wrong, be set while the page is open, or stand beside a
 * computer that slept: `jumped` says when to ask again.
 */
export class ServerClock {
  #wall;
  #steady;
  #offset_ms = 0;
  #drift_ms = 0;

  /** @param {() => number} wall the clock of the computer, in ms @param {() => number} steady one that nobody sets */
  constructor(wall = Date.now, steady = () => performance.now()) {
    this.#wall = wall;
    this.#steady = steady;
    this.#drift_ms = this.#drift();
  }

  /** @param {number} now_ms what the server says @param {number} [exact_ms] how exactly: what is as good already stays */
  sync(now_ms, exact_ms = 0) {
    if (!Number.isFinite(now_ms)) return;
    const offset = now_ms - this.#wall();
    if (Math.abs(offset - this.#offset_ms) > exact_ms) this.#offset_ms = offset;
    this.#drift_ms = this.#drift();
  }

  now() {
    return this.#wall() + this.#offset_ms;
  }

  /** Whether our clock was set, or the computer slept, since it was last synced. */
  get jumped() {
    return Math.abs(this.#drift() - this.#drift_ms) > JUMP_MS;
  }

  #drift() {
    return this.#wall() - this.#steady();
  }
}
