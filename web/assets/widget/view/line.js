/** @import { Item } from "../items.js" */
/** @import { Log } from "../types.js" */
import { clockTime, fullTime, say } from "../strings.js";
import { h } from "./h.js";

/**
 * A thin centred line: what happened between the messages, and when.
 *
 * @param {Item} item
 * @param {Log} log
 */
export function lineView({ line = "older", name = "", at }, log) {
  const text =
    line === "older" || line === "removed" ? say(`log.${line}`) : say(`line.${line}`, { name, agent: log.agent.name });
  const when = at ? new Date(at) : null;
  // The whole of it is told to who points at it: a browser's first of each kind of date takes a slow phone 50 ms and more.
  const time = when && h("time", { dir: "auto", datetime: when.toISOString(), onpointerenter: (/** @type {any} */ event) => (event.target.title = fullTime(when)) }, clockTime(when));
  return h("p", { class: `line line-${line}` }, h("bdi", {}, text), time && " · ", time);
}
