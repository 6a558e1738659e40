const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * How long ago, short: "now", "4 min", "3 h" under a day; then the weekday, then the date.
 *
 * @param {string} instant RFC 3339
 * @param {number} now_ms
 * @param {string} [locale] the browser's when left out
 */
export function ago(instant, now_ms, locale) {
  const at = new Date(instant);
  const age = now_ms - at.getTime();
  if (Number.isNaN(age)) return "";
  if (age < MINUTE_MS) return "now";
  if (age < HOUR_MS) return unit(Math.floor(age / MINUTE_MS), "minute", locale);
  if (age < DAY_MS) return unit(Math.floor(age / HOUR_MS), "hour", locale);
  if (age < 6 * DAY_MS) return new Intl.DateTimeFormat(locale, { weekday: "short" }).format(at);
  return day(at, now_ms, locale);
}

/** How long something lasts, in words: "a moment", "4 min", "3 h", "2 days". @param {string} since @param {number} now_ms @param {string} [locale] */
export function lasting(since, now_ms, locale) {
  const age = Math.max(0, now_ms - Date.parse(since));
  if (age < MINUTE_MS) return "a moment";
  if (age < HOUR_MS) return unit(Math.floor(age / MINUTE_MS), "minute", locale);
  if (age < DAY_MS) return unit(Math.floor(age / HOUR_MS), "hour", locale);
  return unit(Math.floor(age / DAY_MS), "day", locale, "long");
}

/** The time of day; with its date when that is another day. @param {string} instant @param {number} now_ms @param {string} [locale] */
export function clock(instant, now_ms, locale) {
  const at = new Date(instant);
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "short" }).format(at);
  return sameDay(at, new Date(now_ms)) ? time : `${day(at, now_ms, locale)}, ${time}`;
}

/**
 * What time it is somewhere: "14:05 in Berlin", with the weekday where that is another one than here. Nothing for a
 * place that this browser does not know.
 *
 * @param {string} zone such as "Europe/Berlin" @param {number} now_ms @param {string} [locale]
 */
export function clockIn(zone, now_ms, locale) {
  const at = new Date(now_ms);
  const weekday = (/** @type {string | undefined} */ timeZone) => new Intl.DateTimeFormat(locale, { weekday: "short", timeZone }).format(at);
  try {
    const time = new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone: zone }).format(at);
    const [there, here] = [weekday(zone), weekday(undefined)];
    const place = zone.split("/").at(-1)?.replaceAll("_", " ");
    return `${there === here ? "" : `${there} `}${time} in ${place}`;
  } catch {
    return "";
  }
}

/** For hovering: all of it. @param {string} instant @param {string} [locale] */
export const exact = (instant, locale) =>
  new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" }).format(new Date(instant));

/** The heading over a day's messages: "Today", "Yesterday" or its date. @param {string} instant @param {number} now_ms @param {string} [locale] */
export function dayName(instant, now_ms, locale) {
  const at = new Date(instant);
  const today = new Date(now_ms);
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  if (sameDay(at, today)) return capital(words.format(0, "day"));
  if (sameDay(at, yesterday)) return capital(words.format(-1, "day"));
  return new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", ...yearOf(at, today) }).format(at);
}

/** @param {Date} a @param {Date} b */
export const sameDay = (a, b) => a.toDateString() === b.toDateString();

/** British English has "mins" and "hrs" even when it is short. @param {number} value @param {string} name @param {string} [locale] @param {"short" | "long"} [width] */
const unit = (value, name, locale, width = "short") =>
  new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: width }).format(value).replace(/\bhrs?\b/, "h").replace(/\bmins\b/, "min");

/** @param {Date} at @param {number} now_ms @param {string} [locale] */
const day = (at, now_ms, locale) =>
  new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", ...yearOf(at, new Date(now_ms)) }).format(at);

/** @param {Date} at @param {Date} today @returns {{year?: "numeric"}} */
const yearOf = (at, today) => (at.getFullYear() === today.getFullYear() ? {} : { year: "numeric" });

/** @param {string} text */
const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1);
