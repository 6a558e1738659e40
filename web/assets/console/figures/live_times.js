import { readerLocale } from "../../shared/reader_locale.js";
import { setText } from "../parts/dom.js";
import { ServerClock } from "./server_clock.js";
import { ago, clock, clockIn, dayName, exact, lasting } from "./times.js";

const EVERY_MS = 10_000;
const FORMATS = { ago, clock, lasting, day: dayName };
/** A `Date` header has no parts of a second, and an answer takes a moment. */
const HEADER_MS = 1_500;

/** A wrong clock here must not make a visitor wait for three hours. */
const server = new ServerClock();

/** Keep every `<time>` of the page right: as time passes, after the computer slept or its clock was set. @param {string} serverNow */
export function startTimes(serverNow) {
  server.sync(Date.parse(serverNow));
  setInterval(refresh, EVERY_MS);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void refresh());
  addEventListener("pageshow", () => void refresh());
}

/** Show an instant, and keep it right. @param {Element} element a `<time>` @param {string} instant @param {keyof FORMATS} as */
export function setTime(element, instant, as) {
  const time = /** @type {HTMLTimeElement} */ (element);
  if (time.dateTime !== instant) time.title = exactly(instant);
  time.dateTime = instant;
  time.dataset.as = as;
  show(time);
}

/** All of an instant, for hovering. @param {string} instant */
export const exactly = (instant) => exact(instant, locale());

/** Show what time it is where somebody is, and keep it right. @param {Element} element @param {string} zone @returns {boolean} whether there is such a place */
export function setClock(element, zone) {
  const clock = /** @type {HTMLElement} */ (element);
  clock.dataset.zone = zone;
  clock.title = zone;
  showClock(clock);
  return clock.textContent !== "";
}

async function refresh() {
  if (server.jumped) await ask();
  document.querySelectorAll("time[data-as]").forEach((each) => show(/** @type {HTMLTimeElement} */ (each)));
  document.querySelectorAll("[data-zone]").forEach((each) => showClock(/** @type {HTMLElement} */ (each)));
}

/** What time it is there; without an answer ours goes on, and the next tick asks again. */
async function ask() {
  const answer = await fetch("/healthz", { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer) server.sync(Date.parse(answer.headers.get("Date") ?? ""), HEADER_MS);
}

/** @param {HTMLElement} clock */
const showClock = (clock) => setText(clock, clock.dataset.zone ? clockIn(clock.dataset.zone, server.now(), locale()) : "");

/** @param {HTMLTimeElement} time */
const show = (time) => setText(time, FORMATS[/** @type {keyof FORMATS} */ (time.dataset.as)](time.dateTime, server.now(), locale()));

let known = "";
/** Of this reader, who keeps it as long as the page. */
const locale = () => (known ||= readerLocale(document.documentElement.lang, navigator.languages));
