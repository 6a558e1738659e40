import { setText } from "./dom.js";
import { ago, clock, dayName, exact, lasting } from "./times.js";

const EVERY_MS = 10_000;
const FORMATS = { ago, clock, lasting, day: dayName };

/** The server's clock minus ours: a wrong clock here must not make a visitor wait for three hours. */
let offset_ms = 0;

/** @param {string} serverNow */
export function startTimes(serverNow) {
  offset_ms = (Date.parse(serverNow) || Date.now()) - Date.now();
  setInterval(() => document.querySelectorAll("time[data-as]").forEach((each) => show(/** @type {HTMLTimeElement} */ (each))), EVERY_MS);
}

/** Show an instant, and keep it right. @param {Element} element a `<time>` @param {string} instant @param {keyof FORMATS} as */
export function setTime(element, instant, as) {
  const time = /** @type {HTMLTimeElement} */ (element);
  if (time.dateTime !== instant) time.title = exact(instant);
  time.dateTime = instant;
  time.dataset.as = as;
  show(time);
}

/** @param {HTMLTimeElement} time */
const show = (time) => setText(time, FORMATS[/** @type {keyof FORMATS} */ (time.dataset.as)](time.dateTime, Date.now() + offset_ms));
