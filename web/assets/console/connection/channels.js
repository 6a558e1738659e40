/** @import {Frame} from "../types.js" */
import { browserClock } from "../../shared/browser_clock.js";
import { Connection } from "../../shared/connection.js";

const WORKSPACE = "workspace";

/**
 * @typedef {object} Subscription
 * @property {(frame: Frame) => void} onFrame
 * @property {() => number} [after] the last seq we have, for a channel that has a log
 */

/** The operator's socket: channels that are subscribed again, from where they were, whenever the connection comes back. */
export class Channels {
  /** @type {Map<string, Subscription>} */ #subscriptions = new Map();
  /** @type {Set<(frame: Frame) => void>} */ #watchers = new Set();
  /** Told when the connection is lost, or ended. @type {() => void} */ lost = () => {};
  #connection;

  /** @param {(state: "connecting" | "live" | "lost" | "ended", code?: number) => void} onState */
  constructor(onState) {
    this.#connection = new Connection({
      url: `${location.origin.replace(/^http/, "ws")}/ws/operator`,
      hello: () => ({ type: "subscribe", channel: WORKSPACE, ref: WORKSPACE }),
      ready: "subscribed",
      onframe: (frame) => this.#receive(frame),
      onstate: (state, code) => {
        if (state === "live") this.#resumeAll();
        if (state === "lost" || state === "ended") this.lost();
        onState(state, code);
      },
      clock: browserClock,
    });
  }

  open() {
    addEventListener("online", () => this.#connection.wake());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#connection.wake());
    this.#connection.start();
  }

  /** @param {string} channel @param {Subscription} subscription */
  subscribe(channel, subscription) {
    this.#subscriptions.set(channel, subscription);
    this.resume(channel);
  }

  /** Told every frame of the workspace, which every connection is subscribed to. @param {(frame: Frame) => void} onFrame */
  watch(onFrame) {
    this.#watchers.add(onFrame);
  }

  /** @param {string} channel */
  unsubscribe(channel) {
    if (this.#subscriptions.delete(channel)) this.send({ type: "unsubscribe", channel });
  }

  /** Ask for what came after what we have. @param {string} channel */
  resume(channel) {
    const after = this.#subscriptions.get(channel)?.after?.();
    this.send({ type: "subscribe", channel, ref: channel, ...(after === undefined ? {} : { after }) });
  }

  /** Lost while there is no connection. @param {Frame} frame */
  send(frame) {
    this.#connection.send(frame);
  }

  /** The first frame of every connection subscribes to the workspace already. */
  #resumeAll() {
    for (const channel of this.#subscriptions.keys()) if (channel !== WORKSPACE) this.resume(channel);
  }

  /** @param {Frame} frame */
  #receive(frame) {
    const channel = frame.channel ?? frame.ref ?? "";
    if (channel === WORKSPACE) for (const watcher of this.#watchers) watcher(frame);
    if (frame.type === "heartbeat") this.#subscriptions.forEach(({ onFrame }) => onFrame(frame));
    else this.#subscriptions.get(channel)?.onFrame(frame);
  }
}
