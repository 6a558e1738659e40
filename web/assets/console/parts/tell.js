import { announce } from "./announce.js";
import { byId, setText } from "./dom.js";

const STAYS_MS = 5_000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Say how something went that shows nothing by itself: to everybody, for a moment. @param {string} text */
export function tell(text) {
  const line = byId("told");
  announce(text);
  setText(line, text);
  line.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => (line.hidden = true), STAYS_MS);
}
