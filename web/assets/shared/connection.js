/** @import { Clock, Frame } from "./types.js" */

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
const PING_MS = 20_000;
const SILENCE_MS = 33_000;
/** An answer to the hello, or to a ping after the computer slept, takes no longer than this on a line that works. */
const READY_MS = 10_000;
const WAKE_MS = 5_000;
/** A connection that lived this long was a good one: the next failure begins with a short delay again. */
const STABLE_MS = 10_000;
const TOO_MANY_MS = 60_000;

/** Close codes after which connecting again would meet the same answer. */
const final = new Set([4000, 4003, 4004]);

/**
 * One WebSocket that comes back by itself. There is one timer for coming back, whatever fails and how often.
 *
 * States: `connecting`, `live` (the server answered the first frame), `lost` (a timer runs), `ended` (with the close code).
 */
export class Connection {
  /** @type {WebSocket | null} */ #socket = null;
  #attempt = 0;
  #liveAt = 0;
  #heardAt = 0;
  #patient = false;
  /** @type {any} */ #comeback;
  /** @type {any} */ #pinger;
  /** @type {any} */ #watch;

  /**
   * @param {object} options
   * @param {string} options.url
   * @param {() => Frame} options.hello The first frame, made anew for each connection.
   * @param {string} [options.ready] The type of the frame that answers it.
   * @param {(frame: Frame) => void} options.onframe
   * @param {(state: "connecting" | "live" | "lost" | "ended", code?: number) => void} options.onstate
   * @param {Clock & { WebSocket: typeof WebSocket }} options.clock
   */
  constructor({ url, hello, ready = "ready", onframe, onstate, clock }) {
    this.url = url;
    this.hello = hello;
    this.ready = ready;
    this.onframe = onframe;
    this.onstate = onstate;
    this.clock = clock;
    this.live = false;
  }

  /** Connects, or connects anew from the last position. */
  start() {
    this.#drop();
    this.#patient = false;
    this.onstate("connecting");
    const socket = new this.clock.WebSocket(this.url);
    this.#socket = socket;
    this.#expect(READY_MS);
    socket.onopen = () => socket.send(JSON.stringify(this.hello()));
    socket.onmessage = ({ data }) => this.#heard(data);
    socket.onclose = ({ code, reason }) => this.#closed(code, reason);
  }

  stop() {
    this.#drop();
  }

  /**
   * @param {Frame} frame
   * @returns {boolean} false: there is no connection to send it on.
   */
  send(frame) {
    if (!this.live || this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Something was missed: comes back soon and asks from there. */
  resync() {
    this.#lose(this.#delay());
  }

  /** The network or the page came back: find out now rather than at the next timer. */
  wake() {
    if (this.#comeback && !this.#patient) return this.start();
    if (!this.live) return;
    if (this.clock.now() - this.#heardAt > SILENCE_MS) return this.start();
    this.send({ type: "ping" });
    this.#expect(WAKE_MS);
  }

  /** @param {unknown} data */
  #heard(data) {
    this.#heardAt = this.clock.now();
    this.#expect(this.live ? SILENCE_MS : READY_MS);
    const frame = parse(data);
    if (!frame) return;
    if (frame.type === this.ready && !this.live) {
      this.live = true;
      this.#liveAt = this.clock.now();
      this.#expect(SILENCE_MS);
      this.#ping();
      this.onstate("live");
    }
    this.onframe(frame);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #closed(code, reason) {
    if (final.has(code)) {
      this.#drop();
      return this.onstate("ended", code);
    }
    const asked = code === 4029 ? TOO_MANY_MS : code === 1012 ? Number(/\d+/.exec(reason)?.[0] ?? 0) : 0;
    this.#patient = asked > 0;
    this.#lose(asked ? asked * (1 + this.clock.random() / 2) : this.#delay(), code);
  }

  /** @param {number} delay_ms @param {number} [code] */
  #lose(delay_ms, code) {
    this.#drop();
    this.#comeback = this.clock.setTimeout(() => this.start(), delay_ms);
    this.onstate("lost", code);
  }

  #delay() {
    if (this.#liveAt && this.clock.now() - this.#liveAt > STABLE_MS) this.#attempt = 0;
    this.#liveAt = 0;
    const most = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempt++);
    return most * (0.5 + this.clock.random() / 2);
  }

  /** @param {number} ms How long the server may be silent from now on. */
  #expect(ms) {
    this.clock.clearTimeout(this.#watch);
    this.#watch = this.clock.setTimeout(() => this.#lose(this.#delay()), ms);
  }

  #ping() {
    this.#pinger = this.clock.setTimeout(() => {
      this.send({ type: "ping" });
      this.#ping();
    }, PING_MS);
  }

  #drop() {
    for (const timer of [this.#comeback, this.#pinger, this.#watch]) this.clock.clearTimeout(timer);
    this.#comeback = undefined;
    this.live = false;
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

/**
 * @param {unknown} data
 * @returns {Frame | null}
 */
function parse(data) {
  try {
    const frame = JSON.parse(String(data));
    return typeof frame?.type === "string" ? frame : null;
  } catch {
    return null;
  }
}
