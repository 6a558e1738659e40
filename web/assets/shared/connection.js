import { backoff } from "./backoff.js";

const PING_MS = 20_000;
const SILENCE_MS = 33_000;

/** Reconnecting would not help: not signed in, or no such widget. */
const FINAL_CODES = [4003, 4004];
const TOO_MANY = 4029;

/**
 * @typedef {"connecting" | "open" | "waiting" | "stopped"} ConnectionState
 * @typedef {object} ConnectionOptions
 * @property {string} url
 * @property {() => void} onOpen say hello, subscribe
 * @property {(frame: any) => void} onFrame one parsed frame
 * @property {(state: ConnectionState, code: number) => void} [onState] `code` is the close code that led here, or 0
 */

/** One WebSocket that comes back: one retry timer, pings both ways, silence noticed. It knows nothing of the frames it carries. */
export class Connection {
  /** @type {ConnectionOptions} */ #options;
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {ConnectionState} */ #state = "stopped";
  #attempt = 0;
  #lastCode = 0;
  #heardAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #retry;
  /** @type {ReturnType<typeof setInterval> | undefined} */ #beat;

  /** @param {ConnectionOptions} options */
  constructor(options) {
    this.#options = options;
  }

  get state() {
    return this.#state;
  }

  open() {
    if (this.#state !== "stopped") return;
    addEventListener("online", this.#hurry);
    document.addEventListener("visibilitychange", this.#hurry);
    this.#connect();
  }

  close() {
    removeEventListener("online", this.#hurry);
    document.removeEventListener("visibilitychange", this.#hurry);
    this.#drop(1000);
    this.#set("stopped", 0);
  }

  /** Whether it went out. @param {object} frame */
  send(frame) {
    if (this.#state !== "open") return false;
    this.#socket?.send(JSON.stringify(frame));
    return true;
  }

  #connect() {
    this.#set("connecting", this.#lastCode);
    const socket = new WebSocket(this.#options.url);
    this.#socket = socket;
    this.#heardAt = Date.now();
    this.#beat = setInterval(() => this.#check(), PING_MS / 4);
    socket.onopen = () => {
      this.#set("open", 0);
      this.#options.onOpen();
    };
    socket.onmessage = ({ data }) => this.#heard(data);
    socket.onclose = ({ code, reason }) => socket === this.#socket && this.#lost(code, reason);
  }

  /** @param {string} data */
  #heard(data) {
    this.#heardAt = Date.now();
    this.#attempt = 0;
    this.#options.onFrame(JSON.parse(data));
  }

  #pingedAt = 0;

  #check() {
    const now = Date.now();
    if (now - this.#heardAt > SILENCE_MS) {
      this.#drop(1000);
      this.#lost(0, "");
    } else if (now - this.#pingedAt >= PING_MS && this.send({ type: "ping" })) this.#pingedAt = now;
  }

  /** @param {number} code @param {string} reason */
  #lost(code, reason) {
    this.#drop(1000);
    this.#lastCode = code;
    if (FINAL_CODES.includes(code)) {
      this.close();
      this.#options.onState?.("stopped", code);
      return;
    }
    this.#retry = setTimeout(() => this.#connect(), backoff(this.#attempt, { code, reason }));
    this.#attempt += 1;
    this.#set("waiting", code);
  }

  /** Back from a tunnel or from sleep: do not sit out the wait. */
  #hurry = () => {
    if (document.visibilityState === "hidden") return;
    if (this.#state === "open") this.#check();
    else if (this.#state === "waiting" && this.#lastCode !== TOO_MANY) {
      this.#drop(1000);
      this.#connect();
    }
  };

  /** @param {number} code */
  #drop(code) {
    clearTimeout(this.#retry);
    clearInterval(this.#beat);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(code);
  }

  /** @param {ConnectionState} state @param {number} code */
  #set(state, code) {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState?.(state, code);
  }
}
